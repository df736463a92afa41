import {isatty} from 'node:tty'
import type {TerminalWishes} from '../config/terminal.ts'
import type {Clock} from './text/when.ts'

/** What is known of where the output goes. */
export interface Terminal {
  /** A person sits there, sees the output and can press keys. */
  interactive: boolean
  color: boolean
  clock: Clock
}

export function detectTerminal(wishes: TerminalWishes, now = new Date()): Terminal {
  const isSeen = isatty(1)
  const isScreen = isSeen && !wishes.plain
  return {
    interactive: isScreen && isatty(0),
    color: isScreen && !wishes.noColor,
    clock: {now, zone: isSeen ? 'local' : 'utc'},
  }
}
