import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {BINARY} from './run-binary.ts'

export interface ServerProcess {
  url: string
  child: ChildProcess
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>
}

export interface ServerProcessOptions {
  /** BMFOTE_HOME, and HOME. */
  home: string
  env?: Record<string, string>
  args?: readonly string[]
  /** A free one by default. */
  port?: number
  binary?: string
}

const START_MS_MAX = 60_000

/** The built binary as a server, on a port of its own, once it answers. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const args = ['server', 'start', '--port', String(options.port ?? 0), ...(options.args ?? [])]
  const env = {PATH: process.env.PATH ?? '', HOME: options.home, BMFOTE_HOME: options.home, ...options.env}
  const child = spawn(options.binary ?? BINARY, args, {env, stdio: ['ignore', 'ignore', 'pipe']})
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000)
  })
  const exited = once(child, 'exit')
  const stateFile = join(options.home, 'run', 'server.json')
  const url = await Promise.race([
    waitForState(stateFile, child),
    exited.then(() => Promise.reject(new Error(`the server ended at once: ${log}`))),
  ])
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return {url, child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM')}
}

async function waitForState(path: string, child: ChildProcess): Promise<string> {
  const deadline = Date.now() + START_MS_MAX
  while (Date.now() < deadline) {
    const state = readState(path)
    if (state?.pid === child.pid && state) return state.url
    await wait(10)
  }
  throw new Error('the server did not say where it listens')
}

function readState(path: string): {pid: number; url: string} | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as {pid: number; url: string}
  } catch {
    return undefined
  }
}
