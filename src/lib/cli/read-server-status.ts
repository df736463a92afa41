import type {ServerStatusBody} from '../client/protocol.ts'
import type {Paths} from '../config/environment.ts'
import {readRunningServer} from './running-server.ts'

export interface ServerReport {
  /** It answers, its database answers, and it takes the token. */
  isWell: boolean
  /** Where it was looked for; undefined: nowhere was named, and none runs on this machine. */
  url?: string
  version?: string
  /** What is wrong, a sentence, and what to do. */
  trouble?: string
  next?: string
  /** What only those with the token are told; a server of an older version tells nothing. */
  details?: ServerStatusBody
}

export interface ServerStatusOptions {
  /** The server that is named; else the one that runs on this machine. */
  url?: string
  token?: string
  paths: Paths
  fetch?: typeof fetch
}

/** The database of a server far away may take its time; whoever watches must not hang. */
const ANSWER_MS_MAX = 10_000

/** Never throws for what a server does or does not do: that is what is asked. */
export async function readServerStatus(options: ServerStatusOptions): Promise<ServerReport> {
  const url = options.url ?? (await readRunningServer(options.paths))?.url
  if (url === undefined) {
    return {
      isWell: false,
      trouble: 'No server runs on this machine from this BMFOTE_HOME.',
      next: 'Start one with bmfote server start, or name one in BMFOTE_URL.',
    }
  }
  const ask = asker(url.replace(/\/+$/, ''), options)
  const discovery = await ask('/')
  if (discovery === undefined) {
    return {isWell: false, url, trouble: 'It does not answer.', next: "Look at the server's log."}
  }
  const version = textOf(discovery.body, 'version')
  const health = await ask('/health')
  if (health?.status !== 200) {
    const trouble = textOf(health?.body, 'error') ?? `GET /health answers ${health?.status ?? 'nothing'}.`
    return {isWell: false, url, version, trouble, next: "Look at the server's log."}
  }
  const status = await ask('/api/status')
  if (status?.status === 200) {
    const details = status.body as ServerStatusBody
    return {isWell: true, url, version, details}
  }
  // 0.11.7 and 0.12.0 have no such route; they are up none the less.
  if (status?.status === 404) return {isWell: true, url, version}
  return {isWell: false, url, version, ...refusal(status)}
}

function refusal(answer: Answer | undefined): {trouble: string; next: string} {
  if (answer?.status === 401) {
    return {
      trouble: 'It is up, but does not take the token.',
      next: 'Set BMFOTE_TOKEN to the API_TOKEN of the server.',
    }
  }
  const trouble = textOf(answer?.body, 'error') ?? `GET /api/status answers ${answer?.status ?? 'nothing'}.`
  return {trouble, next: "Look at the server's log."}
}

interface Answer {
  status: number
  body: unknown
}

function asker(url: string, {token, fetch: send = fetch}: ServerStatusOptions) {
  return async (path: string): Promise<Answer | undefined> => {
    // The token goes where it is needed only: what answers may be anybody.
    const headers = path.startsWith('/api/') && token !== undefined ? {authorization: `Bearer ${token}`} : {}
    try {
      const response = await send(url + path, {headers, signal: AbortSignal.timeout(ANSWER_MS_MAX)})
      return {status: response.status, body: await response.json().catch(() => undefined)}
    } catch {
      // Refused, timed out, a broken connection: to the person it is all one.
      return undefined
    }
  }
}

function textOf(body: unknown, name: string): string | undefined {
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
