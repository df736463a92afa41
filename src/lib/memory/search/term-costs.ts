import type {ScopeFrequencies} from './frequency-cache.ts'
import {type Alternative, alternativeMatch, matchOfWord, type Term} from './understand-query.ts'

/** To look whether one message has a word, against going one entry further. */
const SEEK_COST = 30

export interface WordCounts {
  total: number
  /** Messages that match the expression of a word. */
  of: (match: string) => number
}

export function wordCounts(frequencies: ScopeFrequencies): WordCounts {
  return {total: frequencies.total, of: (match) => frequencies.counts.get(match) ?? 0}
}

/** A term that some message may have. */
export interface Present {
  index: number
  match: string
  /** By which its words are counted. */
  words: readonly string[]
  alternatives: readonly PresentAlternative[]
  /** Messages that have it; of words one after the other at most so many. */
  count: number
  weight: number
  /** Some of it is several words one after the other. */
  isSequence: boolean
}

/** One of the ways in which it may stand there. */
export interface PresentAlternative {
  match: string
  words: readonly string[]
  count: number
  /** Entries of the index that are gone through to find it. */
  cost: number
}

/** Rarest first. */
export function presentTerms(terms: readonly Term[], counts: WordCounts): Present[] {
  return terms
    .map((term, index) => presentTerm(term, index, counts))
    .filter(({count}) => count > 0)
    .sort((a, b) => a.count - b.count)
}

function presentTerm({alternatives}: Term, index: number, counts: WordCounts): Present {
  const each = alternatives.map((alternative) => ({alternative, counts: countsOf(alternative, counts)}))
  const there = each.filter(({counts: parts}) => Math.min(...parts) > 0)
  const present = there.map(({alternative, counts: parts}) => ({
    match: alternativeMatch(alternative),
    words: matchesOf(alternative),
    count: Math.min(...parts),
    cost: sequenceCost(parts),
  }))
  return {
    index,
    match: `(${present.map(({match}) => match).join(' OR ')})`,
    words: present.flatMap(({words}) => words),
    alternatives: present,
    count: sum(present.map(({count}) => count)),
    weight: inverseFrequency(
      counts.total,
      sum(there.map(({counts: parts}) => expectedTogether(parts, counts.total))),
    ),
    isSequence: present.some(({words}) => words.length > 1),
  }
}

function countsOf(alternative: Alternative, counts: WordCounts): number[] {
  return matchesOf(alternative).map((match) => counts.of(match))
}

export function matchesOf({words, isBeginning}: Alternative): string[] {
  return words.map((word) => matchOfWord(word, isBeginning))
}

/** As if words had nothing to do with each other. */
function expectedTogether(each: readonly number[], total: number): number {
  const together = each.reduce((product, count) => (product * Math.min(count, total)) / total, total)
  return each.length === 1 ? together : Math.min(Math.max(1, together), ...each)
}

/** To find where words meet: all entries of all of them, or each of the rarest looked for among the others. */
export function sequenceCost(each: readonly number[]): number {
  return Math.min(sum(each), SEEK_COST * Math.min(...each) * each.length)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** BM25's, kept above zero: a term in every message still breaks ties. */
export function inverseFrequency(total: number, count: number): number {
  return count === 0 ? 0 : Math.log(1 + (total - Math.min(count, total) + 0.5) / (count + 0.5))
}
