import {CharacterSet} from './character-set.ts'
import {type Name, readNameBefore} from './read-name.ts'
import {readValueAt} from './read-value.ts'
import {meaningOf} from './secret-name.ts'
import type {SecretSpan} from './secret-span.ts'
import {isSecretValue} from './secret-value.ts'

/** More names than these before one value is nobody's configuration. It bounds the time that a hostile text takes. */
const NAMES_PER_VALUE_MAX = 8

/** `：` as in `密码：…`; the words between a name and what somebody says it to be. */
const SEPARATORS = ['=', ':', '\uFF1A', ' is ', ' was ']

/**
 * Values that a name calls a password, token or key: in shells, `.env`, YAML, TOML, JSON (also inside JSON), query
 * strings, code and sentences. Goes by the separators and looks back for the name, because separators are found faster
 * than names, and are rarer in prose.
 */
export function findAssignments(text: string, found: SecretSpan[]): void {
  for (const separator of SEPARATORS) findWithSeparator(text, separator, found)
}

function findWithSeparator(text: string, separator: string, found: SecretSpan[]): void {
  let lastEnd = -1
  let namesBeforeEnd = 0
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
    if (isOperator(text, at, separator)) continue
    const name = separator.length > 1 ? readSpokenName(text, at) : readNameBefore(text, at)
    const meaning = name && meaningOf(name.text)
    if (!name || !meaning) continue
    if (at >= lastEnd) namesBeforeEnd = 0
    if (++namesBeforeEnd > NAMES_PER_VALUE_MAX) continue
    const valueAt = at + separator.length
    const isTight = separator === '=' && !/\s/.test(text.charAt(valueAt))
    const isWholeLine = isTight && beginsLine(text, name.start)
    const value = readValueAt(text, valueAt, {isWholeLine})
    if (!value) continue
    lastEnd = value.end
    const {start, end, isQuoted, next} = value
    const named = {
      text: text.slice(start, end),
      name: name.text,
      meaning,
      isQuoted,
      next,
      isTight,
      isWholeLine,
    }
    if (isSecretValue(named)) found.push({kind: meaning === 'password' ? 'password' : 'secret', start, end})
  }
}

/** `==`, `!=`, `+=`, `::`, `://`: what looks like a separator and assigns nothing. */
function isOperator(text: string, at: number, separator: string): boolean {
  if (separator === '=') return text.charCodeAt(at + 1) === EQUALS || OPERATOR_BEGINNINGS.hasAt(text, at - 1)
  if (separator === ':') return NO_SEPARATOR.hasAt(text, at + 1) || text.charCodeAt(at - 1) === COLON
  return false
}

const EQUALS = 61
const COLON = 58
const OPERATOR_BEGINNINGS = new CharacterSet('=!<>~*/%|&^+')
const NO_SEPARATOR = new CharacterSet(':/=')

/** Of a file of settings or a shell: nothing stands before the name, or a word that sets variables. */
function beginsLine(text: string, nameStart: number): boolean {
  const before = text.slice(Math.max(0, nameStart - 24), nameStart)
  return /(?:^|[\n\r]|\\n)[ \t]*(?:(?:export|set|ENV|ARG|declare -x|- |\+) ?"?)?$/.test(before)
}

const SPOKEN_CHARS_MAX = 60

/** The name of a sentence may have more words behind it: "the password for the staging database is …". */
function readSpokenName(text: string, index: number): Name | undefined {
  const near = readNameBefore(text, index)
  if (near && meaningOf(near.text)) return near
  const before = text.slice(Math.max(0, index - SPOKEN_CHARS_MAX), index)
  const name = SPOKEN_NAME.exec(before)?.[1]
  return name ? {text: name, start: index} : undefined
}

const SPOKEN_NAME =
  /\b(pass(?:word|phrase|code)|token|secret|(?:api|access|secret) key) (?:for|of|to|on|in) [^.,;:!?\n]{1,40}$/i
