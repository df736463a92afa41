import {CharacterSet, LETTERS_AND_DIGITS} from './character-set.ts'
import type {SecretSpan} from './secret-span.ts'

const MARKER = /-----(BEGIN|END) (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g

/** Headers of PGP and of old OpenSSL, between the marker and the key. */
const HEADERS =
  /(?:\s|\\n){0,4}(?:(?:Version|Comment|Proc-Type|DEK-Info|Hash|Charset): [^\n\\]{0,200}(?:\s|\\n){1,4}){0,5}/y

/** Base64 in lines, indented or quoted, or joined by the two characters `\n`. */
const BODY = new CharacterSet(`${LETTERS_AND_DIGITS}+/= \t\r\n\\"',|>`)

/** A line of a key, as against the words of a program or a sentence around a marker. */
const KEY_LINE = /[A-Za-z0-9+/=]{32,}/
const KEY_LINES = /[A-Za-z0-9+/=]{16,}/g
const BODY_CHARS_MAX = 20_000

/** Private keys in PEM: whole, or with only the beginning or the end of one in the text. */
export function findPrivateKeys(text: string, found: SecretSpan[]): void {
  if (!text.includes('PRIVATE KEY')) return
  let position = 0
  for (const {0: marker, 1: word, index} of text.matchAll(MARKER)) {
    if (index < position) continue
    const end = index + marker.length
    const span = word === 'BEGIN' ? keyAfter(text, index, end) : keyBefore(text, index, end)
    if (!span || span.start < position) continue
    position = span.end
    found.push({kind: 'private-key', ...span})
  }
}

function keyAfter(text: string, start: number, markerEnd: number): {start: number; end: number} | undefined {
  HEADERS.lastIndex = markerEnd
  const bodyStart = HEADERS.test(text) ? HEADERS.lastIndex : markerEnd
  let bodyEnd = bodyStart
  while (bodyEnd - bodyStart < BODY_CHARS_MAX && BODY.hasAt(text, bodyEnd)) bodyEnd++
  const body = text.slice(bodyStart, bodyEnd)
  if (!KEY_LINE.test(body)) return undefined
  END_MARKER.lastIndex = bodyEnd
  if (END_MARKER.test(text)) return {start, end: END_MARKER.lastIndex}
  const last = [...body.matchAll(KEY_LINES)].at(-1)
  return {start, end: bodyStart + (last ? last.index + last[0].length : body.length)}
}

const END_MARKER = /(?:=[A-Za-z0-9+/]{4}\s+)?-----END [A-Z0-9 ]{0,40}-----/y

function keyBefore(text: string, markerStart: number, end: number): {start: number; end: number} | undefined {
  let bodyStart = markerStart
  while (markerStart - bodyStart < BODY_CHARS_MAX && BODY.hasAt(text, bodyStart - 1)) bodyStart--
  const body = text.slice(bodyStart, markerStart)
  if (!KEY_LINE.test(body)) return undefined
  return {start: bodyStart + body.search(KEY_LINES), end}
}
