import type {FoundRow} from '../../storage/search-candidates.ts'
import type {Neighbours, TextRow} from '../../storage/search-store.ts'
import {foldText} from './fold-text.ts'
import type {Candidate} from './rank-messages.ts'
import type {TermHits} from './scan-text.ts'
import type {Term} from './understand-query.ts'
import {isAscii} from './words.ts'

const REMEMBERED = /^agent-memory-/
const TELLS_WHEN =
  /\b(?:yesterday|today|tonight|tomorrow|ago|since|recently|(?:last|next|this) (?:night|week|month|year|summer|winter|spring|fall|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|(?:19|20)\d\d|\d{1,2}:\d\d|(?:days|weeks|months|years))\b/i

/** Of a message whose text was not read: what the index said. */
export function roughCandidate(row: FoundRow, terms: readonly Term[]): Candidate {
  const counts = terms.map((_, index) => (row.terms.has(index) ? 1 : 0))
  return {
    id: row.id,
    sessionId: row.sessionId,
    length: row.octets,
    timestampMs: row.timestampMs,
    counts,
    exact: counts,
    closeness: 0,
    verbatim: row.isVerbatim,
    isNamed: false,
    isRemembered: REMEMBERED.test(row.sessionId),
    tellsWhen: false,
    before: [],
    after: [],
  }
}

/** Of a message whose text was read. */
export function exactCandidate(
  text: TextRow,
  hits: TermHits,
  context: {
    neighbours?: Neighbours
    weights: readonly number[]
    total: number
    names: ReadonlySet<string>
    asksWhen: boolean
  },
): Candidate {
  const {author, sessionId} = text.hit
  const speaker = author ?? speakerOf(text.content)
  return {
    id: text.id,
    sessionId,
    length: text.content.length,
    timestampMs: text.timestampMs,
    counts: hits.counts,
    exact: hits.exact,
    closeness: closeness(hits, context.weights) / context.total,
    verbatim: hits.verbatim,
    isNamed: speaker != null && context.names.has(foldText(speaker)),
    isRemembered: REMEMBERED.test(sessionId),
    tellsWhen: context.asksWhen && TELLS_WHEN.test(text.content),
    before: context.neighbours?.before ?? [],
    after: context.neighbours?.after ?? [],
  }
}

/** As in `Ana: we ship on Tuesdays`. */
function speakerOf(content: string): string | undefined {
  const start = content.slice(0, 40)
  if (!start.includes(': ')) return undefined
  return (isAscii(start) ? /^([A-Z][A-Za-z'-]{1,30}): / : /^(\p{Lu}[\p{L}'-]{1,30}): /u).exec(start)?.[1]
}

const CLOSE_CHARS = 60

/** The weight of the different terms that stand together within a line's length, at the best place. One alone is none. */
function closeness({spots}: TermHits, weights: readonly number[]): number {
  let best = 0
  for (const [index, first] of spots.entries()) {
    const seen = new Set([first.term])
    for (let next = index + 1; next < spots.length; next++) {
      const spot = spots[next]
      if (!spot || spot.at - first.at > CLOSE_CHARS) break
      if (spot.at >= first.end) seen.add(spot.term)
    }
    if (seen.size < 2) continue
    let sum = 0
    for (const term of seen) sum += weights[term] ?? 0
    best = Math.max(best, sum)
  }
  return best
}
