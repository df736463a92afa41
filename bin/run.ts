#!/usr/bin/env bun
/**
 * The entry of the binary and of development. What must be quick (hooks, `--version`) is answered before anything
 * heavy is imported: static imports here are start-up time of every hook.
 */
import {argumentsOf} from '../src/lib/cli/invocation.ts'

const argv = argumentsOf(process)
const VERSION_WORDS = ['--version', '-v', '-V', 'version']

if (argv[0] === 'hook') {
  const {runHook} = await import('../src/lib/cli/hook-path.ts')
  await runHook(argv.slice(1))
} else if (VERSION_WORDS.includes(argv[0] ?? '')) {
  const {showVersion} = await import('../src/lib/cli/version.ts')
  showVersion({json: argv.includes('--json')})
} else {
  const {runCli} = await import('../src/lib/cli/run-cli.ts')
  process.exit(await runCli(argv))
}
