import {readValueAt, WHITE_SPACE} from './read-value.ts'
import {meaningOf} from './secret-name.ts'
import type {SecretSpan} from './secret-span.ts'
import {isEnvironmentName, secretKindOf} from './secret-value.ts'
import {SEPARATORS, type Separator} from './separators.ts'

/** More names than these before one value is nobody's configuration. It bounds the time that a hostile text takes. */
const NAMES_PER_VALUE_MAX = 3

/**
 * Values that a name calls a password, token or key: in shells, `.env`, YAML, TOML, JSON (also inside JSON), query
 * strings, code and sentences. Goes by the separators and looks back for the name, because separators are found faster
 * than names, and are rarer in prose.
 */
export function findAssignments(text: string, found: SecretSpan[]): void {
  for (const separator of SEPARATORS) findWithSeparator(text, separator, found)
}

function findWithSeparator(text: string, separator: Separator, found: SecretSpan[]): void {
  let readTo = 0
  let namesBeforeValue = 0
  for (let at = text.indexOf(separator.text); at >= 0; at = text.indexOf(separator.text, at + 1)) {
    if (separator.isOther?.(text, at)) continue
    const name = separator.readName(text, at)
    const meaning = name && meaningOf(name.text)
    if (!name || !meaning) continue
    if (at >= readTo) namesBeforeValue = 0
    if (++namesBeforeValue > NAMES_PER_VALUE_MAX) continue
    const valueAt = at + (separator.valueOffset ?? separator.text.length)
    const isTight = separator.text === '=' && !WHITE_SPACE.hasAt(text, valueAt)
    const isWholeLine = isTight && beginsLine(text, name.start)
    const value = readValueAt(text, valueAt, {isWholeLine: isWholeLine && isEnvironmentName(name.text)})
    readTo = Math.max(readTo, value.readTo)
    const {start, end} = value
    const kind = secretKindOf({
      ...value,
      text: text.slice(start, end),
      name: name.text,
      meaning,
      isTight,
      isWholeLine,
    })
    if (kind) found.push({kind, start, end})
  }
}

const LINE_BEGINNING_CHARS_MAX = 40

/**
 * Of a file of settings or a shell: nothing stands before the name, or a word that sets variables. Tools print lines
 * with their number, with the file's name, or with the sign of a diff before them.
 */
function beginsLine(text: string, nameStart: number): boolean {
  return LINE_BEGINNING.test(text.slice(Math.max(0, nameStart - LINE_BEGINNING_CHARS_MAX), nameStart))
}

const LINE_BEGINNING =
  /(?:^|[\n\r]|\\n)(?:[\w./-]{0,30}:)?(?:[ \t]*[0-9]{1,6}(?:[:\t\u2192-]|: ))?[ \t]*(?:(?:[+-]|- |\$ |export |set |ENV |ARG |declare -x )[ \t]*"?)?$/
