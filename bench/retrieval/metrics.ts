/** What one answer is worth, from 0 to 1 each. */
export interface Score {
  any1: number
  any5: number
  any10: number
  mrr: number
  frac1: number
  frac5: number
  frac10: number
  ndcg10: number
}

export const METRICS: readonly (keyof Score)[] = [
  'any1',
  'any5',
  'any10',
  'mrr',
  'frac1',
  'frac5',
  'frac10',
  'ndcg10',
]

/** `ranked` best first, each once. */
export function scoreAnswer(ranked: readonly string[], gold: ReadonlySet<string>): Score {
  const found = (k: number) => ranked.slice(0, k).filter((item) => gold.has(item)).length
  const any = (k: number) => (found(k) > 0 ? 1 : 0)
  const first = firstRank(ranked, gold)
  return {
    any1: any(1),
    any5: any(5),
    any10: any(10),
    mrr: 1 / first,
    frac1: found(1) / gold.size,
    frac5: found(5) / gold.size,
    frac10: found(10) / gold.size,
    ndcg10: ndcg(ranked, gold, 10),
  }
}

/** 1 is the best; infinite when nothing was found. */
export function firstRank(ranked: readonly string[], gold: ReadonlySet<string>): number {
  const position = ranked.findIndex((item) => gold.has(item))
  return position < 0 ? Number.POSITIVE_INFINITY : position + 1
}

function ndcg(ranked: readonly string[], gold: ReadonlySet<string>, k: number): number {
  const worth = (position: number) => 1 / Math.log2(position + 2)
  const sum = (positions: number[]) => positions.reduce((total, position) => total + worth(position), 0)
  const got = sum(ranked.slice(0, k).flatMap((item, position) => (gold.has(item) ? [position] : [])))
  return got / sum(Array.from({length: Math.min(k, gold.size)}, (_, position) => position))
}

export function meanScore(scores: readonly Score[]): Score {
  const mean = (metric: keyof Score) => scores.reduce((sum, score) => sum + score[metric], 0) / scores.length
  return Object.fromEntries(METRICS.map((metric) => [metric, mean(metric)])) as unknown as Score
}
