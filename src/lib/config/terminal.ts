import type {Environment} from './environment.ts'

/** What the person's environment wants of a terminal, before anybody looks at the terminal itself. */
export interface TerminalWishes {
  /** https://no-color.org: set to anything but the empty string. */
  noColor: boolean
  /** Nobody is there to press keys, or the terminal can't move its cursor. */
  plain: boolean
}

export function terminalWishes(environment: Environment): TerminalWishes {
  return {
    noColor: Boolean(environment.NO_COLOR),
    plain: environment.TERM === 'dumb' || isTrue(environment.CI),
  }
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}
