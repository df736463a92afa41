import {CharacterSet, LETTERS_AND_DIGITS} from './character-set.ts'
import {mayMeanSecret} from './secret-name.ts'

export interface Name {
  text: string
  start: number
}

const NAME_CHARS_MAX = 80
const NAME_CHARS_MIN = 3

/** Between a name and its separator: `"name" :`, `['name'] =`, `\"name\":`, `**Name**:`, `name :=`. */
const GAP_CHARS_MAX = 12

const GAP = new CharacterSet(' \t"\'`\\])*:')
const NAME = new CharacterSet(`${LETTERS_AND_DIGITS}_.-$`)

/** The name that ends before the index, if one does that may mean a secret. */
export function readNameBefore(text: string, index: number): Name | undefined {
  let end = index
  while (index - end < GAP_CHARS_MAX && GAP.hasAt(text, end - 1)) end--
  const start = startOfName(text, end)
  if (end - start < NAME_CHARS_MIN) return undefined
  const name = text.slice(start, end)
  if (!mayMeanSecret(name) || isPartOfSomethingElse(text, start)) return undefined
  // In JSON inside JSON a line begins with the two characters `\n`.
  if (text.charAt(start - 1) === '\\' && /^[nrt]/.test(name)) return {text: name.slice(1), start: start + 1}
  return /^keys?$/i.test(name) ? withWordBefore(text, {text: name, start}) : {text: name, start}
}

function startOfName(text: string, end: number): number {
  let start = end
  while (start > 0 && end - start < NAME_CHARS_MAX) {
    if (!NAME.hasAt(text, start - 1) && text.charCodeAt(start - 1) < 128) break
    start--
  }
  return start
}

/** Of a type (`AWS::ApiGateway::ApiKey`), an address (`arn:…:secret:name`), or of the mark that a secret left behind. */
function isPartOfSomethingElse(text: string, start: number): boolean {
  return /(?<!\\)[\w:]:$|\[redacted:$/.test(text.slice(Math.max(0, start - 10), start))
}

/** A key of what: `API key`, `private key`. */
function withWordBefore(text: string, name: Name): Name {
  if (text.charAt(name.start - 1) !== ' ') return name
  const start = startOfName(text, name.start - 1)
  return {text: `${text.slice(start, name.start - 1)}_${name.text}`, start}
}
