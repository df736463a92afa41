import type {Database} from '../../storage/database.ts'
import {estimateFrequencies, scopeExpression} from '../../storage/search-store.ts'
import {createScanner, type Scanner} from '../search/scan-text.ts'
import {type Term, understandQuery} from '../search/understand-query.ts'

/**
 * How much of a question a text is about: the share of what the question's words tell (their inverse document
 * frequency) that the text has. A search answers with the nearest it has, however far away that is; this says how far.
 */
export class Relevance {
  readonly #terms: readonly Term[]
  readonly #weights: readonly number[]
  readonly #scanner: Scanner
  readonly #total: number

  constructor(terms: readonly Term[], weights: readonly number[]) {
    this.#terms = terms
    this.#weights = weights
    this.#scanner = createScanner(terms, null)
    this.#total = weights.reduce((sum, weight) => sum + weight, 0)
  }

  /** 0 to 1, and where in the text the most of it stands. */
  judge(text: string): {share: number; terms: number; at: number} {
    const {counts, spots} = this.#scanner.scan(text)
    if (this.#total === 0) return {share: 0, terms: 0, at: 0}
    let sum = 0
    let terms = 0
    for (const [term, count] of counts.entries()) {
      if (count === 0) continue
      sum += this.#weights[term] ?? 0
      terms++
    }
    return {share: sum / this.#total, terms, at: this.#densest(spots)}
  }

  get termCount(): number {
    return this.#terms.length
  }

  #densest(spots: readonly {at: number; term: number}[]): number {
    let best = {at: spots[0]?.at ?? 0, weight: 0}
    spots.forEach((first, i) => {
      const seen = new Set<number>()
      for (let k = i; k < spots.length; k++) {
        const spot = spots[k]
        if (!spot || spot.at - first.at > WINDOW_CHARS) break
        seen.add(spot.term)
      }
      let weight = 0
      for (const term of seen) weight += this.#weights[term] ?? 0
      if (weight > best.weight) best = {at: first.at, weight}
    })
    return best.at
  }
}

const WINDOW_CHARS = 300

export async function measureRelevance(
  database: Database,
  query: {query: string; workspaceId: string; now: string},
): Promise<Relevance> {
  const {terms} = understandQuery(query.query, {now: query.now})
  if (terms.length === 0) return new Relevance([], [])
  const frequencies = await estimateFrequencies(
    database,
    scopeExpression(query.workspaceId, {}),
    terms.map(({match}) => match),
  )
  const total = Math.max(1, frequencies.at(-1) ?? 1)
  // What the memory has never heard of tells most: a question about it is not answered here.
  const weights = terms.map((_, i) => Math.log(1 + (total + 0.5) / ((frequencies[i] ?? 0) + 0.5)))
  return new Relevance(terms, weights)
}
