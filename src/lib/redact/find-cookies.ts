import {isPlaceholder} from './placeholder.ts'
import {looksRandom} from './randomness.ts'
import type {SecretSpan} from './secret-span.ts'

const HEADER = /\b(?:set-)?cookie["'\\]{0,4}:[ \t]{0,4}["'\\]{0,4}([^\n\r"'\\]{1,4096})/gi
const COOKIE = /[^=;\s]{1,80}=([^;\s]{16,4096})/g

/** What logs a browser in: the long random values of `Cookie:` and `Set-Cookie:`. */
export function findCookies(text: string, found: SecretSpan[]): void {
  if (!text.includes('ookie')) return
  for (const header of text.matchAll(HEADER)) {
    const cookies = header[1] ?? ''
    const headerStart = header.index + header[0].length - cookies.length
    for (const cookie of cookies.matchAll(COOKIE)) {
      const value = cookie[1] ?? ''
      const end = headerStart + cookie.index + cookie[0].length
      if (looksRandom(value) && !isPlaceholder(value))
        found.push({kind: 'cookie', start: end - value.length, end})
    }
  }
}
