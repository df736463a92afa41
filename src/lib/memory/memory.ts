import type {MessageWithContext, NewMessage, RecordResult, StoredMessage} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import type {ErrorMatch, SearchHit} from '../model/search-result.ts'
import type {NewSession, Session, Stats} from '../model/session.ts'
import type {DatabaseStatus, SyncReport} from '../storage/database.ts'

export interface SearchQuery {
  query: string
  /** 1 to 100, default 20; out of range is clamped. */
  limit?: number
  type?: string
  workspaceId?: string
  author?: string
  source?: string
  project?: string
  sessionId?: string
  /** ISO 8601, inclusive. */
  since?: string
  until?: string
  /** The caller's clock with its offset, for time words. */
  now?: string
  explain?: boolean
}

export interface FindErrorsQuery {
  error: string
  /** 1 to 20, default 5. */
  limit?: number
  workspaceId?: string
}

export interface GetMessageQuery {
  uuid: string
  /** Messages before and after, 0 to 10, default 1. */
  context?: number
  workspaceId?: string
  /** Which copy, where forks repeat a uuid; without it the earliest. */
  sessionId?: string
}

export interface ListRecentQuery {
  /** 1 to 168, default 24; does not apply with `sessionId`. */
  hours?: number
  /** 1 to 200, default 50. */
  limit?: number
  sessionId?: string
  workspaceId?: string
}

export interface ListProjectQuery {
  project: string
  /** 1 to 100, default 20. */
  limit?: number
  workspaceId?: string
}

export interface ListSessionsQuery {
  project?: string
  workspaceId?: string
  /** 1 to 200, default 50. */
  limit?: number
  /** Only sessions whose last message is before this date (ISO 8601): the way to the next page. */
  before?: string
}

export interface RememberInput {
  content: string
  topic?: string
  /** Default `managed-agent` (wire contract); the terminal names the folder's project instead. */
  project?: string
  workspaceId?: string
  author?: string
  source?: string
  machine?: string
}

export interface RememberResult {
  uuid: string
  sessionId: string
  workspaceId: string
  truncated?: true
}

/** What to delete: exactly one of the four. */
export type Selection = {workspaceId?: string; dryRun?: boolean} & (
  | {uuid: string; sessionId?: string}
  | {sessionId: string; uuid?: undefined}
  | {project: string}
  | {before: string}
)

export interface ExportQuery {
  workspaceId?: string
  sessionId?: string
  /** `nextCursor` of the page before. */
  cursor?: string
  /** 1 to 1,000, default 1,000. */
  limit?: number
}

/** One page of everything in a workspace, oldest row first. `sessions` holds each session once, on the first page. */
export interface ExportPage {
  sessions: Session[]
  messages: StoredMessage[]
  nextCursor: string | null
}

export interface RecallQuery {
  /** A question; or leave it out and name a project, or a session. */
  query?: string
  project?: string
  /** The thread of this very session, for the time after its context was compacted. */
  sessionId?: string
  workspaceId?: string
  /** How many passages at most, 1 to 50, default 10. */
  limit?: number
  /** UTF-16 code units of the whole text, frame included, 500 to 20,000, default 6,000. */
  budget?: number
  /** The caller's clock with its offset, for time words. */
  now?: string
}

export interface RecallResult {
  /** One `<bmfote-recall>` element of quoted, dated, attributed passages; empty when nothing is worth saying. */
  text: string
  /** Of the messages that are quoted in it, in order. */
  uuids: string[]
}

export interface RecordOptions {
  /** Put rows back as they were: `recordedAt`, `writtenBy` and `revision` are kept. Needs the right to restore. */
  restore?: boolean
}

/**
 * The memory, whatever is behind it: a database (LocalMemory), the same one in other threads (WorkerMemory,
 * ReplicaMemory), a server (RemoteMemory). CLI, REST and MCP call these methods and add no behaviour of their own.
 *
 * Every method throws `forbidden` when the caller's principal may not do this in that workspace, `invalid_input` for
 * arguments that can't be meant, `unavailable` or a `database_*` code when the store does not answer. An omitted
 * `workspaceId` means `bmfote-default`.
 */
export interface Memory {
  /**
   * One bad message costs itself only. At most 1,000 a call, else `too_large`. Written when the promise resolves, with
   * `[redacted:kind]` in the place of every secret in their content.
   */
  recordMessages(caller: Caller, messages: NewMessage[], options?: RecordOptions): Promise<RecordResult[]>
  /** Upsert: an omitted field never erases a stored one. */
  recordSession(caller: Caller, session: NewSession): Promise<void>
  /** An assistant message of the session `agent-memory-{project}`. `invalid_input` when the content is empty. */
  remember(caller: Caller, input: RememberInput): Promise<RememberResult>
  /** Best first. Never throws for what the query says. */
  searchMessages(caller: Caller, query: SearchQuery): Promise<SearchHit[]>
  findErrors(caller: Caller, query: FindErrorsQuery): Promise<ErrorMatch[]>
  /** What an agent should know before it starts. Never throws for what the question says. */
  recall(caller: Caller, query: RecallQuery): Promise<RecallResult>
  /** Null when it does not exist in that workspace. */
  getMessage(caller: Caller, query: GetMessageQuery): Promise<MessageWithContext | null>
  /** Newest first. */
  listRecent(caller: Caller, query: ListRecentQuery): Promise<StoredMessage[]>
  /** Newest first. */
  listProject(caller: Caller, query: ListProjectQuery): Promise<StoredMessage[]>
  /** Newest first. */
  listSessions(caller: Caller, query: ListSessionsQuery): Promise<Session[]>
  /** Without a workspace: all that the caller may read. */
  getStats(caller: Caller, query: {workspaceId?: string}): Promise<Stats>
  /** Deleted rows leave tombstones: replay, spool and import don't bring them back. */
  deleteMessages(caller: Caller, selection: Selection): Promise<{deleted: number}>
  exportPage(caller: Caller, query: ExportQuery): Promise<ExportPage>
  /** Throws when the store does not answer. */
  checkHealth(): Promise<void>
  /** Brings a replica to where its primary is now. Not on the far side of a server, which does it by itself. */
  sync?(): Promise<SyncReport>
  /** How it stands with the database underneath; not on the far side of a server. */
  status?(): Promise<DatabaseStatus>
  close(): Promise<void>
}
