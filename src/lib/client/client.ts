import type {
  ErrorMatch,
  Message,
  Recall,
  RecentMessage,
  Remembered,
  SearchHit,
  ToolResult,
} from './answers.ts'
import {ApiClient, type CallOptions} from './api-client.ts'
import {ApiError, isRefusedQuestion} from './api-error.ts'
import {zonedNow} from './clock.ts'
import {isList, isMessage, isRecall} from './is-answer.ts'
import type {
  ClientOptions,
  FindErrorOptions,
  GetMessageOptions,
  Platform,
  RecallOptions,
  RecentOptions,
  RememberOptions,
  SearchOptions,
  Settings,
} from './options.ts'
import {Outage} from './outage.ts'
import {DEFAULT_WORKSPACE_ID} from './protocol/limits.ts'
import {framed} from './recall-element.ts'
import {rememberedMessage} from './remembered-message.ts'
import {type Outcome, sendMessages} from './send-messages.ts'
import {Session, type SessionOptions} from './session.ts'
import {MemoryTools} from './tool-calls.ts'
import {showHits} from './tools/search-memory.ts'
import type {WireMessage} from './wire-message.ts'
import {WriteQueue} from './write-queue.ts'

const DEFAULT_URL = 'http://127.0.0.1:8026'
const DEFAULT_TIMEOUT_MS = 2_000
/** What timers can count to: some 25 days. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/**
 * The memory, for an agent that must not depend on it: what can't be read is empty, what can't be written is kept and
 * sent later, and all of a failing server costs no more time than the timeout. `strict` throws instead.
 */
export class Client {
  readonly url: string
  readonly workspace?: string
  readonly author?: string
  readonly source: string
  readonly strict: boolean
  readonly #api: ApiClient
  readonly #outage: Outage
  readonly #queue: WriteQueue
  readonly #timeoutMs: number
  readonly #platform?: Platform
  readonly #hasSpool: boolean
  #hasRecall = true
  #forgetExit?: () => void
  #isClosed = false

  constructor(options: ClientOptions = {}, platform?: Platform) {
    const defaults = platform?.settings() ?? {}
    this.url = withoutSlash(options.url ?? defaults.url ?? DEFAULT_URL)
    this.workspace = options.workspace ?? defaults.workspace
    this.author = options.author ?? defaults.author
    this.source = options.source ?? 'messages-api'
    this.strict = options.strict ?? false
    this.#timeoutMs = readTimeout(options.timeout)
    this.#platform = platform
    const logger = options.logger ?? globalThis.console
    this.#outage = new Outage({timeoutMs: this.#timeoutMs, logger})
    this.#api = new ApiClient({
      url: this.url,
      token: options.token ?? tokenFor(this.url, defaults),
      timeoutMs: this.#timeoutMs,
      fetch: options.fetch,
    })
    if (options.spool !== undefined && !platform?.openSpool) {
      this.#outage.warn('There is no file system here for a spool; what is not stored yet is kept in memory.')
    }
    const spool =
      options.spool === undefined ? undefined : platform?.openSpool?.(options.spool, {url: this.url, logger})
    this.#hasSpool = spool !== undefined
    this.#queue = new WriteQueue({
      send: (messages, call) => sendMessages(this.#api, messages, call),
      timeoutMs: this.#timeoutMs,
      outage: this.#outage,
      spool,
      unref: platform?.unref,
    })
  }

  /** A conversation, or a run of an agent, to record and to recall for. */
  session(project: string, options: SessionOptions = {}): Session {
    return new Session(this, project, options)
  }

  /** Best hits first. */
  async search(query: string, options: SearchOptions = {}): Promise<SearchHit[]> {
    const {sessionId: session_id, ...rest} = options
    const params = {q: query, ...rest, session_id, workspace_id: this.workspace, now: zonedNow()}
    return (await this.#read('search', (call) => this.#api.search(params, call), isList)) ?? []
  }

  /** Where an error came up before, and what followed it then. */
  async findError(error: string, options: FindErrorOptions = {}): Promise<ErrorMatch[]> {
    const params = {error, ...options, workspace_id: this.workspace}
    return (await this.#read('findError', (call) => this.#api.findError(params, call), isList)) ?? []
  }

  /** Newest first. */
  async recent(options: RecentOptions = {}): Promise<RecentMessage[]> {
    const {sessionId: session_id, ...rest} = options
    const params = {...rest, session_id, workspace_id: this.workspace}
    return (await this.#read('recent', (call) => this.#api.recent(params, call), isList)) ?? []
  }

  /** A message whole, with its neighbours; null when there is none of this uuid. */
  async getMessage(uuid: string, options: GetMessageOptions = {}): Promise<Message | null> {
    const {sessionId: session_id, context} = options
    const params = {context, session_id, workspace_id: this.workspace}
    return (
      (await this.#read('getMessage', (call) => this.#api.getMessage(uuid, params, call), isMessage)) ?? null
    )
  }

  /** What is worth knowing, as one block for a prompt; its text is empty when nothing is. */
  async recall(options: RecallOptions): Promise<Recall> {
    return (await this.recallIfReachable(options)) ?? {text: '', uuids: []}
  }

  /**
   * As recall; undefined when the memory did not answer, which is something else than that it knows nothing.
   * @internal
   */
  async recallIfReachable(options: RecallOptions): Promise<Recall | undefined> {
    return this.#read('recall', (call) => this.#recall(options, call), isRecall)
  }

  /** Writes one fact into the memory, as the tool of this name does. Null when there is nothing to remember. */
  async remember(content: string, options: RememberOptions = {}): Promise<Remembered | null> {
    const message = rememberedMessage({content, ...options, ...this.#provenance()})
    if (typeof message === 'string') {
      if (this.strict) throw new ApiError(message, {status: 400, code: 'invalid_input'})
      this.#outage.warn(message)
      return null
    }
    await this.write([message])
    return {
      uuid: message.uuid,
      session_id: message.session_id,
      workspace_id: this.workspace ?? DEFAULT_WORKSPACE_ID,
    }
  }

  /** Runs one of the five tools by its name, for any framework; see `handleToolUse` for Anthropic's blocks. */
  callTool(name: string, input: unknown): Promise<ToolResult> {
    const tools = new MemoryTools({
      strict: this.strict,
      provenance: this.#provenance(),
      ask: (question, isWhole) => this.#ask((call) => question(this.#api, call), isWhole),
      store: (message) => this.#store(message),
      failed: (what, error) => this.#failed(what, error),
    })
    return tools.call(name, input)
  }

  /** Sends what waits, for at most `timeout` milliseconds (default: the client's); gives how many messages are left. */
  flush(options: {timeout?: number} = {}): Promise<number> {
    return this.#flush(options.timeout ?? this.#outage.remainingMs)
  }

  /** Sends what waits, as `flush`, and stops. What is left stays in the spool, where there is one. */
  async close(): Promise<number> {
    if (this.#isClosed) return this.#queue.waiting
    const left = await this.flush()
    this.#isClosed = true
    this.#forgetExit?.()
    this.#queue.close()
    if (left > 0) this.#warnOfLeft(left)
    return left
  }

  /**
   * What Session records. Resolves at once, or in strict mode when it is stored.
   * @internal
   */
  async write(messages: readonly WireMessage[]): Promise<void> {
    if (messages.length === 0) return
    if (this.strict) {
      const outcomes = await sendMessages(this.#api, messages, {timeoutMs: this.#timeoutMs})
      for (const outcome of outcomes) if (!outcome.stored) throw refusal(outcome.reason)
      return
    }
    this.#enqueue(messages).catch(() => undefined)
  }

  async #enqueue(messages: readonly WireMessage[]): Promise<Outcome[]> {
    if (this.#isClosed) {
      this.#outage.warn('The client is closed: what is recorded now is not stored.')
      return messages.map(() => ({stored: false, reason: 'The client is closed.'}))
    }
    this.#forgetExit ??= this.#platform?.onExit?.(() => this.#flushAtExit())
    const outcomes = await this.#queue.add(messages)
    if (this.#queue.waiting === 0) {
      this.#forgetExit?.()
      this.#forgetExit = undefined
    }
    return outcomes
  }

  async #flush(budgetMs: number): Promise<number> {
    const startedMs = performance.now()
    const left = await this.#queue.flush(budgetMs)
    if (left > 0) this.#outage.spent(performance.now() - startedMs)
    return left
  }

  /** The process has nothing else to do. What is recorded after this is sent before the next such moment. */
  async #flushAtExit(): Promise<void> {
    this.#forgetExit = undefined
    const left = await this.#flush(this.#outage.remainingAtExitMs)
    if (left > 0) this.#warnOfLeft(left)
  }

  #warnOfLeft(left: number): void {
    const fate = this.#hasSpool ? 'They are kept in the spool, for the next client.' : 'They are lost.'
    this.#outage.warn(`${left} messages could not be stored before the end. ${fate}`)
  }

  /** Undefined when it is not stored within the time there is; it is kept then. */
  async #store(message: WireMessage): Promise<Outcome | undefined> {
    if (this.strict) {
      const [outcome] = await sendMessages(this.#api, [message], {timeoutMs: this.#timeoutMs})
      return outcome
    }
    let outcome: Outcome | undefined
    const settled = this.#enqueue([message]).then(([first]) => {
      outcome = first
    })
    const flushed = this.#queue.flush(this.#outage.remainingMs)
    await Promise.race([settled, flushed])
    // The last acknowledgement ends the flush and settles the message in the same moment.
    await Promise.resolve()
    return outcome
  }

  /** Of a server that has no /api/recall, what its search finds, as the tool of that name shows it. */
  async #recall({query, sessionId: session_id, ...rest}: RecallOptions, call: CallOptions): Promise<Recall> {
    const scope = {...rest, session_id, workspace_id: this.workspace, now: zonedNow()}
    if (this.#hasRecall) {
      try {
        return await this.#api.recall({q: query, ...scope}, call)
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error
      }
    }
    const hits =
      query === undefined
        ? []
        : await this.#api.search({q: query, limit: rest.limit, workspace_id: this.workspace}, call)
    if (!isList(hits)) return {text: '', uuids: []}
    this.#hasRecall = false
    if (hits.length === 0) return {text: '', uuids: []}
    return {text: framed(showHits(hits)), uuids: hits.map(({uuid}) => uuid)}
  }

  async #read<T>(
    what: string,
    ask: (call: CallOptions) => Promise<T>,
    isWhole: (answer: unknown) => boolean,
  ): Promise<T | undefined> {
    try {
      return await this.#ask(ask, isWhole)
    } catch (error) {
      if (this.strict) throw error
      if (isRefusedQuestion(error)) this.#outage.warn(`${what}: ${error.message}`)
      else this.#failed(what, error)
      return undefined
    }
  }

  /** An agent goes on without its memory, whatever is wrong with that. */
  #failed(what: string, error: unknown): void {
    const failure =
      error instanceof ApiError ? error : new ApiError(String(error), {status: 0, code: 'internal'})
    this.#outage.failed(what, failure)
  }

  /** @throws ApiError at once when the server has cost its time already */
  async #ask<T>(ask: (call: CallOptions) => Promise<T>, isWhole: (answer: unknown) => boolean): Promise<T> {
    const timeoutMs = this.strict ? this.#timeoutMs : this.#outage.remainingMs
    if (timeoutMs === 0) {
      this.#outage.probe(() => this.#api.recent({limit: 1, workspace_id: this.workspace}))
      throw new ApiError(`The bmfote server at ${this.url} does not answer.`, {
        status: 0,
        code: 'unavailable',
      })
    }
    const startedMs = performance.now()
    try {
      const answer = await ask({timeoutMs})
      if (!isWhole(answer)) throw notBmfote(this.url)
      this.#outage.worked()
      return answer
    } catch (error) {
      if (!isRefusedQuestion(error)) this.#outage.spent(performance.now() - startedMs)
      throw error
    }
  }

  #provenance() {
    return {author: this.author, source: this.source, workspace_id: this.workspace}
  }
}

/** Of what is no number of milliseconds, the default: an agent must not fail for it. */
function readTimeout(timeout = DEFAULT_TIMEOUT_MS): number {
  return Number.isNaN(timeout) ? DEFAULT_TIMEOUT_MS : Math.min(TIMEOUT_MS_MAX, Math.max(1, timeout))
}

/** A token that belongs to an address is sent to that address alone. */
function tokenFor(url: string, {token, tokenUrl}: Settings): string | undefined {
  return tokenUrl === undefined || withoutSlash(tokenUrl) === url ? token : undefined
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

function notBmfote(url: string): ApiError {
  return new ApiError(`What answers at ${url} is not a bmfote server.`, {
    status: 0,
    code: 'unavailable',
    next: 'Check the address; a proxy or another program may be in between.',
  })
}

function refusal(reason: string): ApiError {
  return new ApiError(reason, {status: 400, code: 'invalid_input'})
}
