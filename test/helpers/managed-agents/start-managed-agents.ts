import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import {AGENT_ROUTES} from './agents.ts'
import {ApiError, invalid} from './api-error.ts'
import {type Access, authenticate} from './authenticate.ts'
import {findQueryError, findShapeError} from './check-shape.ts'
import {ENVIRONMENT_ROUTES} from './environments.ts'
import {Faults, type RequestFault} from './faults.ts'
import {newId} from './ids.ts'
import type {LiveSession} from './live-session.ts'
import type {Policy} from './policy.ts'
import type {Context, Route} from './route.ts'
import {scriptedPolicy} from './scripted-policy.ts'
import {EVENT_ROUTES} from './session-events.ts'
import {SESSION_ROUTES} from './sessions.ts'
import {emptyState, type StandInState} from './state.ts'
import {streamEvents} from './stream.ts'
import {CREDENTIAL_ROUTES, VAULT_ROUTES} from './vaults.ts'

export const API_KEY = 'sk-ant-stand-in'
export const API_KEY_WITHOUT_BETA = 'sk-ant-stand-in-without-beta'

const BODY_BYTES_MAX = 32 * 1024 * 1024
const ROUTES: readonly Route[] = [
  ...AGENT_ROUTES,
  ...ENVIRONMENT_ROUTES,
  ...VAULT_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...SESSION_ROUTES,
  ...EVENT_ROUTES,
]

export interface ManagedAgentsOptions {
  port?: number
  /** Keys that are taken; API_KEY by default. */
  keys?: readonly string[]
  /** The most that a page has, so that few objects make many pages. */
  pageSize?: number
  /** What the agent does; the scripted one by default. */
  policy?: Policy
  now?: () => Date
}

export interface RequestRecord {
  id: string
  method: string
  path: string
  query: Record<string, unknown>
  headers: IncomingMessage['headers']
  body: unknown
  /** Undefined while it is under way, and where no answer came. */
  status: number | undefined
}

/** Something that is not as the SDK's types say. */
export interface Violation {
  in: 'request' | 'answer' | 'event'
  shape: string
  problem: string
}

export interface ManagedAgents {
  /** For ANTHROPIC_BASE_URL. */
  url: string
  /** A key that is taken, for ANTHROPIC_API_KEY. */
  key: string
  state: StandInState
  faults: Faults
  requests: RequestRecord[]
  /** Empty, unless somebody broke a schema; tests look at it in the end. */
  violations: Violation[]
  /** Resolves when no session works any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** A Managed Agents server on this machine, whose agents really call the MCP servers that they are wired to. */
export async function startManagedAgents(options: ManagedAgentsOptions = {}): Promise<ManagedAgents> {
  const standIn = new StandIn(options)
  const server = createServer((request, response) => {
    standIn.answer(request, response).catch((error: unknown) => {
      // An error of the stand-in itself: the test that caused it must see it.
      response.destroy(error instanceof Error ? error : undefined)
      throw error
    })
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const {state, faults, requests, violations} = standIn
  const live = () => [...state.sessions.values()]
  const settled = async () => {
    await Promise.all(live().map((session) => session.settled()))
  }
  const close = async () => {
    for (const session of live()) session.stop()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    await settled()
  }
  const url = await listen(server, options.port ?? 0)
  const key = options.keys?.[0] ?? API_KEY
  return {url, key, state, faults, requests, violations, settled, close}
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

class StandIn {
  readonly state = emptyState()
  readonly faults = new Faults()
  readonly requests: RequestRecord[] = []
  readonly violations: Violation[] = []
  readonly #access: Access
  readonly #context: Context

  constructor({
    keys = [API_KEY],
    pageSize,
    policy = scriptedPolicy,
    now = () => new Date(),
  }: ManagedAgentsOptions) {
    this.#access = {keys, keysWithoutBeta: [API_KEY_WITHOUT_BETA]}
    this.#context = {
      state: this.state,
      faults: this.faults,
      policy,
      pageSize,
      now: () => now().toISOString(),
      checkEvent: (event) => this.#check('event', 'StreamEvent', event),
    }
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = startRecord(request)
    this.requests.push(record)
    response.setHeader('request-id', record.id)
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      record.status = status
      response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(body))
    }
    try {
      authenticate(request.headers, this.#access)
      const bytes = await readBody(request)
      const fault = this.faults.takeForRequest(record)
      if (fault && (await spoil(fault, record, response))) return
      const {route, params} = findRoute(record)
      record.body = parseBody(bytes)
      const call = {...this.#context, params, ...this.#checkRequest(route, record)}
      const answer = await route.handle(call as never)
      if (fault?.kind === 'answer_lost') return void response.destroy()
      if (route.answer !== 'stream') {
        this.#check('answer', route.answer, answer)
        return send(200, answer)
      }
      record.status = 200
      streamEvents(answer as LiveSession, response, {faults: this.faults, query: call.query})
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const body = error.toBody(record.id)
      this.#check('answer', 'ApiFailure', body)
      send(error.status, body, error.headers)
    }
  }

  #checkRequest(route: Route, record: RequestRecord): {body: unknown; query: Record<string, unknown>} {
    const {beta: _, ...query} = record.query
    const queryError = findQueryError(route.query, query)
    const body = route.method === 'POST' ? (record.body ?? {}) : {}
    const problem = queryError ?? findShapeError(route.body, body)
    if (problem) {
      this.violations.push({in: 'request', shape: queryError ? route.query : route.body, problem})
      throw invalid(problem)
    }
    return {body, query}
  }

  #check(where: 'answer' | 'event', shape: Parameters<typeof findShapeError>[0], value: unknown): void {
    const problem = findShapeError(shape, value)
    if (problem) this.violations.push({in: where, shape, problem})
  }
}

/** True where the fault has taken the place of the answer. */
async function spoil(fault: RequestFault, record: RequestRecord, response: ServerResponse): Promise<boolean> {
  if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  if (fault.kind === 'garbage') {
    record.status = fault.status ?? 502
    response.writeHead(record.status, {'content-type': 'text/html'}).end('<html><h1>Bad Gateway</h1></html>')
  }
  if (fault.kind === 'answer') {
    const headers = fault.retryAfter === undefined ? undefined : {'retry-after': String(fault.retryAfter)}
    throw new ApiError(fault.status, fault.message ?? `The stand-in was told to answer ${fault.status}.`, {
      headers,
    })
  }
  return fault.kind === 'garbage' || fault.kind === 'never'
}

function startRecord(request: IncomingMessage): RequestRecord {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const query: Record<string, unknown> = {}
  for (const [key, value] of url.searchParams) {
    const name = key.replace(/\[\]$/, '')
    const before = query[name]
    if (key.endsWith('[]') || before !== undefined)
      query[name] = [...(Array.isArray(before) ? before : before ? [before] : []), value]
    else query[name] = value
  }
  const {method = 'GET', headers} = request
  return {
    id: newId('req'),
    method,
    path: url.pathname.replace(/\/$/, ''),
    query,
    headers,
    body: undefined,
    status: undefined,
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > BODY_BYTES_MAX) throw new ApiError(413, `A request has at most ${BODY_BYTES_MAX} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw invalid('The request body is not valid JSON.')
  }
}

function findRoute({method, path}: {method: string; path: string}): {
  route: Route
  params: Record<string, string>
} {
  for (const route of ROUTES) {
    const params = route.method === method ? matchPath(route.path, path) : undefined
    if (params) return {route, params}
  }
  throw new ApiError(404, `There is no ${method} ${path}.`)
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const parts = path.split('/')
  const patternParts = pattern.split('/')
  if (parts.length !== patternParts.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of patternParts.entries()) {
    const given = decodeURIComponent(parts[at] ?? '')
    if (part.startsWith(':')) params[part.slice(1)] = given
    else if (part !== given) return undefined
  }
  return params
}
