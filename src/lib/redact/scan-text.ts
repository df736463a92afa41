import {findSecrets} from './find-secrets.ts'
import {placeholderFor, replaceSecrets} from './redact-text.ts'

/** Where a text holds a secret, told without telling the secret. */
export interface Finding {
  kind: string
  /** UTF-16 offsets in the text, the end exclusive. */
  start: number
  end: number
  /** The placeholder with a few words around it, on one line. */
  excerpt: string
}

const AROUND_CHARS_MAX = 40

/** For those who want to see what `redactText` would cut before they let it. */
export function scanText(text: string): Finding[] {
  const secrets = findSecrets(text)
  // Beside a secret may stand the next one: excerpts are taken from text in which all of them are replaced.
  const redacted = replaceSecrets(text, secrets)
  // A placeholder may bring to light what stood beside the secret: then nothing is shown of what is around it.
  const isWhole = findSecrets(redacted).length === 0
  let shift = 0
  return secrets.map(({kind, start, end}) => {
    const placeholderStart = start + shift
    const placeholderEnd = placeholderStart + placeholderFor(kind).length
    shift += placeholderEnd - placeholderStart - (end - start)
    const excerpt = isWhole ? excerptOf(redacted, placeholderStart, placeholderEnd) : placeholderFor(kind)
    return {kind, start, end, excerpt}
  })
}

function excerptOf(redacted: string, start: number, end: number): string {
  const excerpt = redacted.slice(Math.max(0, start - AROUND_CHARS_MAX), end + AROUND_CHARS_MAX)
  return excerpt.toWellFormed().replace(/\s+/g, ' ').trim()
}
