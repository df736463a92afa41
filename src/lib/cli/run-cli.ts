import type {Config} from '@oclif/core/config'
import {EXIT_CODES} from './exit-codes.ts'
import {findCommand} from './find-command.ts'
import {loadConfig} from './load-config.ts'
import {finishStdout, watchStdout} from './output.ts'
import {reportFailure} from './report-failure.ts'

const HELP_FLAGS = new Set(['--help', '-h'])

/** Runs one command line and gives the exit code. A command is over when its `run()` is. */
export async function runCli(argv: string[]): Promise<number> {
  const json = beforeDashes(argv).includes('--json')
  watchStdout({json})
  const endWithReport = (error: unknown) => process.exit(reportFailure(error, {json}))
  process.on('uncaughtException', endWithReport)
  process.on('unhandledRejection', endWithReport)
  let exitCode: number
  try {
    await dispatch(argv)
    exitCode = Number(process.exitCode ?? EXIT_CODES.done)
  } catch (error) {
    exitCode = reportFailure(error, {json})
  }
  await finishStdout()
  return exitCode
}

async function dispatch(argv: string[]): Promise<void> {
  const config = await loadConfig()
  if (argv.length === 0) {
    const {showStartPage} = await import('./start-page.ts')
    return showStartPage()
  }
  const topicOrNothing = wordsToExplain(argv)
  if (topicOrNothing !== undefined) return explain(config, topicOrNothing)
  const found = findCommand(config, argv)
  if (found.kind === 'topic') return explain(config, found.id.split(':'))
  await config.runCommand(found.id, found.argv)
}

/** `help server`, `server --help`, `--help`: the words that help is wanted for, undefined when it is not. */
function wordsToExplain(argv: string[]): string[] | undefined {
  const words = beforeDashes(argv)
  const asked = words[0] === 'help' || words.some((word) => HELP_FLAGS.has(word))
  if (!asked) return undefined
  const named = words.filter((word) => !word.startsWith('-'))
  return named[0] === 'help' ? named.slice(1) : named
}

async function explain(config: Config, words: string[]): Promise<void> {
  const {showHelp} = await import('./help.ts')
  await showHelp(config, words)
}

function beforeDashes(argv: string[]): string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}
