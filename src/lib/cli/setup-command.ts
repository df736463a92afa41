import {isatty} from 'node:tty'
import {terminalWishes} from '../config/terminal.ts'
import type {Tool} from '../setup/tool.ts'
import {SETUP_TOOLS} from '../setup/tools/index.ts'
import {detectTerminal} from '../ui/terminal.ts'
import {safeText} from '../ui/text/safe-text.ts'
import {BaseCommand} from './base-command.ts'

export const TOOL_NAMES = SETUP_TOOLS.map(({name}) => name)

/** What the commands around setup have in common. */
export abstract class SetupCommand extends BaseCommand {
  static override enableJsonFlag = true

  protected get style(): {color: boolean} {
    return {color: detectTerminal(terminalWishes(this.environment)).color}
  }

  /** Somebody sits there who can be asked. */
  protected get canAsk(): boolean {
    return !this.jsonEnabled() && isatty(0) && isatty(2)
  }

  /** Talk for people: to stderr, and not a word under `--json`. */
  protected say(sentence: string): void {
    if (!this.jsonEnabled()) this.logToStderr(safeText(sentence))
  }
}

/** The tools of these names, in their own order; the argument's choices have seen to it that there are such. */
export function toolsNamed(names: string | readonly string[] | undefined): Tool[] {
  const named = new Set([names ?? []].flat())
  return SETUP_TOOLS.filter(({name}) => named.has(name))
}
