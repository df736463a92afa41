import {isatty} from 'node:tty'
import type {TerminalWishes} from '../config/terminal.ts'

/** What is known of where the output goes. */
export interface Terminal {
  /** A person sits there, sees the output and can press keys. */
  interactive: boolean
  color: boolean
}

export function detectTerminal(wishes: TerminalWishes): Terminal {
  const showsOutput = isatty(1) && !wishes.plain
  return {interactive: showsOutput && isatty(0), color: showsOutput && !wishes.noColor}
}
