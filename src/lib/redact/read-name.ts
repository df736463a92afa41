import {CharacterSet, isForeignLetter, LETTERS_AND_DIGITS} from './character-set.ts'
import {mayMeanSecret} from './secret-name.ts'

export interface Name {
  text: string
  start: number
}

const NAME_CHARS_MAX = 80
const NAME_CHARS_MIN = 3
/** A word of Chinese is two characters. */
const FOREIGN_NAME_CHARS_MIN = 2

/** Between a name and its separator: `"name" :`, `['name'] =`, `\"name\":`, `**Name**:`, `name :=`. */
const GAP_CHARS_MAX = 12

const GAP = new CharacterSet(' \t"\'`\\])*:')
const NAME = new CharacterSet(`${LETTERS_AND_DIGITS}_.-$`)

/** The name that ends before the index, if one does that may mean a secret. */
export function readNameBefore(text: string, index: number): Name | undefined {
  let end = index
  while (index - end < GAP_CHARS_MAX && GAP.hasAt(text, end - 1)) end--
  const start = startOfName(text, end)
  const charsMin = text.charCodeAt(end - 1) < 128 ? NAME_CHARS_MIN : FOREIGN_NAME_CHARS_MIN
  if (end - start < charsMin) return undefined
  const name = text.slice(start, end)
  if (name === 'value' || name === 'Value') return readNameOfPair(text, start)
  // The mark that a secret left behind names nothing; nor does a type, as `AWS::ApiGateway::ApiKey`.
  if (!mayMeanSecret(name) || text.startsWith('[redacted:', start - 10) || text.startsWith('::', start - 2)) {
    return undefined
  }
  const skipped = escapeLength(text, start, name)
  if (skipped > 0) return {text: name.slice(skipped), start: start + skipped}
  return /^keys?$/i.test(name) ? withWordBefore(text, {text: name, start}) : {text: name, start}
}

function startOfName(text: string, end: number): number {
  const isAscii = text.charCodeAt(end - 1) < 128
  let start = end
  while (start > 0 && end - start < NAME_CHARS_MAX) {
    const code = text.charCodeAt(start - 1)
    // Chinese and Japanese put no space before a name of our letters.
    if (isAscii && code >= CJK_MIN) break
    if (!NAME.hasAt(text, start - 1) && !isForeignLetter(code)) break
    start--
  }
  return start
}

const CJK_MIN = 0x2e80

/** In JSON inside JSON a line begins with the two characters `\n`; on a terminal a colour ends with `32m`. */
function escapeLength(text: string, start: number, name: string): number {
  const before = text.charAt(start - 1)
  if (before === '\\') return /^[nrt]/.test(name) ? 1 : 0
  return before === '[' || before === ';' ? (/^[0-9]{1,3}m/.exec(name)?.[0].length ?? 0) : 0
}

/** A key of what: `API key`, `private key`. */
function withWordBefore(text: string, name: Name): Name {
  if (text.charAt(name.start - 1) !== ' ') return name
  const start = startOfName(text, name.start - 1)
  return {text: `${text.slice(start, name.start - 1)}_${name.text}`, start}
}

const PAIR_CHARS_MAX = 160

/** `{"name": "DB_PASSWORD", "value": …}`, and the same in YAML: how containers get their environment. */
function readNameOfPair(text: string, valueStart: number): Name | undefined {
  const name = PAIR.exec(text.slice(Math.max(0, valueStart - PAIR_CHARS_MAX), valueStart))?.[1]
  return name ? {text: name, start: valueStart} : undefined
}

const PAIR =
  /\b(?:name|key)["'\\]{0,4}[ \t]{0,3}[:=][ \t]{0,3}["'\\]{0,4}([\w.-]{3,80})["'\\]{0,4},?(?:\s|\\n){0,40}["'\\]{0,4}$/i
