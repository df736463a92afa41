import {isPlaceholder, isStandIn, isTutorialValue} from './placeholder.ts'
import {looksRandom} from './randomness.ts'
import type {NameMeaning} from './secret-name.ts'

export interface NamedValue {
  text: string
  name: string
  meaning: NameMeaning
  isQuoted: boolean
  /** `name=value`, without a space. */
  isTight: boolean
  /** Its line begins with the name, as in a `.env` file or a shell. */
  isWholeLine: boolean
  /** The character after it, as the reader of values says. */
  next: string
}

const PASSWORD_CHARS_MIN = 6
const TOKEN_CHARS_MIN = 8
const LONG_TOKEN_CHARS_MIN = 16

/** Whether a value that was assigned to a password, token or key is one, and not code, a placeholder or a hint. */
export function isSecretValue(value: NamedValue): boolean {
  const {text} = value
  if (text.length < PASSWORD_CHARS_MIN || /\s/.test(text)) return false
  if (isPlaceholder(text) || isStandIn(text) || isReference(text) || isNumber(text)) return false
  if (!value.isQuoted && isCode(value)) return false
  if (value.meaning === 'password') return isPassword(value)
  return value.meaning === 'token' ? isToken(value) : isClearlyToken(value.text)
}

function isPassword(value: NamedValue): boolean {
  // Who writes `DB_PASSWORD=correcthorse` means it, whatever it looks like.
  if (isEnvironmentLine(value)) return true
  if (isTutorialValue(value.text)) return false
  // What a test run prints: `pass: suite-2`.
  if (value.name === 'pass' && !value.isQuoted && !value.isTight) return false
  return hasLetterAndDigit(value.text) || ((value.isQuoted || value.isTight) && hasSymbol(value.text))
}

function isToken(value: NamedValue): boolean {
  if (value.text.length < TOKEN_CHARS_MIN) return false
  if (isEnvironmentLine(value)) return true
  if (isUuid(value.text)) return /auth_?token|api_?key/i.test(value.name)
  if (isTutorialValue(value.text)) return false
  if (isEnvironmentName(value.name) && value.isQuoted) return looksRandom(value.text)
  return value.text.length >= LONG_TOKEN_CHARS_MIN && looksRandom(value.text)
}

/** A hash or an id may stand under such a name as well. */
function isClearlyToken(text: string): boolean {
  return text.length >= LONG_TOKEN_CHARS_MIN && looksRandom(text) && !/^[0-9A-Fa-f-]+$/.test(text)
}

function isEnvironmentName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name)
}

function isEnvironmentLine({name, isTight, isQuoted, isWholeLine}: NamedValue): boolean {
  return isTight && isEnvironmentName(name) && (isWholeLine || !isQuoted)
}

function hasLetterAndDigit(text: string): boolean {
  return /[0-9]/.test(text) && /\p{L}/u.test(text)
}

/** One that no name or path has. */
function hasSymbol(text: string): boolean {
  return /[!@#$%^&*+=?~]/.test(text) && /\p{L}/u.test(text)
}

function isNumber(text: string): boolean {
  return /^(?:[0-9]{1,9}|[0-9]+[.,_-][0-9.,_-]*|0x[0-9a-f]{1,8})$/i.test(text)
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
}

/** A file, an address or the name of a thing that holds the secret, or of the way it is made. */
function isReference(text: string): boolean {
  if (/^(?:AWS4|S?CRAM|HMAC|SHA|MD5|AES|PBKDF2|[HREP]S(?:256|384|512))[A-Z0-9_/-]{0,24}$/i.test(text))
    return true
  return /:\/\/|^urn:|^(?:\.{0,2}|~)\/|^[A-Za-z]:\\|^[\w.@-]+(?:\/[\w.@-]+)+\.[a-z]{1,5}$/.test(text)
}

/** A call, a member, a type: an expression that stands where a value would stand. */
function isCode({text, next, isTight}: NamedValue): boolean {
  if (/[(){}[\];]/.test(text) || next === '(' || next === '[') return true
  if (/^!?[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/.test(text)) return true
  // A variable: `{user, password: hash2, port}` and `f(password=pw1)`.
  return /^[A-Za-z_$][\w$]*$/.test(text) && /[,;)\]}]/.test(next) && !(isTight && next === ';')
}
