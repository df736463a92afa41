import {ApiError} from './api-error.ts'
import type {
  BatchResultBody,
  DeleteResultBody,
  ErrorMatchBody,
  ExportPageBody,
  ExportParams,
  MessageParams,
  MessageWithContextBody,
  NewMessageBody,
  NewSessionBody,
  ProjectMessageBody,
  ProjectParams,
  RecallParams,
  RecallResultBody,
  RecentMessageBody,
  RecentParams,
  RecordResultBody,
  RememberBody,
  RememberResultBody,
  SearchHitBody,
  SearchParams,
  SessionInfoBody,
  SessionResultBody,
  SessionsParams,
  SimilarErrorParams,
  StatsBody,
} from './protocol.ts'

export {ApiError} from './api-error.ts'

export interface ApiClientOptions {
  /** Base address of the server, with or without a trailing slash. */
  url: string
  token?: string
  /** Per request; default 30,000. */
  timeoutMs?: number
  fetch?: typeof fetch
}

/** Of a single call. */
export interface CallOptions {
  timeoutMs?: number
  signal?: AbortSignal
}

/** Values are numbers, strings and booleans; null and undefined are left out. */
type Query = Record<string, unknown>

const DEFAULT_TIMEOUT_MS = 30_000

/** More than the longest answer there is; what sends more is no bmfote server, and may never stop. */
const RESPONSE_BYTES_MAX = 256 * 1024 * 1024

/**
 * One method per route of the server, strict: a refusal or an unreachable server throws ApiError. Runs wherever
 * `fetch` does.
 */
export class ApiClient {
  readonly url: string
  readonly #token?: string
  readonly #timeoutMs: number
  readonly #fetch: typeof fetch

  constructor(options: ApiClientOptions) {
    this.url = options.url.replace(/\/+$/, '')
    this.#token = options.token
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  }

  search(params: SearchParams, call?: CallOptions): Promise<SearchHitBody[]> {
    return this.#get('/api/search', params, call)
  }

  findError(params: SimilarErrorParams, call?: CallOptions): Promise<ErrorMatchBody[]> {
    return this.#get('/api/similar-error', params, call)
  }

  /** Null when the message does not exist in that workspace. */
  async getMessage(
    uuid: string,
    params: MessageParams = {},
    call?: CallOptions,
  ): Promise<MessageWithContextBody | null> {
    try {
      return await this.#get(`/api/message/${encodeURIComponent(uuid)}`, params, call)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  }

  recall(params: RecallParams = {}, call?: CallOptions): Promise<RecallResultBody> {
    return this.#get('/api/recall', params, call)
  }

  recent(params: RecentParams = {}, call?: CallOptions): Promise<RecentMessageBody[]> {
    return this.#get('/api/recent', params, call)
  }

  project(name: string, params: ProjectParams = {}): Promise<ProjectMessageBody[]> {
    return this.#get(`/api/project/${encodeURIComponent(name)}`, params)
  }

  stats(params: {workspace_id?: string} = {}): Promise<StatsBody> {
    return this.#get('/api/stats', params)
  }

  sessions(params: SessionsParams = {}): Promise<SessionInfoBody[]> {
    return this.#get('/api/sessions', params)
  }

  exportPage(params: ExportParams = {}): Promise<ExportPageBody> {
    return this.#get('/api/messages', params)
  }

  recordSession(body: NewSessionBody, call?: CallOptions): Promise<SessionResultBody> {
    return this.#send('POST', '/api/sessions', {body, call})
  }

  recordMessage(message: NewMessageBody, call?: CallOptions): Promise<RecordResultBody> {
    return this.#send('POST', '/api/messages', {body: message, call})
  }

  recordMessages(
    messages: NewMessageBody[],
    options: {restore?: boolean} & CallOptions = {},
  ): Promise<BatchResultBody> {
    const {restore, ...call} = options
    return this.#send('POST', '/api/messages/batch', {body: messages, query: restore ? {restore} : {}, call})
  }

  remember(body: RememberBody): Promise<RememberResultBody> {
    return this.#send('POST', '/api/remember', {body})
  }

  deleteMessage(uuid: string, query: Query = {}): Promise<DeleteResultBody> {
    return this.#send('DELETE', `/api/messages/${encodeURIComponent(uuid)}`, {query})
  }

  deleteSession(sessionId: string, query: Query = {}): Promise<DeleteResultBody> {
    return this.#send('DELETE', `/api/sessions/${encodeURIComponent(sessionId)}`, {query})
  }

  deleteMany(query: Query): Promise<DeleteResultBody> {
    return this.#send('DELETE', '/api/messages', {query})
  }

  health(): Promise<{status: string}> {
    return this.#get('/health', {})
  }

  #get<T>(path: string, query: Query, call?: CallOptions): Promise<T> {
    return this.#send('GET', path, {query, call})
  }

  async #send<T>(
    method: string,
    path: string,
    request: {query?: Query; body?: unknown; call?: CallOptions},
  ): Promise<T> {
    const headers: Record<string, string> = {accept: 'application/json'}
    if (this.#token) headers.authorization = `Bearer ${this.#token}`
    if (request.body !== undefined) headers['content-type'] = 'application/json'
    const timeoutMs = request.call?.timeoutMs ?? this.#timeoutMs
    const [response, text] = await this.#reach(`${this.url}${path}${queryString(request.query ?? {})}`, {
      init: {method, headers, body: request.body === undefined ? undefined : JSON.stringify(request.body)},
      timeoutMs,
      signal: request.call?.signal,
    })
    const parsed = parseJson(text)
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw redirected(this.url, response)
    }
    if (!response.ok) throw refusal(this.url, response, parsed)
    if (parsed === undefined) throw notBmfote(this.url, response)
    return parsed as T
  }

  /** The answer and its whole text: a connection may break, and time run out, at any point until that is there. */
  async #reach(
    url: string,
    request: {init: RequestInit; timeoutMs: number; signal?: AbortSignal},
  ): Promise<[Response, string]> {
    // A fraction is refused.
    const timeout = AbortSignal.timeout(Math.ceil(request.timeoutMs))
    // The first releases of Node 20 don't have any(): then a request ends by its timeout alone.
    const signal =
      request.signal && 'any' in AbortSignal ? AbortSignal.any([timeout, request.signal]) : timeout
    try {
      // A redirect makes a GET of a POST, and may lead the token elsewhere.
      const response = await this.#fetch(url, {...request.init, redirect: 'manual', signal})
      return [response, await readText(response)]
    } catch (cause) {
      const message = timeout.aborted
        ? `The bmfote server at ${this.url} did not answer within ${Math.round(request.timeoutMs / 100) / 10} seconds.`
        : `The bmfote server at ${this.url} can't be reached.`
      throw new ApiError(message, {
        status: 0,
        code: 'unavailable',
        next: 'Check the address and that the server runs: curl its /health.',
        cause,
      })
    }
  }
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return await response.text()
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  let text = ''
  let bytes = 0
  for (;;) {
    const {done, value} = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > RESPONSE_BYTES_MAX) {
      await reader.cancel()
      throw new Error(`the answer is longer than ${RESPONSE_BYTES_MAX} bytes`)
    }
    text += decoder.decode(value, {stream: true})
  }
}

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What answered is not a bmfote server's JSON: a proxy's login page, another program on the port. */
function notBmfote(url: string, response: Response): ApiError {
  return new ApiError(`What answers at ${url} is not a bmfote server.`, {
    status: response.status,
    code: 'unavailable',
    retryAfterSeconds: retryAfterSeconds(response),
    next: 'Check the address; a proxy or another program may be in between.',
  })
}

function redirected(url: string, response: Response): ApiError {
  const location = response.headers.get('location')
  return new ApiError(`The server at ${url} is somewhere else${location ? `: ${location}` : ''}.`, {
    status: response.status,
    code: 'unavailable',
    next: 'Give the address that it redirects to.',
  })
}

function refusal(url: string, response: Response, parsed: unknown): ApiError {
  const body = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as {
    error?: unknown
    code?: unknown
    next?: unknown
  }
  if (typeof body.error !== 'string') return notBmfote(url, response)
  return new ApiError(body.error, {
    status: response.status,
    code: typeof body.code === 'string' ? body.code : 'internal',
    next: typeof body.next === 'string' ? body.next : undefined,
    retryAfterSeconds: retryAfterSeconds(response),
  })
}

/** In seconds or as a date, as HTTP has it. */
function retryAfterSeconds(response: Response): number | undefined {
  const value = response.headers.get('retry-after')
  if (value === null) return undefined
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}
