import type {FoundRow, Lookup} from '../../storage/search-candidates.ts'
import type {ScopeFrequencies} from './frequency-cache.ts'
import {
  inverseFrequency,
  matchesOf,
  type Present,
  presentTerms,
  sequenceCost,
  type WordCounts,
  wordCounts,
} from './term-costs.ts'
import {matchesOfExpression, matchOfWord, type Term} from './understand-query.ts'

/** Index entries that the rare terms of one search may find: what a machine sorts through in some 10 ms. */
export const POSTINGS_MAX = 6_000
/** Terms in more of the messages than this share don't pick candidates; they still count in the ranking. */
const COMMON_SHARE = 0.1
/** In a workspace this small no term is too common. */
const SMALL_SCOPE = 5_000
const COMMON_TERMS_MAX = 2
/** Commoner terms are looked for where the rare ones are when there are no more than this of those. */
const HELPED_POSTINGS_MAX = 3_000
const ALL_TERMS_MAX = 8
const ALL_LIMIT = 200
const SENTENCE_WORDS_MAX = 16
const SENTENCES_MAX = 50
const SEQUENCE_LIMIT = 300
/** The rarest few find what is to be found; the others are for the ranking. */
const RARE_TERMS_MAX = 8
const NEWEST_MAX = 1_000
/**
 * Entries that are gone through to find where several common words meet, some twenty in a microsecond. Where that would
 * take more, only the newest part of the memory is looked at.
 */
const MEETING_COST_MAX = 250_000
/** For the whole query in a row, and for all its names and phrases together: these are looked for further back. */
const SENTENCE_COST_MAX = 2_000_000
const SEQUENCES_COST_MAX = 1_500_000
/** For what operators and quotes demand, in all. */
const REQUIRED_COST_MAX = 2_000_000
/** What has the sentence comes before what has all its words in every other way. */
const SENTENCE_WEIGHT = 10
/** So does a name before its parts. */
const SEQUENCE_WEIGHT = 5
/** FTS5's own ranking goes through all entries of all words, and reads the length of every message that is found. */
const RANKED_COST_MAX = 20_000
const REQUIRED_LIMIT = 1_000
const REQUIRED_TERMS_MAX = 4
/** Messages that are looked up to see whether they fit a filter which the index does not hold. */
const FILTERED_MAX = 30_000

export interface PlannedQuery {
  terms: readonly Term[]
  required: string | null
  verbatim: readonly string[] | null
}

export interface LookupPlan {
  lookups: Lookup[]
  /** How much each term tells; of names and phrases a guess until they were looked for: see weighFound. */
  weights: number[]
}

/** The expressions whose frequencies a plan needs. */
export function countedMatches({terms, required, verbatim}: PlannedQuery): string[] {
  const inTerms = terms.flatMap(({alternatives}) => alternatives.flatMap(matchesOf))
  const inSentence = (verbatim ?? []).map((word) => matchOfWord(word))
  return [...new Set([...inTerms, ...inSentence, ...(required ? matchesOfExpression(required) : [])])]
}

/**
 * Which index lookups find the candidates. The rarest terms are read whole until the budget is used up; commoner ones
 * only where they meet a rare one; if all are common, where they meet each other, newest first.
 */
export function planLookups(
  query: PlannedQuery,
  frequencies: ScopeFrequencies,
  options: {isBroad: boolean},
): LookupPlan {
  const counts = wordCounts(frequencies)
  const present = presentTerms(query.terms, counts)
  const weights = query.terms.map((_, index) => present.find((term) => term.index === index)?.weight ?? 0)
  const reach = new Reach(frequencies, options)
  if (query.required) return {lookups: planRequired(query.required, present, {counts, reach}), weights}
  const sequences = present.filter(({isSequence}) => isSequence)
  const singles = present.filter(({isSequence}) => !isSequence)
  const rare = chooseRare(singles, counts.total)
  const common = singles.slice(rare.length)
  return {
    lookups: [
      ...rare.map(({match, weight, index}) => ({match, weight, terms: [index]})),
      ...sequenceLookups(sequences, singles, {counts, reach}),
      ...(rare.length > 0
        ? besideRare(rare, common, {counts, reach})
        : newestOfCommon(common, {counts, reach})),
      ...(rare.length > 0 ? allOfThem(singles, common, reach) : []),
      ...sentence(query, present, {counts, reach}),
    ],
    weights,
  }
}

/** How far back a lookup may go for its cost. */
class Reach {
  readonly #frequencies: ScopeFrequencies
  readonly #isBroad: boolean

  constructor(frequencies: ScopeFrequencies, {isBroad}: {isBroad: boolean}) {
    this.#frequencies = frequencies
    this.#isBroad = isBroad
  }

  /** @param found messages that may be found by it, as far as is known */
  afterId(cost: number, costMax: number, found: number): {afterId?: number} {
    const share = Math.min(costMax / cost, this.#isBroad ? FILTERED_MAX / found : 1)
    if (!(share < 1)) return {}
    const {newest, oldest} = this.#frequencies
    return {afterId: Math.floor(newest - share * (newest - oldest + 1))}
  }
}

interface Means {
  counts: WordCounts
  reach: Reach
}

function chooseRare(singles: readonly Present[], total: number): Present[] {
  const rare: Present[] = []
  let used = 0
  for (const term of singles) {
    const isCommon = total > SMALL_SCOPE && term.count > total * COMMON_SHARE
    if (used + term.count > POSTINGS_MAX || isCommon || rare.length >= RARE_TERMS_MAX) break
    used += term.count
    rare.push(term)
  }
  return rare
}

/** Each way in which a name may stand there by itself: who has its words in a row need not have it as one word. */
function sequenceLookups(
  sequences: readonly Present[],
  singles: readonly Present[],
  {reach}: Means,
): Lookup[] {
  const all = sequences.flatMap((term) => term.alternatives.map((alternative) => ({term, alternative})))
  return all.map(({term, alternative: {match, words, count, cost}}) => {
    const inside = singles.filter((single) => single.words.some((word) => words.includes(word)))
    return {
      match,
      weight: term.weight + SEQUENCE_WEIGHT * full(inside),
      terms: [term.index, ...inside.map(({index}) => index)],
      limit: SEQUENCE_LIMIT,
      ...reach.afterId(cost, SEQUENCES_COST_MAX / all.length, count),
    }
  })
}

/** Commoner terms where rare ones are, and the newest that have the rarest of the common ones without any of those. */
function besideRare(rare: readonly Present[], common: readonly Present[], {counts, reach}: Means): Lookup[] {
  const anyRare = rare.map(({match}) => match).join(' OR ')
  const used = rare.reduce((sum, {count}) => sum + count, 0)
  const isCommon = ({count}: Present) => counts.total > SMALL_SCOPE && count > counts.total * COMMON_SHARE
  const helpful =
    rare.length < RARE_TERMS_MAX && used <= HELPED_POSTINGS_MAX
      ? common.filter((term) => !isCommon(term)).slice(0, COMMON_TERMS_MAX)
      : []
  const lookups: Lookup[] = helpful.map(({match, weight, index}) => ({
    match: `(${anyRare}) AND ${match}`,
    weight,
    terms: [index],
  }))
  const [first, second] = common
  if (first && second && used < POSTINGS_MAX / 2 && rare.length < RARE_TERMS_MAX) {
    const meeting = meetingOf([first, second], reach, NEWEST_MAX)
    lookups.push({...meeting, match: `(${meeting.match}) NOT (${anyRare})`})
  } else if (first && used < NEWEST_MAX) {
    const {match, weight, index} = first
    lookups.push({
      match: `${match} NOT (${anyRare})`,
      weight,
      terms: [index],
      limit: NEWEST_MAX,
      ...reach.afterId(first.count, MEETING_COST_MAX, first.count),
    })
  }
  return lookups
}

/** Whoever has them all is a candidate, however common each of them is. */
function allOfThem(singles: readonly Present[], common: readonly Present[], reach: Reach): Lookup[] {
  if (common.length === 0 || singles.length < 3) return []
  return [meetingOf(singles.slice(0, ALL_TERMS_MAX), reach, ALL_LIMIT)]
}

/** All words in a row: whoever has the sentence is read closely, however many have its words. */
function sentence(
  {verbatim, terms}: PlannedQuery,
  present: readonly Present[],
  {counts, reach}: Means,
): Lookup[] {
  if (!verbatim || verbatim.length > SENTENCE_WORDS_MAX) return []
  const text = verbatim.join(' ')
  // A path or a phrase that is the whole query is looked for as such.
  if (terms.some(({sequences}) => sequences?.some((words) => words.join(' ') === text))) return []
  const each = verbatim.map((word) => counts.of(matchOfWord(word)))
  const found = Math.min(...each)
  if (found === 0) return []
  return [
    {
      match: `"${text}"`,
      weight: SENTENCE_WEIGHT * full(present),
      terms: present.map(({index}) => index),
      limit: SENTENCES_MAX,
      isVerbatim: true,
      ...reach.afterId(sequenceCost(each), SENTENCE_COST_MAX, found),
    },
  ]
}

function newestOfCommon(common: readonly Present[], {reach}: Means): Lookup[] {
  const some = common.slice(0, 6)
  const counts = new Set([6, 4, 3, 2, 1].map((count) => Math.min(count, some.length)))
  counts.delete(0)
  return [...counts].map((count) => meetingOf(some.slice(0, count), reach, NEWEST_MAX))
}

function meetingOf(terms: readonly Present[], reach: Reach, limit: number): Lookup {
  const each = terms.map(({count}) => count)
  return {
    match: terms.map(({match}) => match).join(' AND '),
    weight: full(terms),
    terms: terms.map(({index}) => index),
    limit,
    ...reach.afterId(sequenceCost(each), MEETING_COST_MAX, Math.min(...each)),
  }
}

/** What must be there ranks by FTS5 itself where that is cheap; else the newest, and those that have more of the query. */
function planRequired(required: string, present: readonly Present[], {counts, reach}: Means): Lookup[] {
  const matches = matchesOfExpression(required)
  const each = matches.map((match) => counts.of(match))
  const cost = each.reduce((sum, count) => sum + count, 0)
  const more = present.filter(({words}) => !words.every((word) => matches.includes(word)))
  const others = more.slice(0, REQUIRED_TERMS_MAX)
  const reached = reach.afterId(cost, REQUIRED_COST_MAX / (1 + others.length), Math.max(0, ...each))
  const limits = {limit: REQUIRED_LIMIT, ...reached}
  return [
    {match: required, weight: 0.1, terms: [], ...limits},
    ...(cost <= RANKED_COST_MAX
      ? [{match: required, weight: 1, terms: [], order: 'bm25' as const, ...limits}]
      : []),
    ...others.map(({match, weight, index}) => ({
      match: `(${required}) AND ${match}`,
      weight,
      terms: [index],
      ...limits,
    })),
  ]
}

function full(terms: readonly Present[]): number {
  return terms.reduce((sum, term) => sum + term.weight, 0)
}

/** Names and phrases by how many candidates have them: to count them before would be to look for them twice. */
export function weighFound(
  query: PlannedQuery,
  weights: readonly number[],
  {rows, frequencies}: {rows: readonly FoundRow[]; frequencies: ScopeFrequencies},
): number[] {
  const counts = wordCounts(frequencies)
  const sequences = presentTerms(query.terms, counts).filter(({isSequence}) => isSequence)
  const weighed = [...weights]
  for (const {index} of sequences) {
    const found = rows.filter(({terms}) => terms.has(index)).length
    weighed[index] = inverseFrequency(counts.total, found)
  }
  return weighed
}
