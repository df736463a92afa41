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

export interface ApiClientOptions {
  /** Base address of the server, with or without a trailing slash. */
  url: string
  token?: string
  /** Per request; default 30,000. */
  timeoutMs?: number
  fetch?: typeof fetch
}

/** The server refused a request, or could not be reached (`status` 0, `code` `unavailable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly next?: string
  readonly retryAfterSeconds?: number

  constructor(
    message: string,
    details: {status: number; code: string; next?: string; retryAfterSeconds?: number; cause?: unknown},
  ) {
    super(message, {cause: details.cause})
    this.status = details.status
    this.code = details.code
    this.next = details.next
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** Values are numbers, strings and booleans; null and undefined are left out. */
type Query = Record<string, unknown>

const DEFAULT_TIMEOUT_MS = 30_000

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

  search(params: SearchParams): Promise<SearchHitBody[]> {
    return this.#get('/api/search', params)
  }

  findError(params: SimilarErrorParams): Promise<ErrorMatchBody[]> {
    return this.#get('/api/similar-error', params)
  }

  /** Null when the message does not exist in that workspace. */
  async getMessage(uuid: string, params: MessageParams = {}): Promise<MessageWithContextBody | null> {
    try {
      return await this.#get(`/api/message/${encodeURIComponent(uuid)}`, params)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  }

  recall(params: RecallParams = {}): Promise<RecallResultBody> {
    return this.#get('/api/recall', params)
  }

  recent(params: RecentParams = {}): Promise<RecentMessageBody[]> {
    return this.#get('/api/recent', params)
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

  recordSession(body: NewSessionBody): Promise<SessionResultBody> {
    return this.#send('POST', '/api/sessions', {body})
  }

  recordMessages(messages: NewMessageBody[], options: {restore?: boolean} = {}): Promise<BatchResultBody> {
    return this.#send('POST', '/api/messages/batch', {
      body: messages,
      query: options.restore ? {restore: true} : {},
    })
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

  #get<T>(path: string, query: Query): Promise<T> {
    return this.#send('GET', path, {query})
  }

  async #send<T>(method: string, path: string, request: {query?: Query; body?: unknown}): Promise<T> {
    const headers: Record<string, string> = {accept: 'application/json'}
    if (this.#token) headers.authorization = `Bearer ${this.#token}`
    if (request.body !== undefined) headers['content-type'] = 'application/json'
    const response = await this.#reach(`${this.url}${path}${queryString(request.query ?? {})}`, {
      method,
      headers,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      signal: AbortSignal.timeout(this.#timeoutMs),
    })
    const text = await response.text()
    const parsed = parseJson(text)
    if (!response.ok) throw refusal(response, parsed)
    if (parsed === undefined) throw notBmfote(this.url, response)
    return parsed as T
  }

  async #reach(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init)
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
      const message = timedOut
        ? `The bmfote server at ${this.url} did not answer within ${this.#timeoutMs / 1000} seconds.`
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

function refusal(response: Response, parsed: unknown): ApiError {
  const body = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as {
    error?: unknown
    code?: unknown
    next?: unknown
  }
  if (typeof body.error !== 'string') return notBmfote(response.url, response)
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
