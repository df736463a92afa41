import {ApiClient, type ApiClientOptions, ApiError} from '../client/api-client.ts'
import type {RecordResultBody} from '../client/protocol.ts'
import {BmfoteError, ERROR_CODES, type ErrorCode} from '../model/errors.ts'
import type {MessageWithContext, NewMessage, RecordResult, StoredMessage} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import type {ErrorMatch, SearchHit} from '../model/search-result.ts'
import type {NewSession, Session, Stats} from '../model/session.ts'
import type {
  ExportPage,
  ExportQuery,
  FindErrorsQuery,
  GetMessageQuery,
  ListProjectQuery,
  ListRecentQuery,
  ListSessionsQuery,
  Memory,
  RecallQuery,
  RecallResult,
  RecordOptions,
  RememberInput,
  RememberResult,
  SearchQuery,
  Selection,
} from './memory.ts'
import {redactMessages, redactWords} from './redact-messages.ts'
import {fromWire, toWire} from './wire.ts'

export function openRemoteMemory(options: ApiClientOptions): RemoteMemory {
  return new RemoteMemory(new ApiClient(options))
}

/** A memory behind a bmfote server. The caller's principal is not sent: the token says to the server who asks. */
export class RemoteMemory implements Memory {
  readonly #api: ApiClient

  constructor(api: ApiClient) {
    this.#api = api
  }

  get url(): string {
    return this.#api.url
  }

  async recordMessages(
    _: Caller,
    messages: NewMessage[],
    options: RecordOptions = {},
  ): Promise<RecordResult[]> {
    const redacted = await redactMessages(messages)
    const {results} = await translate(this.#api.recordMessages(redacted.map(toWire), options))
    return results.map((result) => fromWire<RecordResult>(withWorkspace(result)))
  }

  async recordSession(_: Caller, session: NewSession): Promise<void> {
    await translate(this.#api.recordSession(toWire(session)))
  }

  async remember(_: Caller, input: RememberInput): Promise<RememberResult> {
    const [topic, content] = await Promise.all([redactWords(input.topic), redactWords(input.content)])
    return fromWire(await translate(this.#api.remember(toWire({...input, topic, content}))))
  }

  async searchMessages(_: Caller, {query, ...rest}: SearchQuery): Promise<SearchHit[]> {
    const hits = await translate(this.#api.search({...toWire(rest), type: messageType(rest.type), q: query}))
    return fromWire(hits)
  }

  async findErrors(_: Caller, query: FindErrorsQuery): Promise<ErrorMatch[]> {
    return fromWire(await translate(this.#api.findError(toWire(query))))
  }

  async recall(_: Caller, {query, ...rest}: RecallQuery): Promise<RecallResult> {
    return fromWire(await translate(this.#api.recall({...toWire(rest), q: query})))
  }

  async getMessage(_: Caller, {uuid, ...rest}: GetMessageQuery): Promise<MessageWithContext | null> {
    const message = await translate(this.#api.getMessage(uuid, toWire(rest)))
    if (message === null) return null
    return {
      ...fromWire<MessageWithContext>(message),
      before: fromWire(message.before ?? []),
      after: fromWire(message.after ?? []),
    }
  }

  async listRecent(_: Caller, query: ListRecentQuery): Promise<StoredMessage[]> {
    return fromWire(await translate(this.#api.recent(toWire(query))))
  }

  async listProject(_: Caller, {project, ...rest}: ListProjectQuery): Promise<StoredMessage[]> {
    return fromWire(await translate(this.#api.project(project, toWire(rest))))
  }

  async listSessions(_: Caller, query: ListSessionsQuery): Promise<Session[]> {
    return fromWire(await translate(this.#api.sessions(toWire(query))))
  }

  async getStats(_: Caller, query: {workspaceId?: string}): Promise<Stats> {
    return fromWire(await translate(this.#api.stats(toWire(query))))
  }

  async deleteMessages(_: Caller, selection: Selection): Promise<{deleted: number}> {
    const {uuid, sessionId, ...rest} = selection as Selection & {uuid?: string; sessionId?: string}
    const query = toWire(rest)
    if (uuid !== undefined) return translate(this.#api.deleteMessage(uuid, {...query, session_id: sessionId}))
    if (sessionId !== undefined) return translate(this.#api.deleteSession(sessionId, query))
    return translate(this.#api.deleteMany(query))
  }

  async exportPage(_: Caller, query: ExportQuery): Promise<ExportPage> {
    return fromWire(await translate(this.#api.exportPage(toWire(query))))
  }

  async checkHealth(): Promise<void> {
    await translate(this.#api.health())
  }

  async close(): Promise<void> {}
}

/** The filter knows two types; any other word finds nothing on a server, as it does in a local file. */
function messageType(type: string | undefined): 'user' | 'assistant' | undefined {
  if (type === undefined || type === 'user' || type === 'assistant') return type
  throw new BmfoteError('invalid_input', `There is no message type "${type}".`, {
    next: 'It is user or assistant.',
  })
}

/** 0.11.7 servers leave the workspace out of their answers. */
function withWorkspace(result: RecordResultBody): RecordResultBody {
  return {...result, workspace_id: result.workspace_id ?? ''}
}

async function translate<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new BmfoteError(knownCode(error), error.message, {
      next: error.next,
      retryAfterSeconds: error.retryAfterSeconds,
      cause: error,
    })
  }
}

function knownCode(error: ApiError): ErrorCode {
  return ERROR_CODES.find((code) => code === error.code) ?? 'internal'
}
