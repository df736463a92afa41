import type {TimeWindow} from './time-words.ts'

/** A message that may be an answer, as far as the ranking needs to know it. */
export interface Candidate {
  id: number
  sessionId: string
  /** Characters, roughly. */
  length: number
  timestampMs: number | null
  /** Per term of the query. Where the text was not read: 1 or 0 from the index. */
  counts: readonly number[]
  exact: readonly number[]
  /** Sum of the weights of the terms closest together, as a share of those of the query. */
  closeness: number
  /** Sentence of the query, word by word. */
  verbatim: boolean
  /** The speaker is named in the query. */
  isNamed: boolean
  isRemembered: boolean
  /** Names a date or a time. */
  tellsWhen: boolean
  /** Ids of the neighbours in the conversation, nearest first. */
  before: readonly number[]
  after: readonly number[]
}

export interface RankInput {
  candidates: readonly Candidate[]
  /** How much each term tells (inverse document frequency). */
  weights: readonly number[]
  /** Average length of messages here, in characters. */
  averageLength: number
  /** Messages in each session. */
  sessionSizes: ReadonlyMap<string, number>
  windows: readonly TimeWindow[]
  asksWhen: boolean
  nowMs: number
}

export interface Ranked {
  id: number
  score: number
  why: Why
}

/** The parts of a score. */
export interface Why {
  own: number
  neighbours: number
  session: number
  close: number
  named: number
  when: number
  time: number
  remembered: number
  recent: number
  verbatim: number
}

/** Term frequency saturates: the tenth mention tells little. The usual value. */
const K1 = 1.2
const B = 0.75
/** Characters added to every length: a reply of three words is not denser than one of thirty. */
const LENGTH_FLOOR = 350
/** Share of a term's weight that only its exact form earns; stems earn the rest. */
const EXACT_SHARE = 0.25
const SESSION_SHARE = 0.5
const SESSION_B = 0.75
/** An answer follows its question, so what was said before counts more than what comes after. */
const BEFORE = [0.4, 0.15] as const
const AFTER = [0.3, 0.15] as const
/** All of these as shares of what a full match of the query is worth. */
const CLOSENESS = 0.06
const NAMED = 0.1
const TELLS_WHEN = 0.08
const AFTER_WINDOW_DAYS_MAX = 30
const REMEMBERED = 0.15
const RECENT = 0.03
const RECENT_HALF_LIFE_DAYS = 30
/** Above everything that lacks the sentence. */
const VERBATIM = 6

const DAY_MS = 86_400_000

export function rankMessages(input: RankInput): Ranked[] {
  const full = input.weights.reduce((sum, weight) => sum + weight, 0) || 1
  const own = new Map(input.candidates.map((candidate) => [candidate.id, ownScore(candidate, input)]))
  const sessions = scoreSessions(input)
  const ranked = input.candidates.map((candidate) => {
    const mine = own.get(candidate.id) ?? 0
    const why: Why = {
      own: mine,
      neighbours: near(candidate.before, BEFORE, own) + near(candidate.after, AFTER, own),
      session: SESSION_SHARE * (sessions.get(candidate.sessionId) ?? 0),
      close: CLOSENESS * full * candidate.closeness,
      named: candidate.isNamed ? NAMED * full : 0,
      when: input.asksWhen && candidate.tellsWhen ? TELLS_WHEN * full : 0,
      time: full * timeShare(candidate.timestampMs, input.windows),
      remembered: candidate.isRemembered ? REMEMBERED * mine : 0,
      recent: full * RECENT * recency(candidate.timestampMs, input.nowMs),
      verbatim: candidate.verbatim ? VERBATIM * full : 0,
    }
    const score =
      why.own +
      why.neighbours +
      why.session +
      why.close +
      why.named +
      why.when +
      why.time +
      why.remembered +
      why.recent +
      why.verbatim
    return {id: candidate.id, score, why}
  })
  return ranked.sort((a, b) => b.score - a.score || b.id - a.id)
}

/** BM25 of the message alone. */
export function ownScore(candidate: Candidate, {weights, averageLength}: RankInput): number {
  const norm = K1 * (1 - B + (B * (candidate.length + LENGTH_FLOOR)) / (averageLength + LENGTH_FLOOR))
  let score = 0
  for (let term = 0; term < weights.length; term++) {
    const count = candidate.counts[term] ?? 0
    if (count === 0) continue
    const weight = weights[term] ?? 0
    const exact = candidate.exact[term] ?? 0
    score += weight * (1 - EXACT_SHARE) * saturate(count, norm) + weight * EXACT_SHARE * saturate(exact, norm)
  }
  return score
}

function saturate(count: number, norm: number): number {
  return (count * (K1 + 1)) / (count + norm)
}

/** BM25 of the session, with the messages that have a term in place of the term's occurrences. */
function scoreSessions({candidates, weights, sessionSizes}: RankInput): Map<string, number> {
  const counts = new Map<string, number[]>()
  for (const candidate of candidates) {
    const sums = counts.get(candidate.sessionId) ?? weights.map(() => 0)
    candidate.counts.forEach((count, term) => {
      sums[term] = (sums[term] ?? 0) + Math.min(count, 3)
    })
    counts.set(candidate.sessionId, sums)
  }
  const sizes = [...counts.keys()].map((id) => sessionSizes.get(id) ?? 1)
  const average = sizes.reduce((sum, size) => sum + size, 0) / (sizes.length || 1)
  const scores = new Map<string, number>()
  for (const [id, sums] of counts) {
    const norm = K1 * (1 - SESSION_B + (SESSION_B * (sessionSizes.get(id) ?? 1)) / average)
    scores.set(
      id,
      weights.reduce((sum, weight, term) => sum + weight * saturate(sums[term] ?? 0, norm), 0),
    )
  }
  return scores
}

function near(ids: readonly number[], shares: readonly number[], own: ReadonlyMap<number, number>): number {
  return shares.reduce((sum, share, i) => sum + share * (own.get(ids[i] ?? -1) ?? 0), 0)
}

function timeShare(timestampMs: number | null, windows: readonly TimeWindow[]): number {
  if (timestampMs === null) return 0
  let best = 0
  for (const {fromMs, toMs, weight} of windows) {
    const days = (toMs - fromMs) / DAY_MS
    const share = weight * (days <= 8 ? 0.6 : days <= 62 ? 0.4 : 0.15)
    const after = Math.min(Math.max(days, 7), AFTER_WINDOW_DAYS_MAX) * DAY_MS
    if (timestampMs >= fromMs && timestampMs < toMs) best = Math.max(best, share)
    else if (timestampMs >= toMs && timestampMs < toMs + after) best = Math.max(best, 0.4 * share)
  }
  return best
}

function recency(timestampMs: number | null, nowMs: number): number {
  if (timestampMs === null || timestampMs > nowMs) return 0
  return 2 ** (-(nowMs - timestampMs) / (RECENT_HALF_LIFE_DAYS * DAY_MS))
}
