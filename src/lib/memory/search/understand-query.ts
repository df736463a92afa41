import {parseTimestamp} from '../../model/timestamp.ts'
import {irregularForms, STOP_WORDS} from './english.ts'
import {foldText} from './fold-text.ts'
import {parseOperators} from './operators.ts'
import {porterStem} from './porter-stem.ts'
import {readTimeWords, type TimeWords} from './time-words.ts'
import {isAscii, splitWords} from './words.ts'

export type TermKind = 'word' | 'prefix' | 'whole' | 'phrase' | 'cjk' | 'emoji'

/** Words of the index one after the other; the beginning of one. */
export interface Alternative {
  words: readonly string[]
  isBeginning?: boolean
}

/** One thing that is looked for. A message counts it once however many of its forms it has. */
export interface Term {
  kind: TermKind
  /** What the person typed. */
  text: string
  /** Any of these in the index. */
  alternatives: readonly Alternative[]
  /** The same as an FTS5 expression, already quoted. */
  match: string
  /** For words: stems that count, the first is the word's own. */
  stems: readonly string[]
  /** For others: words one after the other with nothing but punctuation and blanks between (a_b, a.b, aB, "a b"). */
  sequences?: readonly (readonly string[])[]
  /** Or a piece of text, wherever it stands. */
  literal?: string
}

export interface QueryScopes {
  project?: string
  author?: string
  type?: string
  source?: string
  sessionId?: string
  since?: string
  until?: string
}

export interface QueryPlan {
  terms: Term[]
  /** Terms for when none of those is in any message. */
  spare: Term[]
  /** An FTS5 expression that a message must match: operators or quotes that were meant. */
  required: string | null
  scopes: QueryScopes
  time: TimeWords | null
  /** Asks for a time, so that a message which names one is likelier to answer. */
  asksWhen: boolean
  /** All words of the query in a row, when they are enough to be told from chance. */
  verbatim: readonly string[] | null
  /** Words as typed, folded: for names of speakers. */
  names: ReadonlySet<string>
  cut: boolean
}

/** Characters of a query that are read: a pasted log is known by its first lines. */
export const QUERY_CHARS_MAX = 4_000
/** Different things that are looked for; each is one look into the index. */
export const TERMS_MAX = 16
/** A pasted text may begin with words that nobody used; how far on a search looks for one that somebody did. */
const SPARE_TERMS_END = 4 * TERMS_MAX

const SCOPE = /(?:^|\s)(project|author|type|source|session|since|until):(?:"([^"]*)"|(\S+))/gi
const WHEN =
  /^\s*(?:when|since when|how long|what (?:date|day|month|year|time)|which (?:day|month|year|date))\b/i
export const CJK =
  '\\u0e01-\\u0fff\\u1000-\\u11ff\\u1780-\\u17ff\\u2e80-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{2fa1f}'
/** Never met in ASCII, so not even compiled for it. */
const cjkRuns = (text: string) => (isAscii(text) ? [] : (text.match(new RegExp(`[${CJK}]+`, 'gu')) ?? []))
const emojiOf = (text: string) =>
  isAscii(text) ? [] : (text.match(/[\u2600-\u27bf\u{1f000}-\u{1faff}]/gu) ?? [])

export interface UnderstandOptions {
  /** ISO 8601 with the asker's offset. */
  now: string
  /** Default true. */
  readsTime?: boolean
  /** Default true. */
  readsScopes?: boolean
}

export function understandQuery(query: string, options: UnderstandOptions): QueryPlan {
  const cut = query.length > QUERY_CHARS_MAX
  const read = query.slice(0, QUERY_CHARS_MAX).replaceAll('\0', ' ')
  const {text, scopes} = options.readsScopes === false ? {text: read, scopes: {}} : takeScopes(read)
  const operators = parseOperators(text)
  const plain = operators ? operators.positive : text
  const time = options.readsTime === false ? null : readTimeWords(plain, options.now)
  const quoted = operators ? [] : [...plain.matchAll(/"([^"]{2,})"/g)].map((match) => (match[1] ?? '').trim())
  const terms = collectTerms(plain, quoted, new Set(time?.words))
  const required = operators?.expression ?? (quoted.map(phraseMatch).filter(Boolean).join(' AND ') || null)
  return {
    terms: terms.slice(0, TERMS_MAX),
    spare: terms.slice(TERMS_MAX, SPARE_TERMS_END),
    required,
    scopes,
    time,
    asksWhen: WHEN.test(plain),
    verbatim: verbatimWords(plain),
    names: new Set(splitWords(foldText(plain))),
    cut: cut || terms.length > TERMS_MAX,
  }
}

function takeScopes(query: string): {text: string; scopes: QueryScopes} {
  const scopes: QueryScopes = {}
  const text = query.replace(SCOPE, (whole: string, name: string, quoted?: string, bare?: string) => {
    const value = quoted ?? bare ?? ''
    const key = name.toLowerCase()
    if (key === 'since' || key === 'until') {
      if (!parseTimestamp(value)) return whole
      scopes[key] = value
    } else if (key === 'session') scopes.sessionId = value
    else scopes[key as 'project' | 'author' | 'type' | 'source'] = value
    return ' '
  })
  return {text: text.trim(), scopes}
}

/** Likeliest to tell messages apart first, because only TERMS_MAX are looked up. */
function collectTerms(text: string, quoted: string[], dropped: ReadonlySet<string>): Term[] {
  const terms = new Map<string, Term>()
  const add = (term: Term | null) => {
    if (term && !terms.has(term.match)) terms.set(term.match, term)
  }
  for (const phrase of quoted) add(sequenceTerm('phrase', phrase))
  for (const [, beginning] of text.includes('*')
    ? text.matchAll(/(?:^|\s)([\p{L}\p{N}_]{2,})\*(?=\s|$)/gu)
    : [])
    add(prefixTerm(beginning ?? ''))
  const chunks = text.split(/\s+/).map(trimPunctuation).filter(Boolean)
  for (const chunk of chunks) add(identifierTerm(chunk))
  for (const run of cjkRuns(text)) for (const term of cjkTerms(run)) add(term)
  for (const emoji of emojiOf(text)) add(emojiTerm(emoji))
  const words = [...new Set(chunks.flatMap(wordsOfChunk))].filter((word) => !dropped.has(word))
  const telling = words.filter((word) => !STOP_WORDS.has(word))
  const chosen = telling.length > 0 || terms.size > 0 ? telling : words
  const byStem = new Map<string, Term>()
  for (const word of chosen) {
    const term = wordTerm(word)
    if (!byStem.has(term.stems[0] ?? word)) byStem.set(term.stems[0] ?? word, term)
  }
  for (const term of longestFirst([...byStem.values()])) add(term)
  return [...terms.values()]
}

/** The order matters only when there are more than can be looked up; then long words are the rarer ones. */
function longestFirst(terms: Term[]): Term[] {
  if (terms.length <= TERMS_MAX / 2) return terms
  return terms.sort((a, b) => Math.min(b.text.length, 20) - Math.min(a.text.length, 20))
}

function trimPunctuation(chunk: string): string {
  return chunk.replace(
    isAscii(chunk) ? /^[^A-Za-z0-9#@$./~_-]+|[^A-Za-z0-9]+$/g : /^[^\p{L}\p{N}#@$./~_-]+|[^\p{L}\p{N}]+$/gu,
    '',
  )
}

function wordsOfChunk(chunk: string): string[] {
  const latin = isAscii(chunk) ? chunk : chunk.replace(new RegExp(`[${CJK}]+`, 'gu'), ' ')
  const whole = splitWords(foldText(latin))
  const parts = splitWords(foldText(splitCamelCase(latin)))
  const words = [...whole, ...parts.filter((part) => part.length > 1)]
  // The 9 of "10.9.8.7" tells nothing by itself, and stands in every log.
  return whole.length > 1 ? words.filter((word) => !/^\d{1,2}$/.test(word)) : words
}

export function splitCamelCase(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
}

/** Words, not stems, go into the expression: the index stems what it is asked, and twice is once too often. */
function wordTerm(word: string): Term {
  const words = [word, ...irregularForms(word)]
  return {
    kind: 'word',
    text: word,
    ...anyOf(words.map((form) => ({words: [form]}))),
    stems: [...new Set(words.map(porterStem))],
  }
}

function anyOf(alternatives: readonly Alternative[]): Pick<Term, 'alternatives' | 'match'> {
  return {alternatives, match: alternatives.map(alternativeMatch).join(' OR ')}
}

/** The expression by which a word is counted. */
export function matchOfWord(word: string, isBeginning = false): string {
  return alternativeMatch({words: [word], isBeginning})
}

/** The words of an expression of ours, which are in quotes, as what they are counted by. */
export function matchesOfExpression(expression: string): string[] {
  return [...expression.matchAll(/"([^"]+)"( \*)?/g)].flatMap(([, text = '', star]) => {
    const words = text.split(' ')
    return words.map((word, index) => matchOfWord(word, star !== undefined && index === words.length - 1))
  })
}

export function alternativeMatch({words, isBeginning}: Alternative): string {
  return quote(words.join(' ')) + (isBeginning ? ' *' : '')
}

/** Names of code, paths, versions, numbers of issues, hashes: looked for whole, beside their parts. */
function identifierTerm(chunk: string): Term | null {
  if (/^#\d+$/.test(chunk))
    return {kind: 'whole', text: chunk, ...anyOf([{words: [chunk.slice(1)]}]), stems: [], literal: chunk}
  const folded = foldText(chunk)
  if (/^[0-9a-f]{7,64}$/.test(folded) && /\d/.test(folded)) return hashTerm(folded)
  const camel = splitWords(foldText(splitCamelCase(chunk)))
  const words = splitWords(folded)
  const [first = '', ...others] = words
  // "v5.1.17" also stands as "5.1.17", or behind a name and an @.
  if (others.length > 0 && /^v\d+$/.test(first))
    return sequences('whole', [words, [first.slice(1), ...others]], chunk)
  if (words.length > 1) return sequences('whole', [words], chunk)
  if (camel.length < 2) return null
  return {...sequences('whole', [camel], chunk), ...anyOf([{words}, {words: camel}])}
}

function hashTerm(hash: string): Term {
  const short = hash.slice(0, 7)
  const shorter = hash.length > 7 ? [{words: [short]}, {words: [hash.slice(0, 8)]}] : []
  const whole = {words: [hash], isBeginning: true}
  return {kind: 'whole', text: hash, ...anyOf([whole, ...shorter]), stems: [], literal: short}
}

/** The beginning of a word. */
function prefixTerm(beginning: string): Term {
  const folded = foldText(beginning)
  const alternative = {words: [folded], isBeginning: true}
  return {kind: 'prefix', text: `${beginning}*`, ...anyOf([alternative]), stems: [], literal: folded}
}

const PREFIX_CHARS_MIN = 3

/** The plan for when none of the words was found: they may be the beginnings of others. */
export function readAsBeginnings(plan: QueryPlan): QueryPlan {
  const words = plan.terms.filter(({kind, text}) => kind === 'word' && text.length >= PREFIX_CHARS_MIN)
  return {...plan, required: null, verbatim: null, terms: words.map(({text}) => prefixTerm(text))}
}

/** The plan with beginnings so short that half a vocabulary has them read as words. */
export function withoutShortBeginnings(plan: QueryPlan, charsMin: number): QueryPlan {
  const isShort = (text: string) => text.length < charsMin
  const terms = plan.terms.map((term) =>
    term.kind === 'prefix' && isShort(term.literal ?? '') ? wordTerm(term.literal ?? '') : term,
  )
  const required =
    plan.required?.replace(/"([^" ]+)" \*/g, (whole, word: string) =>
      isShort(word) ? quote(word) : whole,
    ) ?? null
  return {...plan, terms, required, cut: true}
}

export function hasBeginnings({terms, required}: QueryPlan): boolean {
  return terms.some(({kind}) => kind === 'prefix') || (required?.includes('" *') ?? false)
}

function sequenceTerm(kind: TermKind, text: string): Term | null {
  const words = splitWords(foldText(text))
  return words.length === 0 ? null : sequences(kind, [words], text)
}

function sequences(kind: TermKind, each: string[][], text: string): Term {
  return {kind, text, ...anyOf(each.map((words) => ({words}))), stems: [], sequences: each}
}

function cjkTerms(run: string): Term[] {
  const characters = [...run]
  if (characters.length === 1) {
    return [{kind: 'cjk', text: run, ...anyOf([{words: [run], isBeginning: true}]), stems: [], literal: run}]
  }
  return characters.slice(1).map((character, i) => {
    const pair = (characters[i] ?? '') + character
    return {kind: 'cjk', text: pair, ...anyOf([{words: [pair]}]), stems: [], literal: pair}
  })
}

function emojiTerm(emoji: string): Term {
  const code = `u${(emoji.codePointAt(0) ?? 0).toString(16)}x`
  return {kind: 'emoji', text: emoji, ...anyOf([{words: [code]}]), stems: [], literal: emoji}
}

function phraseMatch(phrase: string): string {
  return quote(splitWords(foldText(phrase)).join(' '))
}

const VERBATIM_WORDS_MIN = 3

function verbatimWords(text: string): string[] | null {
  const words = splitWords(foldText(text))
  const informative = words.filter((word) => !STOP_WORDS.has(word))
  if (words.length < VERBATIM_WORDS_MIN || words.length > 60 || informative.length < 2) return null
  return words
}

function quote(text: string): string {
  return text === '' ? '' : `"${text.replaceAll('"', '""')}"`
}
