import type {SecretSpan} from './secret-span.ts'

const TAG = /<(\/|\\\/)?private>/gi

/**
 * `<private>…</private>`: what a person marked as not to be kept. The outermost pair counts. A tag that has no partner
 * is left alone, or a text that only speaks of the tag would lose everything behind it; so is one with nothing inside.
 */
export function findPrivateElements(text: string, found: SecretSpan[]): void {
  if (!text.includes('rivate>')) return
  let end = 0
  for (const pair of tagPairs(text).sort((a, b) => a.start - b.start)) {
    if (pair.start < end) continue
    end = pair.end
    const inside = text.slice(pair.start, pair.end).replace(TAG, '')
    if (/[\p{L}\p{N}]/u.test(inside)) found.push({kind: 'private', ...pair})
  }
}

function tagPairs(text: string): {start: number; end: number}[] {
  const open: number[] = []
  const pairs: {start: number; end: number}[] = []
  for (const {0: tag, 1: slash, index} of text.matchAll(TAG)) {
    const start = slash ? open.pop() : undefined
    if (start !== undefined) pairs.push({start, end: index + tag.length})
    if (!slash) open.push(index)
  }
  return pairs
}
