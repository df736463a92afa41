import type {StoredMessage} from '../../model/message.ts'

const SIMILARITY_MIN = 0.8

/**
 * Of facts that say nearly the same the first stays. Facts whose numbers differ are two facts: "timeout 30" was followed
 * by "timeout 45", and the dates tell which holds.
 */
export function foldFacts(newestFirst: readonly StoredMessage[]): StoredMessage[] {
  const kept: {message: StoredMessage; words: Set<string>; numbers: string}[] = []
  for (const message of newestFirst) {
    const words = new Set(
      message.content
        .toLowerCase()
        .slice(0, 4_000)
        .match(/[\p{L}\p{N}]+/gu) ?? [],
    )
    const numbers = [...words]
      .filter((word) => /\p{N}/u.test(word))
      .sort()
      .join(' ')
    const isKnown = kept.some(
      (other) => other.numbers === numbers && shareOf(other.words, words) >= SIMILARITY_MIN,
    )
    if (!isKnown) kept.push({message, words, numbers})
  }
  return kept.map(({message}) => message)
}

function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const word of a) if (b.has(word)) shared++
  const all = a.size + b.size - shared
  return all === 0 ? 1 : shared / all
}
