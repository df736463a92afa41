import {isatty} from 'node:tty'
import {terminalWishes} from '../config/terminal.ts'
import {exists} from '../setup/file-system.ts'
import {withSetupLock} from '../setup/setup-lock.ts'
import type {SetupContext, Tool} from '../setup/tool.ts'
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

  /** What is only looked at, while nobody changes it. A dry run looks on its own: it must do without writing. */
  protected async undisturbed<T>(
    context: SetupContext,
    look: () => Promise<T>,
    {isDryRun}: {isDryRun: boolean},
  ): Promise<T> {
    const isQuiet = isDryRun || !(await exists(context.paths.home, context.fs))
    return isQuiet ? look() : this.alone(context, look)
  }

  /** What writes, while no other bmfote sets up this machine. */
  protected alone<T>(context: SetupContext, work: () => Promise<T>): Promise<T> {
    return withSetupLock(context, work, () =>
      this.say('Another bmfote is setting up this machine: waiting until it has ended.'),
    )
  }
}

/** The tools of these names, in their own order; the argument's choices have seen to it that there are such. */
export function toolsNamed(names: string | readonly string[] | undefined): Tool[] {
  const named = new Set([names ?? []].flat())
  return SETUP_TOOLS.filter(({name}) => named.has(name))
}
