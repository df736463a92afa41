import {isatty} from 'node:tty'
import {terminalWishes} from '../config/terminal.ts'
import {openProgress, type ProgressBar} from '../ui/progress.ts'
import {EXIT_CODES} from './exit-codes.ts'
import {MemoryCommand, type MemoryContext} from './memory-command.ts'

export interface ImportTools {
  signal: AbortSignal
  progress: ProgressBar
}

/** What imports have in common: a bar while they run, and a way to stop them. */
export abstract class ImportCommand extends MemoryCommand {
  protected async runImport<S extends {interrupted: boolean}>(
    flags: {workspace?: string},
    work: (context: MemoryContext, tools: ImportTools) => Promise<S>,
  ): Promise<{summary: S; place: string}> {
    const progress = this.openProgress()
    try {
      return await this.withMemory(flags, async (context) => {
        const summary = await untilStopped((signal) => work(context, {signal, progress}))
        return {summary, place: context.place}
      })
    } finally {
      progress.clear()
    }
  }

  /** An import that was stopped is not done: scripts are told by the exit code, people by the sentence. */
  protected noteStop({interrupted}: {interrupted: boolean}): void {
    if (!interrupted) return
    this.say('Stopped. The same command goes on from there.')
    process.exitCode = EXIT_CODES.userCanFix
  }

  private openProgress(): ProgressBar {
    const {plain, noColor} = terminalWishes(this.environment)
    const isWatched = isatty(2) && !plain && !this.jsonEnabled()
    return openProgress({output: isWatched ? process.stderr : undefined, color: !noColor})
  }
}

/** Ctrl-C lets the work finish what it has in hand; a second one ends it at once. */
async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
