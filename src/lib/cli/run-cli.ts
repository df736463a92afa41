import {Config} from '@oclif/core/config'
import {flush} from '@oclif/core/flush'
import {EmbeddedPlugin} from './embedded-plugin.ts'
import {EXIT_CODES} from './exit-codes.ts'
import {findCommand} from './find-command.ts'
import {reportFailure} from './report-failure.ts'

const HELP_FLAGS = new Set(['--help', '-h'])

/** Runs one command line and gives the exit code. */
export async function runCli(argv: string[]): Promise<number> {
  try {
    await dispatch(argv)
    await flush()
    return Number(process.exitCode ?? EXIT_CODES.done)
  } catch (error) {
    return reportFailure(error, {json: beforeDashes(argv).includes('--json')})
  }
}

async function dispatch(argv: string[]): Promise<void> {
  const config = await loadConfig()
  const asksForHelp = argv[0] === 'help' || beforeDashes(argv).some((word) => HELP_FLAGS.has(word))
  if (asksForHelp || argv.length === 0) {
    const {showHelp} = await import('./help.ts')
    const words = argv.filter((word) => !HELP_FLAGS.has(word))
    await showHelp(config, argv.length === 0 ? undefined : words[0] === 'help' ? words.slice(1) : words)
    return
  }
  const found = findCommand(config, argv)
  if (found.kind === 'topic') {
    const {showHelp} = await import('./help.ts')
    await showHelp(config, found.id.split(':'))
    return
  }
  await config.runCommand(found.id, found.argv)
}

async function loadConfig(): Promise<Config> {
  const plugin = new EmbeddedPlugin(import.meta.dirname)
  return Config.load({root: plugin.root, pjson: plugin.pjson, plugins: new Map([[plugin.name, plugin]])})
}

function beforeDashes(argv: string[]): string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}
