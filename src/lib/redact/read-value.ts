import {CharacterSet} from './character-set.ts'

export interface Value {
  start: number
  /** The same as the start when there is no value, or one that is too long for a secret. */
  end: number
  /** How far the reader looked. */
  readTo: number
  /** In quotes, so that it is a literal and no expression. */
  isQuoted: boolean
  /** The character after it and its quote; empty at the end of the text. */
  next: string
}

/** Longer values are files, not secrets that somebody named. */
const VALUE_CHARS_MAX = 4_096
const SPACES_MAX = 8
const BACKSLASHES_MAX = 8

const SPACES = new CharacterSet(' \t')
const QUOTES = new CharacterSet('"\'`')
const LINE_ENDS = new CharacterSet('\n\r')
/** With the character that begins a colour of a terminal. */
export const WHITE_SPACE = new CharacterSet(' \t\n\r\v\f\u001b')
const STOPS = new CharacterSet(' \t\n\r\v\f\u001b"\'`,;&|<>(){}[]')
const PUNCTUATION = new CharacterSet('.,;:!?')
const LINE_PUNCTUATION = new CharacterSet(',;')
const STRING_PREFIXES = new CharacterSet('bruBRU')

/**
 * The value that begins at or shortly after the index: a quoted literal, however often its quotes were escaped, or else
 * what stands there up to a character that ends it. A line of a `.env` file ends at white space only.
 */
export function readValueAt(text: string, index: number, options: {isWholeLine: boolean}): Value {
  const start = skipBeforeValue(text, index)
  const prefix = STRING_PREFIXES.hasAt(text, start) && QUOTES.hasAt(text, start + 1) ? 1 : 0
  const quote = skipBackslashes(text, start + prefix)
  if (QUOTES.hasAt(text, quote)) return readQuoted(text, start + prefix, quote)
  return readBare(text, start, options)
}

function skipBeforeValue(text: string, index: number): number {
  let at = text.charAt(index) === '>' ? index + 1 : index
  // The end of `**Password:**`.
  while (text.charAt(at) === '*' && at - index < 2) at++
  for (let spaces = 0; spaces < SPACES_MAX && SPACES.hasAt(text, at); spaces++) at++
  return at
}

function skipBackslashes(text: string, index: number): number {
  let at = index
  while (text.charAt(at) === '\\' && at - index < BACKSLASHES_MAX) at++
  return at
}

/** The closing quote is escaped as often as the opening one. */
function readQuoted(text: string, from: number, quoteAt: number): Value {
  const escapes = quoteAt - from
  const start = quoteAt + 1
  const limit = Math.min(text.length, start + VALUE_CHARS_MAX)
  let backslashes = 0
  let at = start
  for (; at < limit && !LINE_ENDS.hasAt(text, at); at++) {
    if (text.charAt(at) === '\\') {
      backslashes++
    } else {
      if (text.charCodeAt(at) === text.charCodeAt(quoteAt) && closes(backslashes, escapes)) {
        const end = escapes === 0 ? at : at - backslashes
        return {start, end, readTo: at, isQuoted: true, next: text.charAt(at + 1)}
      }
      backslashes = 0
    }
  }
  return {start, end: start, readTo: at, isQuoted: true, next: ''}
}

/** Of a plain literal an even number of backslashes stands before its end; they escape each other. */
function closes(backslashes: number, escapes: number): boolean {
  return escapes === 0 ? backslashes % 2 === 0 : backslashes <= escapes
}

function readBare(text: string, start: number, {isWholeLine}: {isWholeLine: boolean}): Value {
  const limit = Math.min(text.length, start + VALUE_CHARS_MAX)
  const stops = isWholeLine ? WHITE_SPACE : STOPS
  let readTo = start
  while (readTo < limit && !stops.hasAt(text, readTo) && !isOtherEnd(text, readTo)) readTo++
  const next = text.charAt(readTo)
  const isTooLong = readTo === limit && readTo < text.length
  const trailing = isWholeLine ? LINE_PUNCTUATION : PUNCTUATION
  let end = isTooLong ? start : readTo
  while (end > start && trailing.hasAt(text, end - 1)) end--
  return {start, end, readTo, isQuoted: false, next}
}

/** The end of a line or of a literal, in text that went through JSON; and the punctuation of other scripts. */
function isOtherEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === BACKSLASH) return /[nrt"'`\\]/.test(text.charAt(at + 1))
  return (code >= 0x2000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff1f)
}

const BACKSLASH = 92
