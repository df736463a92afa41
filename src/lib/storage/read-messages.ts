import type {MessageWithContext, StoredMessage} from '../model/message.ts'
import type {Database} from './database.ts'
import {IS_FIRST_COPY, MESSAGE_COLUMNS, SESSION_JOIN, toStoredMessage} from './message-row.ts'

export interface MessageKey {
  workspaceId: string
  uuid: string
  sessionId?: string
}

/** Order within a session: by when it was said, then by when it came. Messages without a date come first. */
const POSITION = `coalesce(m.timestamp_ms, -1)`

/** Null when there is none. Of several copies the one of `sessionId`, or the earliest. */
export async function findMessage(
  database: Database,
  key: MessageKey,
  context: number,
): Promise<MessageWithContext | null> {
  const [row] = await database.query(
    `SELECT m.id, ${POSITION} AS position, ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = :workspaceId AND m.uuid = :uuid
       AND (:sessionId IS NULL OR m.session_id = :sessionId)
     ORDER BY m.id LIMIT 1`,
    {workspaceId: key.workspaceId, uuid: key.uuid, sessionId: key.sessionId ?? null},
  )
  if (!row) return null
  const message = toStoredMessage(row)
  const place = {
    workspaceId: key.workspaceId,
    sessionId: message.sessionId,
    id: Number(row.id),
    position: Number(row.position),
    limit: context,
  }
  if (context === 0) return {...message, before: [], after: []}
  const [before, after] = await Promise.all([
    readNeighbours(database, place, 'before'),
    readNeighbours(database, place, 'after'),
  ])
  return {...message, before: before.reverse(), after}
}

interface Place {
  workspaceId: string
  sessionId: string
  id: number
  position: number
  limit: number
}

/** Nearest first. */
async function readNeighbours(
  database: Database,
  place: Place,
  side: 'before' | 'after',
): Promise<StoredMessage[]> {
  const [compare, order] = side === 'before' ? ['<', 'DESC'] : ['>', 'ASC']
  // Says to the index what the pair says to the reader: without it a long session is walked from its end.
  const bound = place.position < 0 ? '' : `AND m.timestamp_ms ${compare}= :position`
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = :workspaceId AND m.session_id = :sessionId
       ${bound} AND (${POSITION}, m.id) ${compare} (:position, :id)
     ORDER BY m.timestamp_ms ${order}, m.id ${order} LIMIT :limit`,
    {...place},
  )
  return rows.map(toStoredMessage)
}

/** Newest first. */
export async function readRecent(
  database: Database,
  query: {workspaceId: string; sinceMs: number; limit: number},
): Promise<StoredMessage[]> {
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = :workspaceId AND m.timestamp_ms >= :sinceMs AND ${IS_FIRST_COPY}
     ORDER BY m.timestamp_ms DESC, m.id DESC LIMIT :limit`,
    query,
  )
  return rows.map(toStoredMessage)
}

/** Newest first. */
export async function readSession(
  database: Database,
  query: {workspaceId: string; sessionId: string; limit: number},
): Promise<StoredMessage[]> {
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.workspace_id = :workspaceId AND m.session_id = :sessionId
     ORDER BY m.timestamp_ms DESC, m.id DESC LIMIT :limit`,
    query,
  )
  return rows.map(toStoredMessage)
}

/** Newest first, over every session that carries the label. */
export async function readProject(
  database: Database,
  query: {workspaceId: string; project: string; limit: number},
): Promise<StoredMessage[]> {
  const rows = await database.query(
    `SELECT ${MESSAGE_COLUMNS} FROM sessions s JOIN messages m
       ON m.workspace_id = s.workspace_id AND m.session_id = s.session_id
     WHERE s.workspace_id = :workspaceId AND s.project = :project AND ${IS_FIRST_COPY}
     ORDER BY m.timestamp_ms DESC, m.id DESC LIMIT :limit`,
    query,
  )
  return rows.map(toStoredMessage)
}

/** In the order they came, after the row `afterId`; with the row's id, which is the next cursor. */
export async function readRows(
  database: Database,
  query: {workspaceId: string; sessionId?: string; afterId: number; limit: number},
): Promise<{id: number; message: StoredMessage}[]> {
  const rows = await database.query(
    `SELECT m.id, ${MESSAGE_COLUMNS} FROM messages m ${SESSION_JOIN}
     WHERE m.id > :afterId AND m.workspace_id = :workspaceId
       AND (:sessionId IS NULL OR m.session_id = :sessionId)
     ORDER BY m.id LIMIT :limit`,
    {...query, sessionId: query.sessionId ?? null},
  )
  return rows.map((row) => ({id: Number(row.id), message: toStoredMessage(row)}))
}
