import {parseTimestamp} from '../../model/timestamp.ts'
import {type FoundRow, findCandidates} from '../../storage/search-candidates.ts'
import {type Filters, openScope, type Scope} from '../../storage/search-scope.ts'
import {hasMessagesWithin, readClosely, type TextRow} from '../../storage/search-store.ts'
import {exactCandidate, roughCandidate} from './candidates.ts'
import type {ScopeFrequencies} from './frequency-cache.ts'
import {countedMatches, planLookups, weighFound} from './plan-lookups.ts'
import {type Ranked, rankMessages} from './rank-messages.ts'
import {createScanner, type TermHits} from './scan-text.ts'
import type {SearchEngine} from './search-engine.ts'
import {
  hasBeginnings,
  type QueryPlan,
  readAsBeginnings,
  TERMS_MAX,
  understandQuery,
  withoutShortBeginnings,
} from './understand-query.ts'

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
  scan: (text: TextRow) => TermHits
}

/** What is looked at depends on how much was asked for: rows of the index, texts, messages whose neighbours count. */
const candidatesMax = (limit: number) => 200 + 4 * limit
const textsMax = (limit: number) => 2 * Math.max(limit, 10)
const neighbouredMax = (limit: number) => 30 + limit
/** How much text is read in all, but for the first few, which are read whatever their length. */
const textCharsMax = (limit: number) => 50_000 + 5_000 * limit
const TEXTS_MIN = 10
const ONE_TEXT_CHARS_MAX = 50_100
/** Among so many messages a beginning must be so long to be looked for as one. */
const MANY_MESSAGES = 100_000
const BEGINNING_CHARS_MIN = 5

/**
 * In stages, each of bounded work: understand the query, ask the index how common its words are, let the rarest find
 * candidates, rank those by what the index says, read the best of them closely and rank again.
 */
export async function search(engine: SearchEngine, request: SearchRequest): Promise<SearchOutcome | null> {
  const plan = await understandInTime(engine, request)
  const outcome = await searchPlan(engine, request, plan)
  if (outcome) return outcome
  // "type:module" may be meant as a scope or stand in the text: what finds nothing as the one is read as the other.
  const hasScopes = Object.keys(plan.scopes).length > 0
  const literal = hasScopes
    ? understandQuery(request.query, {now: request.now, readsTime: false, readsScopes: false})
    : plan
  const asText = hasScopes ? await searchPlan(engine, request, literal) : null
  return asText ?? searchPlan(engine, request, readAsBeginnings(literal))
}

async function searchPlan(
  engine: SearchEngine,
  request: SearchRequest,
  asked: QueryPlan,
): Promise<SearchOutcome | null> {
  if (asked.terms.length === 0) return null
  const plan = await boundBeginnings(engine, request, asked)
  const filters = {...request.filters, ...scopeFilters(plan)}
  const scope = await openScope(engine.database, request.workspaceId, filters)
  if (!scope) return null
  const frequencies = await engine.frequencies.read(scope, countedMatches(plan))
  const {lookups} = planLookups({...plan, required: null}, frequencies, scope)
  if (plan.spare.length > 0 && lookups.length === 0) {
    const [terms, spare] = [plan.spare.slice(0, TERMS_MAX), plan.spare.slice(TERMS_MAX)]
    return searchPlan(engine, request, {...plan, required: null, terms, spare})
  }
  let found = await findRows(engine, {request, plan, scope, frequencies})
  // What was asked for in so many words is not there; something related may be.
  if (found.rows.length === 0 && plan.required) {
    found = await findRows(engine, {request, plan: {...plan, required: null}, scope, frequencies})
  }
  return found.rows.length === 0 ? null : rankFound(engine, {request, plan, ...found})
}

/** The index gathers all messages that have any word with a beginning, which for a short one takes it seconds. */
async function boundBeginnings(
  engine: SearchEngine,
  {workspaceId}: SearchRequest,
  plan: QueryPlan,
): Promise<QueryPlan> {
  if (!hasBeginnings(plan) || (await engine.frequencies.size(workspaceId)) < MANY_MESSAGES) return plan
  return withoutShortBeginnings(plan, BEGINNING_CHARS_MIN)
}

interface Found {
  rows: FoundRow[]
  weights: number[]
}

async function findRows(
  engine: SearchEngine,
  {
    request,
    plan,
    scope,
    frequencies,
  }: {request: SearchRequest; plan: QueryPlan; scope: Scope; frequencies: ScopeFrequencies},
): Promise<Found> {
  const {lookups, weights} = planLookups(plan, frequencies, scope)
  if (lookups.length === 0) return {rows: [], weights}
  const {othersShare} = frequencies
  const limit = candidatesMax(request.limit)
  const withTime = plan.time !== null
  const rows = await findCandidates(engine.database, {scope, othersShare, lookups, limit, withTime})
  return {rows, weights: weighFound(plan, weights, {rows, frequencies})}
}

/** Time words that point to where nothing was said are words like others: an old text may have them. */
export async function understandInTime(
  {database}: SearchEngine,
  {query, now, workspaceId}: Pick<SearchRequest, 'query' | 'now' | 'workspaceId'>,
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

async function rankFound(
  engine: SearchEngine,
  {request, plan, rows, weights}: Found & {request: SearchRequest; plan: QueryPlan},
): Promise<SearchOutcome> {
  const {workspaceId, limit} = request
  const common = {
    weights,
    sessionSizes: new Map(rows.map(({sessionId, sessionSize}) => [sessionId, sessionSize])),
    windows: plan.time?.windows ?? [],
    asksWhen: plan.asksWhen,
    nowMs: Date.parse(request.now),
    averageLength: rows.reduce((sum, row) => sum + row.octets, 0) / rows.length,
  }
  const rough = rankMessages({...common, candidates: rows.map((row) => roughCandidate(row, plan.terms))})
  const {neighbours, texts} = await readClosely(engine.database, {
    workspaceId,
    neighboursOf: rough.slice(0, neighbouredMax(limit)).map(({id}) => id),
    texts: chooseTexts(rough, {rows, limit}),
    charsMax: ONE_TEXT_CHARS_MAX,
  })
  const scanner = createScanner(plan.terms, {verbatim: plan.verbatim, forms: engine.forms})
  const hits = new Map<number, TermHits>()
  const scan = (text: TextRow) => {
    const known = hits.get(text.id) ?? scanner.scan(text.content)
    hits.set(text.id, known)
    return known
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const read = [...texts.values()].map((text) =>
    exactCandidate(text, scan(text), {
      neighbours: neighbours.get(text.id),
      weights,
      total,
      names: plan.names,
      asksWhen: plan.asksWhen,
    }),
  )
  const unread = rows.filter((row) => !texts.has(row.id)).map((row) => roughCandidate(row, plan.terms))
  return {plan, ranked: rankMessages({...common, candidates: [...read, ...unread]}), texts, scan}
}

/** The best, within how much is read in all. */
function chooseTexts(
  rough: readonly Ranked[],
  {rows, limit}: {rows: readonly FoundRow[]; limit: number},
): number[] {
  const octets = new Map(rows.map((row) => [row.id, row.octets]))
  const chosen: number[] = []
  let chars = 0
  for (const {id} of rough.slice(0, textsMax(limit))) {
    chars += Math.min(octets.get(id) ?? 0, ONE_TEXT_CHARS_MAX)
    if (chars > textCharsMax(limit) && chosen.length >= TEXTS_MIN) break
    chosen.push(id)
  }
  return chosen
}
