import {splitWords} from './words.ts'

/** Messages with fewer words are never near-duplicates: "yes, do that" is said for many reasons. */
const WORDS_MIN = 8
/** Nor the same, with fewer than these. */
const SAME_WORDS_MIN = 5
const SIMILARITY_MIN = 0.9

export interface Foldable {
  id: number
  content: string
}

/** What of a text is compared; of a longer one also its length. */
const COMPARED_CHARS_MAX = 1_500

/**
 * Keeps the first of texts that say the same: equal but for case and blanks, or nine words in ten alike and every number
 * the same ("timeout 30" and "timeout 45" are two facts). Says how many it folded into each. Stops at `limit` texts.
 */
export function foldDuplicates<T extends Foldable>(
  ranked: readonly T[],
  limit: number,
): {kept: T[]; copies: Map<number, number>} {
  const kept: {item: T; words: Set<string>; numbers: string}[] = []
  const byText = new Map<string, T>()
  const copies = new Map<number, number>()
  for (const item of ranked) {
    const text = item.content.slice(0, COMPARED_CHARS_MAX).toLowerCase().replace(/\s+/g, ' ').trim()
    const key = item.content.length > COMPARED_CHARS_MAX ? `${item.content.length} ${text}` : text
    const words = new Set(splitWords(text))
    const numbers = [...words]
      .filter((word) => /\d/.test(word))
      .sort()
      .join(' ')
    const equal = words.size >= SAME_WORDS_MIN ? byText.get(key) : undefined
    const same = equal ?? kept.find((other) => isNearDuplicate(other, {words, numbers}))?.item
    if (same) {
      copies.set(same.id, (copies.get(same.id) ?? 0) + 1)
      continue
    }
    if (kept.length === limit) break
    byText.set(key, item)
    kept.push({item, words, numbers})
  }
  return {kept: kept.map(({item}) => item), copies}
}

interface Fingerprint {
  words: Set<string>
  numbers: string
}

function isNearDuplicate(a: Fingerprint, b: Fingerprint): boolean {
  const [small, large] = a.words.size < b.words.size ? [a.words, b.words] : [b.words, a.words]
  if (small.size < WORDS_MIN || small.size < large.size * SIMILARITY_MIN || a.numbers !== b.numbers)
    return false
  let shared = 0
  for (const word of small) if (large.has(word)) shared++
  return shared / (small.size + large.size - shared) >= SIMILARITY_MIN
}
