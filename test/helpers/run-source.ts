import {fileURLToPath} from 'node:url'
import {type RunOptions, type RunResult, runBinary, startBinary} from './run-binary.ts'

const BUN = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../../bin/run.ts', import.meta.url))

/** The program from source, so that a test sees the change that was just made, built or not. */
export function runSource(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return runBinary([PROGRAM, ...args], {...options, binary: BUN})
}

export function startSource(args: readonly string[], options: RunOptions) {
  return startBinary([PROGRAM, ...args], {...options, binary: BUN})
}
