import type {Why} from './rank-messages.ts'
import type {TermHits} from './scan-text.ts'
import type {QueryPlan} from './understand-query.ts'

/** What a part of a score comes from, in words. */
const PARTS: Record<keyof Why, string> = {
  own: 'its own words',
  neighbours: 'the messages beside it',
  session: 'its session',
  close: 'words that stand close together',
  named: 'said by somebody whom the query names',
  when: 'it says when',
  time: 'the time that the query names',
  remembered: 'it was remembered on purpose',
  recent: 'it is recent',
  verbatim: 'the query word by word',
}

/** A part below this share of the score is not worth a line. */
const SHARE_MIN = 0.01

/** Why a hit stands where it stands: what it has of the query, and what its score is made of. */
export function explainHit(
  plan: QueryPlan,
  hit: {score: number; why: Why; hits?: TermHits; copies: number},
): string[] {
  const found = plan.terms.filter((_, index) => (hit.hits?.counts[index] ?? 0) > 0).map(({text}) => text)
  const missing = plan.terms.filter((_, index) => (hit.hits?.counts[index] ?? 0) === 0).map(({text}) => text)
  const parts = Object.entries(PARTS)
    .map(([key, text]) => ({text, share: hit.why[key as keyof Why] / hit.score}))
    .filter(({share}) => share >= SHARE_MIN)
    .sort((a, b) => b.share - a.share)
  return [
    ...(found.length > 0 ? [`has: ${found.join(', ')}`] : []),
    ...(missing.length > 0 ? [`has not: ${missing.join(', ')}`] : []),
    ...parts.map(({text, share}) => `${Math.round(share * 100)} % ${text}`),
    ...(plan.time ? [`time understood as ${plan.time.label}`] : []),
    ...(hit.copies > 0 ? [`the same was said ${hit.copies} more times`] : []),
    ...(plan.cut ? ['the query was cut: only its most telling words were looked for'] : []),
  ]
}
