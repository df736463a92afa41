import type {Lookup} from '../../storage/search-store.ts'
import type {Term} from './understand-query.ts'

/** Index entries that one search may sort through: what a machine does in some 20 ms. */
export const POSTINGS_MAX = 8_000
/** Terms in more of the messages than this share don't pick candidates; they still count in the ranking. */
const COMMON_SHARE = 0.1
/** In a workspace this small no term is too common. */
const SMALL_SCOPE = 5_000
const COMMON_TERMS_MAX = 2
const ALL_TERMS_MAX = 8
const ALL_LIMIT = 200
const SENTENCE_WORDS_MAX = 16
const SENTENCES_MAX = 50
/** The rarest few find what is to be found; the others are for the ranking. */
const RARE_TERMS_MAX = 8
const NEWEST_MAX = 1_000

export interface LookupPlan {
  lookups: Lookup[]
  weights: number[]
}

/**
 * Which index lookups find the candidates. The rarest terms are read whole until the budget is used up; commoner ones
 * only where they meet a rare one; if all are common, where they meet each other, newest first.
 * @param frequencies messages per term, and the size of the scope last
 */
export function planLookups(
  {
    terms,
    required,
    verbatim,
  }: {terms: readonly Term[]; required: string | null; verbatim: readonly string[] | null},
  frequencies: readonly number[],
): LookupPlan {
  const total = Math.max(1, frequencies.at(-1) ?? 1)
  const weights = terms.map((_, i) => inverseFrequency(total, frequencies[i] ?? 0))
  const present = terms
    .map((term, index) => ({
      index,
      match: `(${term.match})`,
      count: frequencies[index] ?? 0,
      weight: weights[index] ?? 0,
    }))
    .filter((term) => term.count > 0)
    .sort((a, b) => a.count - b.count)
  if (required) return {lookups: [{match: required, weight: 1, terms: [], limit: NEWEST_MAX}], weights}
  const rare: Present[] = []
  let used = 0
  const isCommon = (count: number) => total > SMALL_SCOPE && count > total * COMMON_SHARE
  for (const term of present) {
    if (used + term.count > POSTINGS_MAX || isCommon(term.count) || rare.length >= RARE_TERMS_MAX) break
    used += term.count
    rare.push(term)
  }
  const common = present.slice(rare.length)
  if (rare.length === 0)
    return {lookups: [...sentence(present, verbatim), ...newestOfCommon(common)], weights}
  const anyRare = rare.map((term) => term.match).join(' OR ')
  const lookups: Lookup[] = rare.map(({match, weight, index}) => ({match, weight, terms: [index]}))
  const helpful =
    rare.length < RARE_TERMS_MAX
      ? common.filter((term) => !isCommon(term.count)).slice(0, COMMON_TERMS_MAX)
      : []
  for (const {match, weight, index} of helpful) {
    lookups.push({match: `(${anyRare}) AND ${match}`, weight, terms: [index]})
  }
  const [first, second] = common
  if (first && second && used < POSTINGS_MAX / 2 && rare.length < RARE_TERMS_MAX) {
    lookups.push({
      match: `(${first.match} AND ${second.match}) NOT (${anyRare})`,
      weight: first.weight + second.weight,
      terms: [first.index, second.index],
      limit: NEWEST_MAX,
    })
  } else if (first && used < NEWEST_MAX) {
    lookups.push({
      match: `${first.match} NOT (${anyRare})`,
      weight: first.weight,
      terms: [first.index],
      limit: NEWEST_MAX,
    })
  }
  // Whoever has them all is a candidate, however common each of them is.
  if (common.length > 0 && present.length > 2) {
    lookups.push({
      match: present
        .slice(0, ALL_TERMS_MAX)
        .map((term) => term.match)
        .join(' AND '),
      weight: full(present),
      terms: present.slice(0, ALL_TERMS_MAX).map((term) => term.index),
      limit: ALL_LIMIT,
    })
  }
  lookups.push(...sentence(present, verbatim))
  return {lookups, weights}
}

/** All words in a row: whoever has the sentence is read closely, however many have its words. */
function sentence(present: readonly Present[], verbatim: readonly string[] | null): Lookup[] {
  if (!verbatim || verbatim.length > SENTENCE_WORDS_MAX) return []
  return [
    {
      match: `"${verbatim.join(' ')}"`,
      weight: 2 * full(present),
      terms: present.map((term) => term.index),
      limit: SENTENCES_MAX,
      isVerbatim: true,
    },
  ]
}

function full(terms: readonly Present[]): number {
  return terms.reduce((sum, term) => sum + term.weight, 0)
}

type Present = {index: number; match: string; count: number; weight: number}

function newestOfCommon(common: readonly Present[]): Lookup[] {
  const some = common.slice(0, 6)
  const [first, second, third] = some
  const lookups: Lookup[] = []
  const add = (terms: readonly (Present | undefined)[], limit: number) => {
    const present = terms.filter((term) => term !== undefined)
    if (present.length < terms.length) return
    const weight = present.reduce((sum, term) => sum + term.weight, 0)
    lookups.push({
      match: present.map((term) => term.match).join(' AND '),
      weight,
      terms: present.map((term) => term.index),
      limit,
    })
  }
  if (some.length > 3) add(some, NEWEST_MAX)
  if (some.length > 4) add(some.slice(0, 4), NEWEST_MAX)
  add([first, second, third], NEWEST_MAX)
  add([first, second], NEWEST_MAX)
  add([first], NEWEST_MAX)
  return lookups
}

/** BM25's, kept above zero: a term in every message still breaks ties. */
export function inverseFrequency(total: number, count: number): number {
  return count === 0 ? 0 : Math.log(1 + (total - Math.min(count, total) + 0.5) / (count + 0.5))
}
