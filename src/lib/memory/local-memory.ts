import {randomUUID} from 'node:crypto'
import {WIRE_LIMITS} from '../client/protocol.ts'
import type {DatabaseLocation} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import {BATCH_MESSAGES_MAX, DEFAULT_WORKSPACE, ID_CHARS_MAX} from '../model/limits.ts'
import type {MessageWithContext, NewMessage, RecordResult, StoredMessage} from '../model/message.ts'
import {
  checkId,
  checkLabel,
  type NormalMessage,
  normalizeMessage,
  readTimestamp,
  wellFormed,
} from '../model/normalize-message.ts'
import {authorize, type Caller, readableWorkspaces} from '../model/principal.ts'
import type {ErrorMatch, SearchHit} from '../model/search-result.ts'
import type {NewSession, Session, Stats} from '../model/session.ts'
import {zonedNow} from '../model/zoned-now.ts'
import type {AdoptionOptions, LegacyAdoption} from '../storage/adopt-in-chunks.ts'
import type {Database, DatabaseStatus, SyncReport} from '../storage/database.ts'
import {countDoomed, type Doomed, deleteDoomed} from '../storage/delete-messages.ts'
import {checkVersion, type MigrateReport, migrate} from '../storage/migrate.ts'
import {openDatabase} from '../storage/open-database.ts'
import {findMessage, readProject, readRecent, readSession} from '../storage/read-messages.ts'
import {listWorkspaces, readSessions, readStats, upsertSession} from '../storage/session-store.ts'
import {MessageWriter, type WriteContext} from '../storage/write-messages.ts'
import {clamp} from './clamp.ts'
import {readExportPage} from './export-page.ts'
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
import type {SearchEngine} from './search/search-engine.ts'

export interface StoredMemoryOptions {
  now?: () => Date
  /** IANA name of the zone that time words are meant in when the caller names none; default UTC. */
  timezone?: string
  /** Told once, when the schema was brought up to date. */
  onMigrated?: (report: MigrateReport) => void
  /** Whoever stays open takes over, in the background, what a remote database has of release 0.11.7. */
  adoption?: AdoptionOptions
}

export interface LocalMemoryOptions extends StoredMemoryOptions {
  /** The libSQL file; made when it is not there. */
  path: string
}

/** The memory in a local file. */
export function openLocalMemory({path, ...options}: LocalMemoryOptions): Promise<LocalMemory> {
  return openStoredMemory({mode: 'file', path}, options)
}

/** Opens the database, bringing its schema to this version first; of a replica, its primary does that. */
export async function openStoredMemory(
  location: DatabaseLocation,
  options: StoredMemoryOptions = {},
): Promise<LocalMemory> {
  const now = options.now ?? (() => new Date())
  const database = await openDatabase(location)
  let adoption: LegacyAdoption | undefined
  try {
    if (database.mode === 'replica') await checkVersion(database)
    else adoption = await bringUpToDate(database, {...options, now})
  } catch (error) {
    await database.close()
    throw error
  }
  return new LocalMemory(database, {now, timezone: options.timezone, adoption})
}

async function bringUpToDate(
  database: Database,
  {now, onMigrated, adoption}: StoredMemoryOptions & {now: () => Date},
): Promise<LegacyAdoption | undefined> {
  const report = await migrate(database, {now})
  if (report.from !== report.to) onMigrated?.(report)
  if (!report.isAdopting || !adoption) return undefined
  const {LegacyAdoption} = await import('../storage/adopt-in-chunks.ts')
  const underWay = new LegacyAdoption(database, adoption)
  underWay.start()
  return underWay
}

/**
 * The memory in a libSQL database, in this thread. Search, recall and the finding of errors are imported when they are
 * asked for: a command from the terminal asks for one of them at most.
 */
export class LocalMemory implements Memory {
  readonly #adoption?: LegacyAdoption
  readonly #database: Database
  readonly #writer: MessageWriter
  readonly #now: () => Date
  readonly #timezone?: string
  #engine?: SearchEngine

  constructor(
    database: Database,
    {now, timezone, adoption}: {now: () => Date; timezone?: string; adoption?: LegacyAdoption},
  ) {
    this.#adoption = adoption
    this.#database = database
    this.#writer = new MessageWriter(database, now)
    this.#now = now
    this.#timezone = timezone
  }

  async recordMessages(
    caller: Caller,
    messages: NewMessage[],
    options: RecordOptions = {},
  ): Promise<RecordResult[]> {
    if (messages.length > BATCH_MESSAGES_MAX) {
      throw new BmfoteError('too_large', `${messages.length} messages are too many for one call.`, {
        next: `Send at most ${BATCH_MESSAGES_MAX} at a time.`,
      })
    }
    const redacted = await redactMessages(messages)
    const results: RecordResult[] = []
    const accepted: {position: number; message: NormalMessage}[] = []
    for (const [position, message] of redacted.entries()) {
      const normal = this.#accept(caller, message, options)
      if ('message' in normal) accepted.push({position, message: normal.message})
      results.push(normal.result)
    }
    const deleted = await this.#writer.write(
      accepted.map(({message}) => message),
      writeContext(caller),
    )
    for (const [index, {position}] of accepted.entries()) {
      const result = results[position]
      if (result && deleted[index]) result.status = 'deleted'
    }
    return results
  }

  /** A refusal concerns this message only, so it becomes its result. */
  #accept(
    caller: Caller,
    message: NewMessage,
    options: RecordOptions,
  ): {result: RecordResult; message: NormalMessage} | {result: RecordResult} {
    const {uuid, workspaceId = DEFAULT_WORKSPACE} = message
    try {
      const normal = normalizeMessage(message, this.#now(), options)
      authorize(caller.principal, options.restore ? 'restore' : 'write', normal.workspaceId)
      const truncated = normal.truncated ? {truncated: true as const} : {}
      return {result: {uuid, workspaceId, status: 'ok', ...truncated}, message: normal}
    } catch (error) {
      if (!(error instanceof BmfoteError)) throw error
      return {result: {uuid, workspaceId, status: 'error', error: error.message}}
    }
  }

  async recordSession(caller: Caller, session: NewSession): Promise<void> {
    const workspaceId = workspaceOf(session)
    checkId('session_id', session.sessionId)
    authorize(caller.principal, 'write', workspaceId)
    await upsertSession(this.#database, {
      ...session,
      workspaceId,
      project: checkLabel('project', session.project),
      firstMessageAt: readTimestamp('first_message_at', session.firstMessageAt)?.text,
      lastMessageAt: readTimestamp('last_message_at', session.lastMessageAt)?.text,
    })
  }

  async remember(caller: Caller, input: RememberInput): Promise<RememberResult> {
    if (input.content.trim() === '') {
      throw new BmfoteError('invalid_input', 'There is nothing to remember: the content is empty.', {
        next: 'Say what is to be remembered.',
      })
    }
    const project = checkLabel('project', input.project) ?? DEFAULT_REMEMBER_PROJECT
    const sessionId = `agent-memory-${project}`
    if (sessionId.length > ID_CHARS_MAX)
      throw new BmfoteError('invalid_input', 'The project name is too long.')
    const topic = checkLabel('topic', await redactWords(input.topic?.trim()))
    const uuid = randomUUID()
    const [result] = await this.recordMessages(caller, [
      {
        workspaceId: input.workspaceId,
        sessionId,
        uuid,
        project,
        type: 'assistant',
        role: 'assistant',
        content: topic ? `[${topic}]\n${input.content}` : input.content,
        author: input.author,
        source: input.source,
        machine: input.machine,
      },
    ])
    if (result?.status !== 'ok') await this.#refuse(caller, input, result)
    const workspaceId = input.workspaceId ?? DEFAULT_WORKSPACE
    return {uuid, sessionId, workspaceId, ...(result?.truncated ? {truncated: true} : {})}
  }

  /** Says which it was: not allowed, or not well formed. */
  async #refuse(caller: Caller, input: RememberInput, result?: RecordResult): Promise<never> {
    authorize(caller.principal, 'write', workspaceOf(input))
    throw new BmfoteError('invalid_input', result?.error ?? 'The message could not be stored.')
  }

  async searchMessages(caller: Caller, query: SearchQuery): Promise<SearchHit[]> {
    const workspaceId = this.#readable(caller, query)
    const {searchMessages} = await import('./search-messages.ts')
    const now = zonedNow(this.#now(), this.#timezone)
    return searchMessages(await this.#searchEngine(), {...query, workspaceId}, now)
  }

  async findErrors(caller: Caller, query: FindErrorsQuery): Promise<ErrorMatch[]> {
    const workspaceId = this.#readable(caller, query)
    const {findErrors} = await import('./find-errors.ts')
    const now = zonedNow(this.#now(), this.#timezone)
    return findErrors(await this.#searchEngine(), {...query, workspaceId}, now)
  }

  async recall(caller: Caller, query: RecallQuery): Promise<RecallResult> {
    const workspaceId = this.#readable(caller, query)
    const {recall} = await import('./recall.ts')
    const now = zonedNow(this.#now(), this.#timezone)
    return recall(await this.#searchEngine(), {...query, workspaceId}, now)
  }

  async getMessage(caller: Caller, query: GetMessageQuery): Promise<MessageWithContext | null> {
    const workspaceId = this.#readable(caller, query)
    const key = {workspaceId, uuid: wellFormed(query.uuid), sessionId: query.sessionId}
    return findMessage(this.#database, key, clamp(query.context, WIRE_LIMITS.context))
  }

  async listRecent(caller: Caller, query: ListRecentQuery): Promise<StoredMessage[]> {
    const workspaceId = this.#readable(caller, query)
    const limit = clamp(query.limit, WIRE_LIMITS.recent.limit)
    if (query.sessionId !== undefined) {
      return readSession(this.#database, {workspaceId, sessionId: wellFormed(query.sessionId), limit})
    }
    const hours = clamp(query.hours, WIRE_LIMITS.recent.hours)
    const sinceMs = this.#now().getTime() - hours * 3_600_000
    return readRecent(this.#database, {workspaceId, sinceMs, limit})
  }

  async listProject(caller: Caller, query: ListProjectQuery): Promise<StoredMessage[]> {
    const workspaceId = this.#readable(caller, query)
    const limit = clamp(query.limit, WIRE_LIMITS.project.limit)
    return readProject(this.#database, {workspaceId, project: wellFormed(query.project), limit})
  }

  async listSessions(caller: Caller, query: ListSessionsQuery): Promise<Session[]> {
    const workspaceId = this.#readable(caller, query)
    return readSessions(this.#database, {
      workspaceId,
      project: query.project,
      beforeMs: readTimestamp('before', query.before)?.ms,
      limit: clamp(query.limit, WIRE_LIMITS.sessions.limit),
    })
  }

  async getStats(caller: Caller, query: {workspaceId?: string}): Promise<Stats> {
    if (query.workspaceId !== undefined) {
      const workspaceId = this.#readable(caller, query)
      return {...(await readStats(this.#database, [workspaceId])), workspaceId}
    }
    const readable = readableWorkspaces(caller.principal)
    return readStats(this.#database, readable === 'all' ? await listWorkspaces(this.#database) : readable)
  }

  async deleteMessages(caller: Caller, selection: Selection): Promise<{deleted: number}> {
    const workspaceId = workspaceOf(selection)
    authorize(caller.principal, 'delete', workspaceId)
    const doomed = toDoomed(selection, workspaceId)
    if (selection.dryRun) return {deleted: await countDoomed(this.#database, doomed)}
    const context = {...writeContext(caller), now: this.#now()}
    return {deleted: await deleteDoomed(this.#database, doomed, context)}
  }

  async exportPage(caller: Caller, query: ExportQuery): Promise<ExportPage> {
    const workspaceId = this.#readable(caller, query)
    return readExportPage(this.#database, {...query, workspaceId})
  }

  sync(): Promise<SyncReport> {
    return this.#database.sync()
  }

  async status(): Promise<DatabaseStatus> {
    return this.#database.status()
  }

  async checkHealth(): Promise<void> {
    await this.#database.query('SELECT max(version) FROM bmfote_migrations')
  }

  async close(): Promise<void> {
    await this.#adoption?.stop()
    await this.#writer.drain()
    await this.#database.close()
  }

  async #searchEngine(): Promise<SearchEngine> {
    const {SearchEngine} = await import('./search/search-engine.ts')
    this.#engine ??= new SearchEngine(this.#database)
    return this.#engine
  }

  #readable(caller: Caller, query: {workspaceId?: string}): string {
    const workspaceId = workspaceOf(query)
    authorize(caller.principal, 'read', workspaceId)
    return workspaceId
  }
}

/** What the contract's `remember` files a fact under when nobody names a project. */
const DEFAULT_REMEMBER_PROJECT = 'managed-agent'

function workspaceOf(input: {workspaceId?: string}): string {
  return checkId('workspace_id', input.workspaceId ?? DEFAULT_WORKSPACE)
}

function writeContext(caller: Caller): WriteContext {
  return {writtenBy: caller.principal.id, reason: caller.reason, requestId: caller.requestId}
}

function toDoomed(selection: Selection, workspaceId: string): Doomed {
  if ('project' in selection) return {kind: 'project', workspaceId, project: selection.project}
  if ('before' in selection) {
    const before = readTimestamp('before', selection.before)
    return {kind: 'before', workspaceId, beforeMs: before?.ms ?? 0}
  }
  if (selection.uuid !== undefined) {
    return {kind: 'message', workspaceId, uuid: wellFormed(selection.uuid), sessionId: selection.sessionId}
  }
  return {kind: 'session', workspaceId, sessionId: wellFormed(selection.sessionId)}
}
