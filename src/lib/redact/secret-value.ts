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

/** What a value is that was assigned to a password, token or key; undefined for code, a placeholder or a hint. */
export function secretKindOf(value: NamedValue): string | undefined {
  if (!hasShapeOf[value.meaning](value) || isSomethingElse(value)) return undefined
  if (value.meaning === 'password') return 'password'
  return /aws.*secret/i.test(value.name) ? 'aws-secret-key' : 'secret'
}

const hasShapeOf: Record<NameMeaning, (value: NamedValue) => boolean> = {
  password(value) {
    const {text, name, isQuoted, isTight} = value
    if (text.length < PASSWORD_CHARS_MIN) return false
    // Who writes `DB_PASSWORD=correcthorse` means it, whatever it looks like.
    if (isEnvironmentLine(value) || isPropertyLine(value)) return true
    // What a test run prints: `pass: suite-2`.
    if (name === 'pass' && !isQuoted && !isTight) return false
    return hasLetterAndDigit(text) || isPadded(text) || ((isQuoted || isTight) && hasSymbol(text))
  },
  token(value) {
    const {text, name, isQuoted} = value
    if (isEnvironmentLine(value)) return text.length >= TOKEN_CHARS_MIN
    if (isUuid(text)) return /auth_?token|api_?key/i.test(name)
    const charsMin = isQuoted && isEnvironmentName(name) ? TOKEN_CHARS_MIN : LONG_TOKEN_CHARS_MIN
    return text.length >= charsMin && looksRandom(text)
  },
  unclear({text}) {
    // A hash or an id may stand under such a name as well.
    return text.length >= LONG_TOKEN_CHARS_MIN && looksRandom(text) && !/^[0-9A-Fa-f-]+$/.test(text)
  },
}

export function isEnvironmentName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name)
}

function isEnvironmentLine({name, isTight, isQuoted, isWholeLine}: NamedValue): boolean {
  return isTight && (isWholeLine || !isQuoted) && isEnvironmentName(name)
}

/** `datasource.password=correcthorse`, in a file of properties. */
function isPropertyLine({text, next, isWholeLine, isQuoted}: NamedValue): boolean {
  return isWholeLine && !isQuoted && /^[a-z]{8,}$/.test(text) && /^[\n\r]?$/.test(next)
}

/** In base64, as Kubernetes keeps it. */
function isPadded(text: string): boolean {
  return /^[A-Za-z0-9+/]{6,}={1,2}$/.test(text)
}

function hasLetterAndDigit(text: string): boolean {
  return /[0-9]/.test(text) && /\p{L}/u.test(text)
}

/** One that no name or path has. */
function hasSymbol(text: string): boolean {
  return /[!@#$%^&*+=?~]/.test(text) && /\p{L}/u.test(text)
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
}

function isSomethingElse(value: NamedValue): boolean {
  const {text, isQuoted} = value
  if (/\s/.test(text) || isNumber(text) || isReference(text) || isPlaceholder(text)) return true
  if (!isQuoted && isCode(value)) return true
  return isEnvironmentLine(value) ? isStandIn(text) : isTutorialValue(text)
}

function isNumber(text: string): boolean {
  return /^(?:[0-9]{1,9}|[0-9]+[.,_-][0-9.,_-]*|0x[0-9a-f]{1,8})$/i.test(text)
}

/** A file, an address or the name of a thing that holds the secret, or of the way it is made. */
function isReference(text: string): boolean {
  if (
    /^(?:base(?:16|32|58|64)|utf-?(?:8|16)|b?crypt|scrypt|argon2|sha|md5|pbkdf2|aes)(?:-[a-z0-9]+)+$|^[0-9]+-(?:bit|byte|char|digit|letter)/i.test(
      text,
    )
  )
    return true
  if (/^(?:AWS4|S?CRAM|HMAC|SHA|MD5|AES|PBKDF2|[HREP]S(?:256|384|512))[A-Z0-9_/-]{0,24}$/i.test(text))
    return true
  return /:\/\/|^urn:|^(?:\.{0,2}|~)\/|^[A-Za-z]:\\|^[\w.@-]+(?:\/[\w.@-]+)+\.[a-z]{1,5}$/.test(text)
}

/** A call, a member, a type: an expression that stands where a value would stand. */
function isCode(value: NamedValue): boolean {
  const {text, next, isTight} = value
  if (/^!?[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/.test(text)) return true
  // A password may hold any sign where nothing but the end of the line ends it.
  if (isEnvironmentLine(value) && value.isWholeLine) return /^[\w.$]*\(.*\)$/.test(text)
  if (/[(){}[\];]/.test(text) || next === '(' || next === '[') return true
  // As a log prints it: `[DB_PASSWORD=…]`. A variable has a name that can be said.
  if (isEnvironmentLine(value) && looksRandom(text)) return false
  // A variable: `{user, password: hash2, port}` and `f(password=pw1)`.
  return /^[A-Za-z_$][\w$]*$/.test(text) && /[,;)\]}]/.test(next) && !(isTight && next === ';')
}
