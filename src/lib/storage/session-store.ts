import type {Row} from '@libsql/client'
import type {NewSession, Session, Stats} from '../model/session.ts'
import type {Database} from './database.ts'
import {textOrNull} from './message-row.ts'

/**
 * Upsert: an omitted field never erases a stored one. A session that was deleted is not made again by it; new
 * messages do that.
 */
export async function upsertSession(
  database: Database,
  session: NewSession & {workspaceId: string},
): Promise<void> {
  const statement = {
    sql: `INSERT INTO sessions (workspace_id, session_id, project, first_message_at, last_message_at, message_count)
        SELECT :workspaceId, :sessionId, :project, :firstMessageAt, :lastMessageAt, coalesce(:messageCount, 0)
        WHERE NOT EXISTS (
          SELECT 1 FROM tombstones WHERE uuid IS NULL AND workspace_id = :workspaceId AND session_id = :sessionId
        ) OR EXISTS (SELECT 1 FROM sessions WHERE workspace_id = :workspaceId AND session_id = :sessionId)
        ON CONFLICT (workspace_id, session_id) DO UPDATE SET
          project = coalesce(excluded.project, project),
          first_message_at = coalesce(excluded.first_message_at, first_message_at),
          last_message_at = coalesce(excluded.last_message_at, last_message_at),
          message_count = coalesce(:messageCount, message_count)`,
    args: {
      workspaceId: session.workspaceId,
      sessionId: session.sessionId,
      project: session.project ?? null,
      firstMessageAt: session.firstMessageAt ?? null,
      lastMessageAt: session.lastMessageAt ?? null,
      messageCount: session.messageCount ?? null,
    },
  }
  await database.write([statement], {repeatable: true})
}

const SESSION_COLUMNS = `s.id, s.workspace_id, s.session_id, s.project, s.first_message_at, s.last_message_at,
  max(s.message_count, s.stored_count) AS message_count`

/** Newest first; sessions without a date come last. */
export async function readSessions(
  database: Database,
  query: {workspaceId: string; project?: string; beforeMs?: number; limit: number},
): Promise<Session[]> {
  const rows = await database.query(
    `SELECT ${SESSION_COLUMNS} FROM sessions s
     WHERE s.workspace_id = :workspaceId AND (:project IS NULL OR s.project = :project)
       AND (:beforeMs IS NULL OR s.last_message_ms < :beforeMs)
     ORDER BY s.last_message_ms DESC, s.id DESC LIMIT :limit`,
    {...query, project: query.project ?? null, beforeMs: query.beforeMs ?? null},
  )
  return rows.map(toSession)
}

/** In the order they came, after the row `afterId`; with the row's id, which is the next cursor. */
export async function readSessionRows(
  database: Database,
  query: {workspaceId: string; sessionId?: string; afterId: number; limit: number},
): Promise<{id: number; session: Session}[]> {
  const rows = await database.query(
    `SELECT ${SESSION_COLUMNS} FROM sessions s
     WHERE s.id > :afterId AND s.workspace_id = :workspaceId AND (:sessionId IS NULL OR s.session_id = :sessionId)
     ORDER BY s.id LIMIT :limit`,
    {...query, sessionId: query.sessionId ?? null},
  )
  return rows.map((row) => ({id: Number(row.id), session: toSession(row)}))
}

function toSession(row: Row): Session {
  return {
    workspaceId: String(row.workspace_id),
    sessionId: String(row.session_id),
    project: textOrNull(row.project),
    firstMessageAt: textOrNull(row.first_message_at),
    lastMessageAt: textOrNull(row.last_message_at),
    messageCount: Number(row.message_count),
  }
}

export async function listWorkspaces(database: Database): Promise<string[]> {
  const rows = await database.query('SELECT DISTINCT workspace_id FROM sessions')
  return rows.map((row) => String(row.workspace_id))
}

/** From the sessions' counts, which triggers keep: counting a million messages takes too long to ask often. */
export async function readStats(database: Database, workspaceIds: readonly string[]): Promise<Stats> {
  const workspaces = JSON.stringify(workspaceIds)
  const [counts] = await database.query(
    `SELECT count(*) AS sessions, coalesce(sum(stored_count), 0) AS messages
     FROM sessions WHERE workspace_id IN (SELECT value FROM json_each(?))`,
    [workspaces],
  )
  return {
    messages: Number(counts?.messages ?? 0),
    sessions: Number(counts?.sessions ?? 0),
    firstMessage: await readExtreme(database, workspaces, 'ASC'),
    lastMessage: await readExtreme(database, workspaces, 'DESC'),
  }
}

async function readExtreme(
  database: Database,
  workspaces: string,
  order: 'ASC' | 'DESC',
): Promise<string | null> {
  const [row] = await database.query(
    `SELECT (SELECT m.timestamp FROM messages m WHERE m.workspace_id = w.value AND m.timestamp_ms IS NOT NULL
        ORDER BY m.timestamp_ms ${order} LIMIT 1) AS timestamp
     FROM json_each(?) w WHERE timestamp IS NOT NULL ORDER BY julianday(timestamp) ${order} LIMIT 1`,
    [workspaces],
  )
  return textOrNull(row?.timestamp)
}
