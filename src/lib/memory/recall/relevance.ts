import {openScope} from '../../storage/search-scope.ts'
import {STOP_WORDS} from '../search/english.ts'
import {countedMatches} from '../search/plan-lookups.ts'
import {porterStem} from '../search/porter-stem.ts'
import {createScanner, type Scanner} from '../search/scan-text.ts'
import type {SearchEngine} from '../search/search-engine.ts'
import {presentTerms, wordCounts} from '../search/term-costs.ts'
import type {TextForms} from '../search/text-forms.ts'
import type {TimeWindow} from '../search/time-words.ts'
import {type Term, understandQuery} from '../search/understand-query.ts'

/** Verbs and nouns of asking: a text that shares only these with a question is about something else. */
const ASKING_WORDS: ReadonlySet<string> = new Set(
  `remind recall remember know think say said mention talk discuss decide agree tell explain summarize describe find
  show give look check happen kind type sort name thing way like likely might would mean meaning word use make good
  best new year month week time day please help`
    .split(/\s+/)
    .map(porterStem),
)
const ASKING_WEIGHT = 0.2
/** What the memory has never heard of tells most: a question about it is not answered here. */
const UNHEARD_WEIGHT = 2.5
/** What stands in the messages beside it makes a passage clearer, but does not make it the answer. */
const NEARBY_WEIGHT = 0.5
/** With one word in common a text is about the question only if that word is most of it. */
const ONE_TERM_SHARE_MIN = 0.6
/** Length of what can be quoted of a text: words that lie further apart have nothing to do with each other. */
const WINDOW_CHARS = 700
const DAY_MS = 86_400_000
/** Things are told after they happened. */
const TOLD_AFTER_DAYS = 15
const CALENDAR_WORD =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|20\d\d|\d{1,2}(?:st|nd|rd|th)?)$/

export interface Judged {
  /** 0 to 1: how much of the question this is about. */
  share: number
  /** Where the most of it stands. */
  at: number
}

interface Judge {
  terms: readonly Term[]
  weights: readonly number[]
  windows: readonly TimeWindow[]
  forms: TextForms
  windowChars: number
}

/**
 * How much of a question a text is about: the share of what the question's words tell (their inverse document
 * frequency) that one passage of the text has. A search answers with the nearest it has, however far away that is;
 * this says how far.
 */
export class Relevance {
  readonly #terms: readonly Term[]
  readonly #weights: readonly number[]
  readonly #windows: readonly TimeWindow[]
  readonly #scanner: Scanner
  readonly #total: number
  readonly #windowChars: number

  constructor({terms, weights, windows, forms, windowChars}: Judge) {
    this.#terms = terms
    this.#weights = weights
    this.#windows = windows
    this.#windowChars = windowChars
    this.#scanner = createScanner(terms, {verbatim: null, forms})
    this.#total = weights.reduce((sum, weight) => sum + weight, 0)
  }

  judge(text: string, around: {timestampMs: number; nearby: readonly string[]}): Judged {
    if (this.#total === 0) return {share: 0, at: 0}
    const {at, own} = this.#densest(this.#scanner.scan(text).spots)
    const nearby = around.nearby.map((neighbour) => this.#scanner.scan(neighbour).counts)
    const isThen = this.#isWithin(around.timestampMs)
    let sum = 0
    let telling = 0
    this.#terms.forEach((term, i) => {
      const weight = this.#weights[i] ?? 0
      if (own.has(i)) {
        sum += weight
        if (!isAsking(term)) telling++
      } else if (isThen && this.#isCalendar(term)) sum += weight
      else if (nearby.some((counts) => (counts[i] ?? 0) > 0)) sum += NEARBY_WEIGHT * weight
    })
    const share = sum / this.#total
    const asked = this.#terms.filter((term) => !isAsking(term) && !this.#isCalendar(term)).length
    return {share: telling < Math.min(2, asked) && share < ONE_TERM_SHARE_MIN ? 0 : share, at}
  }

  #isCalendar(term: Term): boolean {
    return this.#windows.length > 0 && CALENDAR_WORD.test(term.text)
  }

  #isWithin(timestampMs: number): boolean {
    return this.#windows.some(
      ({fromMs, toMs}) => timestampMs >= fromMs - DAY_MS && timestampMs < toMs + TOLD_AFTER_DAYS * DAY_MS,
    )
  }

  /** The passage with the most of the question, and which of its terms it has. */
  #densest(spots: readonly {at: number; term: number}[]): {at: number; own: ReadonlySet<number>} {
    let best: {at: number; own: ReadonlySet<number>; weight: number} = {at: 0, own: new Set(), weight: 0}
    let last = 0
    const inside = new Map<number, number>()
    let weight = 0
    for (const first of spots) {
      for (let spot = spots[last]; spot && spot.at - first.at <= this.#windowChars; spot = spots[++last]) {
        if (!inside.has(spot.term)) weight += this.#weights[spot.term] ?? 0
        inside.set(spot.term, (inside.get(spot.term) ?? 0) + 1)
      }
      if (weight > best.weight) best = {at: first.at, own: new Set(inside.keys()), weight}
      const left = (inside.get(first.term) ?? 1) - 1
      if (left > 0) inside.set(first.term, left)
      else {
        inside.delete(first.term)
        weight -= this.#weights[first.term] ?? 0
      }
    }
    return best
  }
}

function isAsking(term: Term): boolean {
  return term.kind === 'word' && ASKING_WORDS.has(porterStem(term.text))
}

/**
 * Null when the question says nothing that a text could be about.
 * @param query windowChars: how close together in a text the words of the question count
 */
export async function measureRelevance(
  engine: SearchEngine,
  query: {query: string; workspaceId: string; now: string; windowChars?: number},
): Promise<Relevance | null> {
  const {terms, time} = understandQuery(query.query, {now: query.now})
  if (!terms.some((term) => term.kind !== 'word' || !STOP_WORDS.has(term.text))) return null
  const scope = await openScope(engine.database, query.workspaceId, {})
  if (!scope) return null
  const asked = {terms, required: null, verbatim: null}
  const frequencies = await engine.frequencies.read(scope, countedMatches(asked))
  const {total} = frequencies
  const present = presentTerms(terms, wordCounts(frequencies))
  const weights = terms.map((term, index) => {
    const count = present.find((other) => other.index === index)?.count ?? 0
    const weight = Math.log(1 + (total + 0.5) / (count + 0.5))
    return weight * (count === 0 ? UNHEARD_WEIGHT : 1) * (isAsking(term) ? ASKING_WEIGHT : 1)
  })
  const {windowChars = WINDOW_CHARS} = query
  const windows = time?.windows ?? []
  return new Relevance({terms, weights, windows, forms: engine.forms, windowChars})
}
