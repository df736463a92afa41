import {readFileSync, realpathSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Paths} from '../config/environment.ts'
import {BmfoteError} from '../model/errors.ts'

/** What a server writes into `paths.serverState` while it runs. */
interface ServerState {
  pid: number
  url: string
  databasePath: string
  /** Which run of the server; `GET /` of the url says the same word as long as it is this one. */
  instance: string
  /** It wants a token. */
  auth: boolean
}

export interface FindServerOptions {
  paths: Paths
  hasToken: boolean
  fetch?: typeof fetch
}

/** A server on this machine answers within a millisecond or two; whoever takes longer is passed over. */
const ANSWER_TIMEOUT_MS = 500

/**
 * The address of the server that runs on this machine over our own database file, if there is one. The file that
 * tells of it may be left from a crash, its pid and its port may be others' by now: so the pid must live and what
 * answers must be that very run of the server.
 */
export async function findRunningServer(options: FindServerOptions): Promise<string | undefined> {
  const state = readState(options.paths.serverState)
  if (!state || !isAlive(state.pid)) return undefined
  if (realPath(state.databasePath) !== realPath(options.paths.database)) return undefined
  // Without the token its routes are closed to us, but the file is not.
  if (state.auth && !options.hasToken) return undefined
  return (await answers(state, options.fetch ?? fetch)) ? state.url : undefined
}

/** The server that says it runs on this machine from this BMFOTE_HOME, if it does. */
export async function readRunningServer(
  paths: Paths,
): Promise<{pid: number; url: string; databasePath: string} | undefined> {
  const state = readState(paths.serverState)
  return state && isAlive(state.pid) && (await answers(state, fetch)) ? state : undefined
}

/** @throws conflict while a server of this machine serves that very file */
export async function refuseWhileServed(paths: Paths, databasePath: string): Promise<void> {
  const server = await readRunningServer(paths)
  if (!server || realPath(server.databasePath) !== realPath(databasePath)) return
  throw new BmfoteError(
    'conflict',
    `A server for this database runs at ${server.url} (process ${server.pid}).`,
    {
      next: 'Stop it first.',
    },
  )
}

function readState(path: string): ServerState | undefined {
  try {
    const state: Partial<ServerState> | null = JSON.parse(readFileSync(path, 'utf8'))
    const isWhole = Number.isInteger(state?.pid) && state?.url && state.databasePath && state.instance
    return isWhole ? (state as ServerState) : undefined
  } catch (error) {
    const isHalfWritten = error instanceof SyntaxError
    if (isHalfWritten || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function answers({url, instance}: ServerState, fetchFrom: typeof fetch): Promise<boolean> {
  try {
    const response = await fetchFrom(url, {signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS)})
    const discovery: unknown = await response.json()
    return (discovery as {instance?: unknown}).instance === instance
  } catch {
    // Refused, timed out, not HTTP: for whatever reason, it is not our server that answers.
    return false
  }
}

/** The same file by another name (a link, a relative path) is the same file. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
