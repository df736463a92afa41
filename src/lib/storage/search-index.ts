import type {SearchHit} from '../model/search-result.ts'
import type {Database, Row} from './database.ts'
import {isMatchSyntaxError} from './database-error.ts'
import {IS_FIRST_COPY, SESSION_JOIN, textOrNull} from './message-row.ts'

export interface IndexQuery {
  /** An FTS5 expression. */
  match: string
  workspaceId: string
  limit: number
  type?: string
  author?: string
  source?: string
  project?: string
  sessionId?: string
  sinceMs?: number
  untilMs?: number
}

/** About how many words of a message a snippet shows. */
const SNIPPET_TOKENS = 40

/** Best first by BM25. Undefined when the expression is not FTS5 syntax. */
export async function searchIndex(database: Database, query: IndexQuery): Promise<SearchHit[] | undefined> {
  // A copy of a message in another session counts as the same message, unless that session is the one asked for.
  const copies = query.sessionId === undefined && query.project === undefined ? `AND ${IS_FIRST_COPY}` : ''
  try {
    const rows = await database.query(
      `SELECT m.uuid, m.session_id, m.type, m.role, m.timestamp, m.model, s.project, m.author, m.source, m.tool,
         m.status, snippet(messages_fts, 0, '>>>', '<<<', '…', ${SNIPPET_TOKENS}) AS snippet, f.rank AS rank
       FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid ${SESSION_JOIN}
       WHERE messages_fts MATCH :match AND m.workspace_id = :workspaceId
         AND (:type IS NULL OR m.type = :type)
         AND (:author IS NULL OR m.author = :author)
         AND (:source IS NULL OR m.source = :source)
         AND (:project IS NULL OR s.project = :project)
         AND (:sessionId IS NULL OR m.session_id = :sessionId)
         AND (:sinceMs IS NULL OR m.timestamp_ms >= :sinceMs)
         AND (:untilMs IS NULL OR m.timestamp_ms < :untilMs)
         ${copies}
       ORDER BY f.rank LIMIT :limit`,
      argumentsOf(query),
    )
    return rows.map(toSearchHit)
  } catch (error) {
    if (isMatchSyntaxError(error)) return undefined
    throw error
  }
}

function argumentsOf(query: IndexQuery): Record<string, string | number | null> {
  return {
    match: query.match,
    workspaceId: query.workspaceId,
    limit: query.limit,
    type: query.type ?? null,
    author: query.author ?? null,
    source: query.source ?? null,
    project: query.project ?? null,
    sessionId: query.sessionId ?? null,
    sinceMs: query.sinceMs ?? null,
    untilMs: query.untilMs ?? null,
  }
}

function toSearchHit(row: Row): SearchHit {
  return {
    uuid: String(row.uuid),
    sessionId: String(row.session_id),
    type: String(row.type),
    role: textOrNull(row.role),
    timestamp: textOrNull(row.timestamp),
    model: textOrNull(row.model),
    project: textOrNull(row.project),
    author: textOrNull(row.author),
    source: textOrNull(row.source),
    tool: textOrNull(row.tool),
    status: textOrNull(row.status),
    snippet: textOrNull(row.snippet) ?? '',
    rank: Number(row.rank),
  }
}
