import {isatty} from 'node:tty'
import {safeText} from '../ui/text/safe-text.ts'
import {BaseCommand} from './base-command.ts'

/** A command that says what it found or did: as text, or under `--json` as one document. */
export abstract class ReportCommand extends BaseCommand {
  static override enableJsonFlag = true

  /** Somebody sits there who can be asked. */
  protected get canAsk(): boolean {
    return !this.jsonEnabled() && isatty(0) && isatty(2)
  }

  /** Talk for people: to stderr, and not a word under `--json`. */
  protected say(sentence: string): void {
    if (!this.jsonEnabled()) this.logToStderr(safeText(sentence))
  }
}
