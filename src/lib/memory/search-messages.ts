import {WIRE_LIMITS} from '../client/protocol.ts'
import {readTimestamp} from '../model/normalize-message.ts'
import type {SearchHit} from '../model/search-result.ts'
import type {Database} from '../storage/database.ts'
import {searchIndex} from '../storage/search-index.ts'
import {clamp} from './clamp.ts'
import type {SearchQuery} from './memory.ts'
import {understandQuery} from './understand-query.ts'

/** Tries the readings of the query in turn, and answers with the first that finds something. */
export async function searchMessages(
  database: Database,
  query: SearchQuery & {workspaceId: string},
  _now: Date,
): Promise<SearchHit[]> {
  const scope = {
    workspaceId: query.workspaceId,
    limit: clamp(query.limit, WIRE_LIMITS.search.limit),
    type: query.type,
    author: query.author,
    source: query.source,
    project: query.project,
    sessionId: query.sessionId,
    sinceMs: readTimestamp('since', query.since)?.ms,
    untilMs: readTimestamp('until', query.until)?.ms,
  }
  for (const match of understandQuery(query.query)) {
    const hits = await searchIndex(database, {...scope, match})
    if (hits && hits.length > 0) return hits
  }
  return []
}
