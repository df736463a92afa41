import type {SecretSpan} from './secret-span.ts'

const TAG = /<(\/|\\\/)?private>/gi

/**
 * `<private>…</private>`: what a person marked as not to be kept. The outermost pair counts. A tag that has no partner
 * is left alone, or a text that only speaks of the tag would lose everything behind it; so is one with nothing inside.
 */
export function findPrivateElements(text: string, found: SecretSpan[]): void {
  if (!text.includes('rivate>')) return
  const open: number[] = []
  for (const {0: tag, 1: slash, index} of text.matchAll(TAG)) {
    const start = slash ? open.pop() : index
    if (start === undefined) continue
    if (!slash) open.push(start)
    else if (/[\p{L}\p{N}]/u.test(text.slice(start, index).replace(TAG, '')))
      found.push({kind: 'private', start, end: index + tag.length})
  }
}
