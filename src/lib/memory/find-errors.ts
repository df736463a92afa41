import {WIRE_LIMITS} from '../client/protocol.ts'
import type {ErrorMatch, SearchHit} from '../model/search-result.ts'
import type {Database} from '../storage/database.ts'
import {findMessage} from '../storage/read-messages.ts'
import {searchIndex} from '../storage/search-index.ts'
import {clamp} from './clamp.ts'
import type {FindErrorsQuery} from './memory.ts'
import {understandQuery} from './understand-query.ts'

/** Of the error and of what followed it (wire contract). */
const PASSAGE_CHARS_MAX = 800
/** How far behind an error its solution is looked for. */
const MESSAGES_AFTER_MAX = 10

/** Where the error was met before, and what the assistant said next. */
export async function findErrors(
  database: Database,
  query: FindErrorsQuery & {workspaceId: string},
): Promise<ErrorMatch[]> {
  const limit = clamp(query.limit, WIRE_LIMITS.findError.limit)
  const [anyTerm] = understandQuery(query.error.slice(0, 2_000))
  if (!anyTerm) return []
  const hits = await searchIndex(database, {match: anyTerm, workspaceId: query.workspaceId, limit})
  return Promise.all((hits ?? []).map((hit) => describeError(database, query.workspaceId, hit)))
}

async function describeError(database: Database, workspaceId: string, hit: SearchHit): Promise<ErrorMatch> {
  const message = await findMessage(database, {...hit, workspaceId}, MESSAGES_AFTER_MAX)
  const solution = message?.after.find((next) => next.type === 'assistant' && next.content !== '')
  return {
    errorContext: passage(message?.content ?? hit.snippet, hit.snippet),
    project: hit.project,
    timestamp: hit.timestamp,
    sessionId: hit.sessionId,
    uuid: hit.uuid,
    author: hit.author,
    source: hit.source,
    solution: solution ? solution.content.slice(0, PASSAGE_CHARS_MAX) : null,
  }
}

/** The part of the content around the first hit. */
function passage(content: string, snippet: string): string {
  const marked = snippet.indexOf('>>>')
  const lead = snippet.slice(0, Math.max(0, marked)).replace(/^…/, '')
  const at = lead === '' ? 0 : content.indexOf(lead)
  const start = Math.max(0, Math.min(at, content.length - PASSAGE_CHARS_MAX))
  return content.slice(start, start + PASSAGE_CHARS_MAX)
}
