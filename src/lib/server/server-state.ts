import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

/** What a running server writes down of itself, so that commands on this machine go through it. */
export interface ServerState {
  pid: number
  url: string
  databasePath: string
  /** `GET /` of the url answers the same word as long as it is this very run. */
  instance: string
  /** Whether it wants a token. */
  auth: boolean
}

const ANSWER_MS_MAX = 1_000

/** What is written there, true or left behind by a server that was killed; ask `isRunning`. */
export function readServerState(path: string): ServerState | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return parseState(text)
}

/** Asks the address itself: process ids are used again, and another program may have taken the port. */
export async function isRunning(state: ServerState): Promise<boolean> {
  try {
    const response = await fetch(state.url, {signal: AbortSignal.timeout(ANSWER_MS_MAX)})
    const body = (await response.json()) as {instance?: unknown}
    return body.instance === state.instance
  } catch {
    // Nobody there, somebody else, or too slow to be of use: to the caller it is all one.
    return false
  }
}

/** Whole or not at all, and for the owner's eyes. */
export function writeServerState(path: string, state: ServerState): void {
  const folder = dirname(path)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const temporary = `${path}.${state.pid}`
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, {mode: 0o600})
  renameSync(temporary, path)
}

/** Only what this run wrote: another server may have taken over since. */
export function removeServerState(path: string, instance: string): void {
  if (readServerState(path)?.instance === instance) rmSync(path, {force: true})
}

function parseState(text: string): ServerState | undefined {
  try {
    const state = JSON.parse(text) as Partial<ServerState> | null
    const isWhole = typeof state?.url === 'string' && typeof state.instance === 'string'
    return isWhole ? (state as ServerState) : undefined
  } catch {
    return undefined
  }
}
