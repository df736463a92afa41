import {parseTimestamp} from '../../model/timestamp.ts'
import type {Database} from '../../storage/database.ts'
import {
  countSessionMessages,
  estimateFrequencies,
  type Filters,
  type FoundRow,
  findCandidates,
  findNeighbours,
  hasMessagesWithin,
  type Neighbours,
  readTexts,
  scopeExpression,
  type TextRow,
} from '../../storage/search-store.ts'
import {exactCandidate, roughCandidate} from './candidates.ts'
import {planLookups} from './plan-lookups.ts'
import {type Ranked, rankMessages} from './rank-messages.ts'
import {createScanner, type Scanner} from './scan-text.ts'
import {type QueryPlan, readAsBeginnings, TERMS_MAX, understandQuery} from './understand-query.ts'

export interface SearchRequest {
  workspaceId: string
  query: string
  limit: number
  filters: Filters
  /** ISO 8601 with the asker's offset. */
  now: string
}

/** Ranked best first, with what presenting a hit needs. */
export interface SearchOutcome {
  plan: QueryPlan
  ranked: Ranked[]
  texts: Map<number, TextRow>
  scanner: Scanner
  /** What a message with every term would be worth, to measure a score against. */
  fullWeight: number
}

/** What is looked at depends on how much was asked for: rows of the index, texts, messages whose neighbours count. */
const candidatesMax = (limit: number) => 300 + 5 * limit
const textsMax = (limit: number) => 60 + 2 * limit
const neighbouredMax = (limit: number) => 30 + limit
/** How much text is read in all. */
const textCharsMax = (limit: number) => 200_000 + 10_000 * limit
const ONE_TEXT_CHARS_MAX = 50_100

/**
 * In stages, each of bounded work: understand the query, ask the index how common its terms are, let the rarest find
 * candidates, rank those by what the index says, read the best of them closely and rank again.
 */
export async function search(database: Database, request: SearchRequest): Promise<SearchOutcome | null> {
  const plan = await understandInTime(database, request)
  const outcome = await searchPlan(database, request, plan)
  if (outcome) return outcome
  // "type:module" may be meant as a scope or stand in the text: what finds nothing as the one is read as the other.
  const hasScopes = Object.keys(plan.scopes).length > 0
  const literal = hasScopes
    ? understandQuery(request.query, {now: request.now, readsTime: false, readsScopes: false})
    : plan
  const asText = hasScopes ? await searchPlan(database, request, literal) : null
  return asText ?? searchPlan(database, request, readAsBeginnings(literal))
}

async function searchPlan(
  database: Database,
  request: SearchRequest,
  plan: QueryPlan,
): Promise<SearchOutcome | null> {
  if (plan.terms.length === 0) return null
  const filters = {...request.filters, ...scopeFilters(plan)}
  const scope = scopeExpression(request.workspaceId, filters)
  const frequencies = await estimateFrequencies(
    database,
    scope,
    plan.terms.map((term) => term.match),
  )
  if (plan.spare.length > 0 && frequencies.slice(0, -1).every((count) => count === 0)) {
    const [terms, spare] = [plan.spare.slice(0, TERMS_MAX), plan.spare.slice(TERMS_MAX)]
    return searchPlan(database, request, {...plan, required: null, terms, spare})
  }
  const find = async (required: string | null) => {
    const {lookups, weights} = planLookups({...plan, required}, frequencies)
    if (lookups.length === 0) return {rows: [], weights}
    const limit = candidatesMax(request.limit)
    const rows = await findCandidates(database, {
      workspaceId: request.workspaceId,
      scope,
      lookups,
      filters,
      limit,
    })
    return {rows, weights}
  }
  let found = await find(plan.required)
  // What was asked for in so many words is not there; something related may be.
  if (found.rows.length === 0 && plan.required) found = await find(null)
  if (found.rows.length === 0) return null
  // Found by operators, a message is a hit whatever it has of the words; otherwise a neighbour that was read is one too.
  const isFree = Object.keys(filters).length === 0 && plan.required === null
  return rankFound(database, {request, plan, isFree, ...found})
}

/** Time words that point to where nothing was said are words like others: an old text may have them. */
async function understandInTime(
  database: Database,
  {query, now, workspaceId}: SearchRequest,
): Promise<QueryPlan> {
  const plan = understandQuery(query, {now})
  if (!plan.time || (await hasMessagesWithin(database, workspaceId, plan.time.windows))) return plan
  return understandQuery(query, {now, readsTime: false})
}

function scopeFilters({scopes}: QueryPlan): Filters {
  const {since, until, ...rest} = scopes
  return {
    ...rest,
    ...(since ? {sinceMs: parseTimestamp(since)?.ms} : {}),
    ...(until ? {untilMs: parseTimestamp(until)?.ms} : {}),
  }
}

interface Found {
  request: SearchRequest
  plan: QueryPlan
  rows: FoundRow[]
  weights: number[]
  /** No filter and no operator keeps a neighbour that was read from being a hit itself. */
  isFree: boolean
}

async function rankFound(
  database: Database,
  {request, plan, rows, weights, isFree}: Found,
): Promise<SearchOutcome | null> {
  const {workspaceId} = request
  const sessionIds = [...new Set(rows.map((row) => row.sessionId))]
  const common = {
    weights,
    sessionSizes: await countSessionMessages(database, workspaceId, sessionIds),
    windows: plan.time?.windows ?? [],
    asksWhen: plan.asksWhen,
    nowMs: Date.parse(request.now),
    averageLength: rows.reduce((sum, row) => sum + row.octets, 0) / rows.length,
  }
  const rough = rankMessages({...common, candidates: rows.map((row) => roughCandidate(row, plan.terms))})
  const neighbours = await findNeighbours(
    database,
    rough.slice(0, neighbouredMax(request.limit)).map(({id}) => id),
  )
  const texts = await readBestTexts(database, request, {rough, rows, neighbours})
  const scanner = createScanner(plan.terms, plan.verbatim)
  const fullWeight = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const read = [...texts.values()].map((text) =>
    exactCandidate(text, scanner.scan(text.content), {
      neighbours: neighbours.get(text.id),
      weights,
      total: fullWeight,
      names: plan.names,
      asksWhen: plan.asksWhen,
    }),
  )
  const unread = rows.filter((row) => !texts.has(row.id)).map((row) => roughCandidate(row, plan.terms))
  const asked = new Set(rows.map((row) => row.id))
  const ranked = rankMessages({...common, candidates: [...read, ...unread]}).filter(({id, why}) =>
    isFree ? why.own + why.neighbours > 0 : asked.has(id),
  )
  return ranked.length === 0 ? null : {plan, ranked, texts, scanner, fullWeight}
}

async function readBestTexts(
  database: Database,
  {workspaceId, limit}: SearchRequest,
  {rough, rows, neighbours}: {rough: Ranked[]; rows: FoundRow[]; neighbours: Map<number, Neighbours>},
): Promise<Map<number, TextRow>> {
  const octets = new Map(rows.map((row) => [row.id, row.octets]))
  const wanted = new Set<number>()
  let chars = 0
  for (const {id} of rough) {
    const size = Math.min(octets.get(id) ?? 0, ONE_TEXT_CHARS_MAX)
    if (wanted.size >= textsMax(limit) || (chars + size > textCharsMax(limit) && wanted.size > 20)) break
    chars += size
    wanted.add(id)
  }
  for (const {id} of rough.slice(0, neighbouredMax(limit))) {
    const {before = [], after = []} = neighbours.get(id) ?? {}
    for (const other of [...before, ...after]) if (!octets.has(other)) wanted.add(other)
  }
  const texts = await readTexts(database, {workspaceId, ids: [...wanted], charsMax: ONE_TEXT_CHARS_MAX})
  return new Map(texts.map((text) => [text.id, text]))
}
