import type {TextForms} from './text-forms.ts'
import type {Term} from './understand-query.ts'

export interface TermHits {
  /** How often, per term of the query. */
  counts: number[]
  /** As typed, not only by stem. */
  exact: number[]
  /** Where: offset and term, in order, so many of each term. */
  spots: {at: number; end: number; term: number}[]
  verbatim: boolean
}

export interface Scanner {
  scan: (text: string) => TermHits
}

/** Of one term: a log that says a word a thousand times says no more than one that says it a hundred times. */
const SPOTS_PER_TERM_MAX = 60

/**
 * What the index can't tell: how often, how exactly and how close together. Looks for the beginnings of the stems as
 * pieces of text, which takes a small part of the time of going through a text word by word.
 */
export function createScanner(
  terms: readonly Term[],
  {verbatim, forms}: {verbatim: readonly string[] | null; forms: TextForms},
): Scanner {
  const probes = makeProbes(terms)
  return {
    scan(text) {
      const folded = forms.fold(text)
      const hits: TermHits = {
        counts: terms.map(() => 0),
        exact: terms.map(() => 0),
        spots: [],
        verbatim: false,
      }
      for (const [beginning, byStem] of probes) {
        findWords({text, folded}, beginning, (at, end) => {
          const word = folded.slice(at, end)
          for (const term of byStem.get(forms.stem(word)) ?? [])
            note(hits, term, at, end, terms[term]?.text === word)
        })
      }
      terms.forEach((term, index) => {
        for (const words of term.sequences ?? [])
          findSequence(folded, words, (at, end) => note(hits, index, at, end, true))
        if (term.literal) findLiteral(folded, term.literal, (at, end) => note(hits, index, at, end, true))
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

/** Terms by stem, by the beginning that every word of the stem has. */
function makeProbes(terms: readonly Term[]): Map<string, Map<string, number[]>> {
  const probes = new Map<string, Map<string, number[]>>()
  terms.forEach((term, index) => {
    for (const stem of term.stems) {
      // A stem differs from its words in its last letter at most ("happi", "hope" of "hoping").
      const beginning = stem.slice(0, Math.max(2, stem.length - 1))
      const byStem = probes.get(beginning) ?? new Map<string, number[]>()
      byStem.set(stem, [...(byStem.get(stem) ?? []), index])
      probes.set(beginning, byStem)
    }
  })
  return probes
}

/** Words that begin so, and parts of camelCase that do. */
function findWords(
  {text, folded}: {text: string; folded: string},
  beginning: string,
  visit: (at: number, end: number) => void,
): void {
  for (let at = folded.indexOf(beginning); at >= 0; at = folded.indexOf(beginning, at + 1)) {
    const isPart = at > 0 && isWordCode(folded.charCodeAt(at - 1))
    if (isPart && !isPartStart(text, at)) continue
    let end = at + 1
    let partEnd = 0
    for (; end < folded.length && isWordCode(folded.charCodeAt(end)); end++)
      if (partEnd === 0 && isPartStart(text, end)) partEnd = end
    if (partEnd > 0) visit(at, partEnd)
    if (partEnd === 0 || !isPart) visit(at, end)
  }
}

function isPartStart(text: string, at: number): boolean {
  return isUpper(text.charCodeAt(at)) && !isUpper(text.charCodeAt(at - 1))
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
  const count = (hits.counts[term] ?? 0) + 1
  hits.counts[term] = count
  if (exact) hits.exact[term] = (hits.exact[term] ?? 0) + 1
  if (count <= SPOTS_PER_TERM_MAX) hits.spots.push({at, end, term})
}

/** Outside ASCII all but blanks and general punctuation counts as a letter: close enough, and the stem decides. */
function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  return code >= 0xaa && !(code >= 0x2000 && code <= 0x206f) && code !== 0xd7 && code !== 0xf7
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90
}
