import type {StoredMessage} from '../model/message.ts'
import type {Database} from './database.ts'
import {IS_FIRST_COPY, MESSAGE_COLUMNS, SESSION_JOIN, toStoredMessage} from './message-row.ts'

const IS_SAID = `m.tool IS NULL AND coalesce(m.role, '') <> 'tool'`

/** One session's messages of one kind: what people and models said, or what tools were asked and answered. */
export async function readThread(
  database: Database,
  query: {
    workspaceId: string
    sessionId: string
    kind: 'said' | 'tool'
    order: 'oldest' | 'newest'
    limit: number
    /** Only what was said from one moment on (inclusive) until another (exclusive). */
    within?: {fromMs: number; toMs: number}
  },
): Promise<StoredMessage[]> {
  const order = query.order === 'newest' ? 'DESC' : 'ASC'
  const {fromMs = null, toMs = null} = query.within ?? {}
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = ?1 AND m.session_id = ?2 AND ${query.kind === 'said' ? IS_SAID : `NOT (${IS_SAID})`}
       AND trim(m.content) <> ''
       AND (?4 IS NULL OR (m.timestamp_ms >= ?4 AND m.timestamp_ms < ?5))
     ORDER BY m.timestamp_ms ${order}, m.id ${order} LIMIT ?3`,
    [query.workspaceId, query.sessionId, query.limit, fromMs, toMs],
  )
  return rows.map(toStoredMessage)
}

/** Newest first: what was remembered of a project, or (without one) at all. */
export async function readFacts(
  database: Database,
  query: {workspaceId: string; project: string; limit: number},
): Promise<StoredMessage[]> {
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = ? AND m.session_id = ? AND trim(m.content) <> '' AND ${IS_FIRST_COPY}
     ORDER BY m.timestamp_ms DESC, m.id DESC LIMIT ?`,
    [query.workspaceId, `agent-memory-${query.project}`, query.limit],
  )
  return rows.map(toStoredMessage)
}

/** Newest first: the sessions in which something was said from `fromMs` (inclusive) to `toMs` (exclusive). */
export async function readSessionsWithin(
  database: Database,
  query: {workspaceId: string; fromMs: number; toMs: number; project?: string; limit: number},
): Promise<string[]> {
  const rows = await database.query(
    `SELECT m.session_id, max(m.timestamp_ms) AS last FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = :workspaceId AND m.timestamp_ms >= :fromMs AND m.timestamp_ms < :toMs
       AND (:project IS NULL OR s.project = :project) AND m.session_id NOT GLOB 'agent-*'
     GROUP BY m.session_id ORDER BY last DESC LIMIT :limit`,
    {...query, project: query.project ?? null},
  )
  return rows.map((row) => String(row.session_id))
}

/** Those of the keys that are there, in their order. */
export async function readMessages(
  database: Database,
  workspaceId: string,
  keys: readonly {sessionId: string; uuid: string}[],
): Promise<StoredMessage[]> {
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM json_each(?) k CROSS JOIN messages m
       ON m.workspace_id = ? AND m.session_id = k.value ->> 'sessionId' AND m.uuid = k.value ->> 'uuid'
     ${SESSION_JOIN} ORDER BY k.key`,
    [JSON.stringify(keys.map(({sessionId, uuid}) => ({sessionId, uuid}))), workspaceId],
  )
  return rows.map(toStoredMessage)
}
