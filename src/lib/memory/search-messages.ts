import {WIRE_LIMITS} from '../client/protocol.ts'
import {readTimestamp, wellFormed} from '../model/normalize-message.ts'
import type {SearchHit} from '../model/search-result.ts'
import type {Database} from '../storage/database.ts'
import {type Filters, findFirstCopies, type HitRow, readHitRows, readTexts} from '../storage/search-store.ts'
import {clamp} from './clamp.ts'
import type {SearchQuery} from './memory.ts'
import {explainHit} from './search/explain.ts'
import {foldDuplicates} from './search/fold-duplicates.ts'
import type {Ranked} from './search/rank-messages.ts'
import {type SearchOutcome, search} from './search/search.ts'
import {makeSnippet} from './search/snippet.ts'

/** What a found message is worth, beside what is shown of it. */
export interface FoundMessage extends Ranked {
  uuid: string
  content: string
  /** How many more said the same, and are not shown. */
  copies: number
}

export interface FoundMessages {
  outcome: SearchOutcome
  found: FoundMessage[]
}

/** Of a message whose text was not read closely, for its snippet. */
const LATE_TEXT_CHARS_MAX = 4_000

/** Best first, each message once, near-duplicates folded. Never throws for what the query says. */
export async function searchMessages(
  database: Database,
  query: SearchQuery & {workspaceId: string},
  now: string,
): Promise<SearchHit[]> {
  const result = await findMessages(database, query, now)
  if (!result) return []
  const rows = await readHitRows(
    database,
    result.found.map(({id}) => id),
  )
  return result.found.flatMap((found) => {
    const row = rows.get(found.id)
    return row ? [toHit(row, found, {outcome: result.outcome, explain: query.explain ?? false})] : []
  })
}

/** The same before it is made into hits: scores, and the text of each. */
export async function findMessages(
  database: Database,
  query: SearchQuery & {workspaceId: string},
  now: string,
): Promise<FoundMessages | null> {
  const {workspaceId} = query
  const limit = clamp(query.limit, WIRE_LIMITS.search.limit)
  const filters = filtersOf(query)
  const asked = {workspaceId, query: wellFormed(query.query), limit, filters, now: query.now ?? now}
  const outcome = await search(database, asked)
  if (!outcome) return null
  const best = await withTexts(database, outcome, {workspaceId, ranked: outcome.ranked.slice(0, limit * 2)})
  // A session or a project that is asked for shows its own copy of a message that forks repeat.
  const isNarrow = filters.sessionId !== undefined || filters.project !== undefined
  const once = isNarrow ? best : await keepFirstCopies(database, workspaceId, best)
  const {kept, copies} = foldDuplicates(once)
  return {outcome, found: kept.slice(0, limit).map((item) => ({...item, copies: copies.get(item.id) ?? 0}))}
}

function filtersOf(query: SearchQuery): Filters {
  const filters: Filters = {
    type: query.type,
    author: query.author,
    source: query.source,
    project: query.project,
    sessionId: query.sessionId,
    sinceMs: readTimestamp('since', query.since)?.ms,
    untilMs: readTimestamp('until', query.until)?.ms,
  }
  readTimestamp('now', query.now)
  return Object.fromEntries(
    Object.entries(filters)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === 'string' ? wellFormed(value) : value]),
  )
}

type WithText = Ranked & {uuid: string; content: string}

async function withTexts(
  database: Database,
  {texts}: SearchOutcome,
  {workspaceId, ranked}: {workspaceId: string; ranked: Ranked[]},
): Promise<WithText[]> {
  const ids = ranked.filter(({id}) => !texts.has(id)).map(({id}) => id)
  const late =
    ids.length > 0 ? await readTexts(database, {workspaceId, ids, charsMax: LATE_TEXT_CHARS_MAX}) : []
  for (const text of late) texts.set(text.id, text)
  return ranked.flatMap((item) => {
    const text = texts.get(item.id)
    return text ? [{...item, uuid: text.uuid, content: text.content}] : []
  })
}

async function keepFirstCopies(
  database: Database,
  workspaceId: string,
  ranked: WithText[],
): Promise<WithText[]> {
  const uuids = [...new Set(ranked.map(({uuid}) => uuid))]
  const first = await findFirstCopies(database, {workspaceId, uuids})
  const seen = new Set<string>()
  return ranked.flatMap((item) => {
    if (seen.has(item.uuid)) return []
    seen.add(item.uuid)
    return [{...item, id: first.get(item.uuid) ?? item.id}]
  })
}

function toHit(
  row: HitRow,
  found: FoundMessage,
  {outcome, explain}: {outcome: SearchOutcome; explain: boolean},
): SearchHit {
  const {id: _, ...shown} = row
  const hits = outcome.scanner.scan(found.content)
  const {time} = outcome.plan
  return {
    ...shown,
    snippet: makeSnippet(found.content, hits),
    rank: -round(found.score),
    ...(time ? {understoodDate: time.label} : {}),
    ...(explain ? {why: explainHit(outcome.plan, {...found, hits})} : {}),
  }
}

function round(score: number): number {
  return Math.max(0.000001, Math.round(score * 1e6) / 1e6)
}
