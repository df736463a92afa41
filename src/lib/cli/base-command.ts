import {Command, type Interfaces} from '@oclif/core'
import type {Environment} from '../config/environment.ts'
import {processEnvironment} from '../config/process-environment.ts'
import {safeJson} from '../ui/text/safe-text.ts'
import {describeFailure} from './failure.ts'
import {printLine} from './output.ts'
import {usageError} from './usage-error.ts'

/**
 * What every command stands on. A command that reports sets `enableJsonFlag = true` and returns its body from `run()`
 * in the wire's shape (`toWire`), the one its REST twin answers with: `--json` prints exactly that. `this.log` writes
 * to stdout and is silent under `--json`; talk and progress go through `this.logToStderr`.
 *
 * A command throws; how that is said, and the exit code, is decided in one place (run-cli.ts).
 */
export abstract class BaseCommand extends Command {
  protected get environment(): Environment {
    return processEnvironment()
  }

  /** Whatever the parser refuses is the command line's fault, and names the way out. */
  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    try {
      return await super.parse(options, argv)
    } catch (error) {
      throw usageError(error, this.ctor)
    }
  }

  protected override async catch(error: Error): Promise<never> {
    throw error
  }

  /** To stdout, and nothing under `--json`. */
  override log(message = ''): void {
    if (!this.jsonEnabled()) printLine(message)
  }

  /** Talk, to stderr. Bun's own console.error would colour it red, whatever it says. */
  override logToStderr(message = ''): void {
    process.stderr.write(`${message}\n`)
  }

  override logJson(json: unknown): void {
    printLine(safeJson(json, 2))
  }

  protected override toErrorJson(error: unknown): unknown {
    const {sentence, code, next} = describeFailure(error)
    return {error: sentence, code, next}
  }
}
