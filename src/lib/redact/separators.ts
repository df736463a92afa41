import {CharacterSet} from './character-set.ts'
import {type Name, readNameBefore} from './read-name.ts'
import {meaningOf} from './secret-name.ts'

/** What stands between a name and the value that it is given. */
export interface Separator {
  text: string
  /** Where the value begins, when that is not behind the separator: a quote belongs to the value. */
  valueOffset?: number
  /** Looks like the separator and is not it: `==`, `://`. */
  isOther?(text: string, at: number): boolean
  readName(text: string, at: number): Name | undefined
}

export const SEPARATORS: readonly Separator[] = [
  {text: '=', isOther: isComparison, readName: readAssignedName},
  {text: ':', isOther: isScope, readName: readLabel},
  // As in `密码：…`.
  {text: '\uFF1A', readName: readNameBefore},
  {text: ' is ', readName: readSpokenName},
  {text: ' was ', readName: readSpokenName},
  // The password `…`; CREATE USER … PASSWORD '…'; ["--token", "…"].
  {text: ' "', valueOffset: 1, isOther: isAssigned, readName: readNameBeforeQuote},
  {text: " '", valueOffset: 1, isOther: isAssigned, readName: readNameBeforeQuote},
  {text: ' `', valueOffset: 1, isOther: isAssigned, readName: readNameBeforeQuote},
]

const EQUALS = 61
const COLON = 58
const COMMA = 44
const OPERATOR_BEGINNINGS = new CharacterSet('=!<>~*/%|&^+')
const ASSIGNMENT_ENDS = new CharacterSet(':=>')
const NO_LABEL_ENDS = new CharacterSet(':/=')

function isComparison(text: string, at: number): boolean {
  return text.charCodeAt(at + 1) === EQUALS || OPERATOR_BEGINNINGS.hasAt(text, at - 1)
}

function isScope(text: string, at: number): boolean {
  return NO_LABEL_ENDS.hasAt(text, at + 1) || text.charCodeAt(at - 1) === COLON
}

const TYPE_CHARS_MAX = 100

/** Of a declaration the type may stand last: `const password: string = …`, `let token: &str = …`. */
function readAssignedName(text: string, at: number): Name | undefined {
  const typeEnd = text.charAt(at - 1) === ' ' ? at - 1 : at
  if (!text.startsWith('tring', typeEnd - 5) && !text.startsWith('str', typeEnd - 3))
    return readNameBefore(text, at)
  const before = text.slice(Math.max(0, typeEnd - TYPE_CHARS_MAX), typeEnd)
  const match = /[\w$]\??[ \t]{0,2}(:?[ \t]{0,2}&?(?:'static )?(?:[Ss]tring|str))$/.exec(before)
  return readNameBefore(text, match ? typeEnd - (match[1]?.length ?? 0) : at)
}

/** Not of an address: `arn:…:secret:name`. */
function readLabel(text: string, at: number): Name | undefined {
  const name = readNameBefore(text, at)
  if (!name || text.charCodeAt(name.start - 1) !== COLON || !/\S/.test(text.charAt(at + 1))) return name
  return /\w/.test(text.charAt(name.start - 2)) ? undefined : name
}

const SPOKEN_CHARS_MAX = 60

/** The name may have more words behind it: "the password for the staging database is …". */
function readSpokenName(text: string, at: number): Name | undefined {
  const near = readNameBefore(text, at)
  if (near && meaningOf(near.text)) return near
  const name = SPOKEN_NAME.exec(text.slice(Math.max(0, at - SPOKEN_CHARS_MAX), at))?.[1]
  return name ? {text: name, start: at} : undefined
}

const SPOKEN_NAME =
  /\b(pass(?:word|phrase|code)|token|secret|(?:api|access|secret) key) (?:for|of|to|on|in) [^.,;:!?\n]{1,40}$/i

/** A value that another separator leads to: `"password": "…"`. */
function isAssigned(text: string, at: number): boolean {
  return ASSIGNMENT_ENDS.hasAt(text, at - 1)
}

/** After a comma only a flag has its value: a list of names has more of them. To pass is a verb here. */
function readNameBeforeQuote(text: string, at: number): Name | undefined {
  const isInList = text.charCodeAt(at - 1) === COMMA
  const name = readNameBefore(text, isInList ? at - 1 : at)
  if (isInList) return name?.text.startsWith('--') ? name : undefined
  return name && /(?:^|[^a-z])pass$/i.test(name.text) ? undefined : name
}
