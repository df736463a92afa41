import {WIRE_LIMITS} from '../client/protocol.ts'
import {readTimestamp, wellFormed} from '../model/normalize-message.ts'
import type {SearchHit} from '../model/search-result.ts'
import type {Filters} from '../storage/search-scope.ts'
import {readTexts, type TextRow} from '../storage/search-store.ts'
import {clamp} from './clamp.ts'
import type {SearchQuery} from './memory.ts'
import {explainHit} from './search/explain.ts'
import {foldDuplicates} from './search/fold-duplicates.ts'
import type {Ranked} from './search/rank-messages.ts'
import {type SearchOutcome, search} from './search/search.ts'
import type {SearchEngine} from './search/search-engine.ts'
import {makeSnippet} from './search/snippet.ts'

/** What a found message is worth, beside what is shown of it. */
export interface FoundMessage extends Ranked {
  text: TextRow
  /** How many more said the same, and are not shown. */
  copies: number
}

/** Of a message whose text was not read closely, for its snippet. */
const LATE_TEXT_CHARS_MAX = 4_000
/** Hits are chosen from so many times as many, for copies that are folded. */
const SPARE_FACTOR = 1.5

/** Best first, each message once, near-duplicates folded. Never throws for what the query says. */
export async function searchMessages(
  engine: SearchEngine,
  query: SearchQuery & {workspaceId: string},
  now: string,
): Promise<SearchHit[]> {
  const {workspaceId} = query
  const limit = clamp(query.limit, WIRE_LIMITS.search.limit)
  const filters = filtersOf(query)
  const asked = {workspaceId, query: wellFormed(query.query), limit, filters, now: query.now ?? now}
  const outcome = await search(engine, asked)
  if (!outcome) return []
  const ranked = outcome.ranked.slice(0, limit * SPARE_FACTOR)
  const best = await withTexts(engine, outcome, {workspaceId, ranked})
  // A session or a project that is asked for shows its own copy of a message that forks repeat.
  const isNarrow = filters.sessionId !== undefined || filters.project !== undefined
  const once = isNarrow ? best : await keepFirstCopies(engine, workspaceId, best)
  const {kept, copies} = foldDuplicates(once, limit)
  return kept.map((found) =>
    toHit({...found, copies: copies.get(found.id) ?? 0}, {outcome, explain: query.explain ?? false}),
  )
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

type WithText = Ranked & {text: TextRow; content: string}

async function withTexts(
  {database}: SearchEngine,
  {texts}: SearchOutcome,
  {workspaceId, ranked}: {workspaceId: string; ranked: Ranked[]},
): Promise<WithText[]> {
  const ids = ranked.filter(({id}) => !texts.has(id)).map(({id}) => id)
  const late =
    ids.length > 0 ? await readTexts(database, {workspaceId, ids, charsMax: LATE_TEXT_CHARS_MAX}) : null
  return ranked.flatMap((item) => {
    const text = texts.get(item.id) ?? late?.get(item.id)
    return text ? [{...item, text, content: text.content}] : []
  })
}

/** Of a message that forks repeat, the first copy is shown, whichever was found. */
async function keepFirstCopies(
  {database}: SearchEngine,
  workspaceId: string,
  ranked: WithText[],
): Promise<WithText[]> {
  const ids = ranked.flatMap(({id, text}) => (text.firstId === id ? [] : [text.firstId]))
  const first =
    ids.length > 0 ? await readTexts(database, {workspaceId, ids, charsMax: LATE_TEXT_CHARS_MAX}) : null
  const seen = new Set<number>()
  return ranked.flatMap((item) => {
    if (seen.has(item.text.firstId)) return []
    seen.add(item.text.firstId)
    const {hit = item.text.hit} = first?.get(item.text.firstId) ?? {}
    return [{...item, text: {...item.text, hit}}]
  })
}

function toHit(
  found: FoundMessage,
  {outcome, explain}: {outcome: SearchOutcome; explain: boolean},
): SearchHit {
  const hits = outcome.scan(found.text)
  const {time} = outcome.plan
  return {
    ...found.text.hit,
    snippet: makeSnippet(found.text.content, hits),
    rank: -round(found.score),
    ...(time ? {understoodDate: time.label} : {}),
    ...(explain ? {why: explainHit(outcome.plan, {...found, hits})} : {}),
  }
}

function round(score: number): number {
  return Math.max(0.000001, Math.round(score * 1e6) / 1e6)
}
