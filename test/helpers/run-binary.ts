import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TempHome} from './temp-home.ts'

export const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
export const BINARY = join(DIST, 'bmfote')

export interface RunResult {
  stdout: string
  stderr: string
  /** Null when a signal ended it, then `signal` says which. */
  exitCode: number | null
  signal: NodeJS.Signals | null
}

export interface RunOptions {
  home: TempHome
  /** Comes on top of the home's own. */
  env?: Record<string, string>
  stdin?: string
  /** The home by default. */
  cwd?: string
  /** Another copy than dist/bmfote, or dist/bmfote-agent. */
  binary?: string
  /** A program that hangs is ended, and the test told so, rather than the whole run held up. */
  timeoutMs?: number
}

/** Runs the built binary as a person would, and waits for its end. */
export async function runBinary(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const child = startBinary(args, options)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A program that does not read its input closes the pipe before we have written: that is its good right.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin ?? '')
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 20_000)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({stdout, stderr, exitCode, signal})
    })
  })
}

/** Starts the built binary and leaves it running: a server, `bmfote mcp`. The test ends it. */
export function startBinary(
  args: readonly string[],
  {home, env, cwd, binary = BINARY}: RunOptions,
): ChildProcessWithoutNullStreams {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: npm run build`)
  return spawn(binary, args, {cwd: cwd ?? home.path, env: {...home.env, ...env}})
}

/** The one JSON document that `--json` puts on stdout. */
export function readJson(result: RunResult): unknown {
  try {
    return JSON.parse(result.stdout)
  } catch {
    throw new Error(`not one JSON document (exit ${result.exitCode}):\n${result.stdout}\n${result.stderr}`)
  }
}
