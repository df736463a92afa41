import {foldText} from './fold-text.ts'
import {porterStem} from './porter-stem.ts'
import type {Term} from './understand-query.ts'

export interface TermHits {
  /** How often, per term of the query. */
  counts: number[]
  /** As typed, not only by stem. */
  exact: number[]
  /** Where: offset and term, in order, at most HITS_MAX. */
  spots: {at: number; end: number; term: number}[]
  verbatim: boolean
}

export interface Scanner {
  scan: (text: string) => TermHits
}

const SPOTS_MAX = 400

/**
 * What the index can't tell: how often, how exactly and how close together. Finds the few words that could count by the
 * beginning of their stems, instead of stemming every word of a message.
 */
export function createScanner(terms: readonly Term[], verbatim: readonly string[] | null): Scanner {
  const byStem = new Map<string, number[]>()
  terms.forEach((term, index) => {
    for (const stem of term.stems) byStem.set(stem, [...(byStem.get(stem) ?? []), index])
  })
  // A stem differs from its words in its last letters at most ("happi", "usabl"): other words need no stemming.
  const beginnings = new Set([...byStem.keys()].map(beginningOf))
  return {
    scan(text) {
      const folded = foldText(text)
      const hits: TermHits = {
        counts: terms.map(() => 0),
        exact: terms.map(() => 0),
        spots: [],
        verbatim: false,
      }
      forEachWord(text, folded, (at, end) => {
        if (!beginnings.has(folded.charCodeAt(at) * 65_536 + (end - at > 1 ? folded.charCodeAt(at + 1) : 0)))
          return
        const word = folded.slice(at, end)
        for (const term of byStem.get(stemOf(word)) ?? [])
          note(hits, term, at, end, terms[term]?.text === word)
      })
      terms.forEach((term, index) => {
        if (term.sequence) findSequence(folded, term.sequence, (at, end) => note(hits, index, at, end, true))
        else if (term.literal)
          findLiteral(folded, term.literal, (at, end) => note(hits, index, at, end, true))
      })
      hits.spots.sort((a, b) => a.at - b.at)
      if (verbatim && hits.counts.every((count) => count > 0)) {
        findSequence(folded, verbatim, () => {
          hits.verbatim = true
        })
      }
      return hits
    },
  }
}

function beginningOf(stem: string): number {
  return stem.charCodeAt(0) * 65_536 + (stem.length > 1 ? stem.charCodeAt(1) : 0)
}

const GAP_MAX = 4

function findSequence(
  folded: string,
  words: readonly string[],
  visit: (at: number, end: number) => void,
): void {
  const first = words[0]
  if (!first) return
  for (let at = folded.indexOf(first); at >= 0; at = folded.indexOf(first, at + 1)) {
    if (isWordCode(folded.charCodeAt(at - 1))) continue
    const end = endOfSequence(folded, at, words)
    if (end > 0) visit(at, end)
  }
}

/** Where the words end that begin here; 0 when they don't stand here. */
function endOfSequence(folded: string, start: number, words: readonly string[]): number {
  let at = start
  for (const [i, word] of words.entries()) {
    if (i > 0)
      for (let gap = 0; gap < GAP_MAX && at < folded.length && !isWordCode(folded.charCodeAt(at)); gap++) at++
    if (!folded.startsWith(word, at)) return 0
    at += word.length
  }
  return isWordCode(folded.charCodeAt(at)) ? 0 : at
}

function findLiteral(folded: string, literal: string, visit: (at: number, end: number) => void): void {
  for (let at = folded.indexOf(literal); at >= 0; at = folded.indexOf(literal, at + literal.length)) {
    const end = at + literal.length
    const cutsNumber = literal.startsWith('#') && /[0-9]/.test(folded[end] ?? '')
    if (!cutsNumber) visit(at, end)
  }
}

function note(hits: TermHits, term: number, at: number, end: number, exact: boolean): void {
  hits.counts[term] = (hits.counts[term] ?? 0) + 1
  if (exact) hits.exact[term] = (hits.exact[term] ?? 0) + 1
  if (hits.spots.length < SPOTS_MAX) hits.spots.push({at, end, term})
}

const stems = new Map<string, string>()
const STEMS_MAX = 50_000

function stemOf(word: string): string {
  let stem = stems.get(word)
  if (stem === undefined) {
    stem = porterStem(word)
    if (stems.size >= STEMS_MAX) stems.clear()
    stems.set(word, stem)
  }
  return stem
}

/** The words of a text with their parts in camelCase, by one pass over its characters: expressions take ten times as long. */
function forEachWord(text: string, folded: string, visit: (at: number, end: number) => void): void {
  const length = folded.length
  let at = -1
  let part = -1
  for (let i = 0; i <= length; i++) {
    if (i < length && isWordCode(folded.charCodeAt(i))) {
      if (at < 0) {
        at = i
        part = i
      } else if (isUpper(text.charCodeAt(i)) && !isUpper(text.charCodeAt(i - 1))) {
        visit(part, i)
        part = i
      }
      continue
    }
    if (at < 0) continue
    visit(at, i)
    if (part > at) visit(part, i)
    at = -1
  }
}

/** Outside ASCII all but blanks and general punctuation counts as a letter: close enough, and the stem decides. */
function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  return code >= 0xaa && !(code >= 0x2000 && code <= 0x206f) && code !== 0xd7 && code !== 0xf7
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90
}
