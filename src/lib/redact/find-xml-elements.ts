import {meaningOf} from './secret-name.ts'
import type {SecretSpan} from './secret-span.ts'
import {secretKindOf} from './secret-value.ts'

const CLOSING_TAG = /<\/([A-Za-z][\w:.-]{2,40})>/y
const VALUE_CHARS_MAX = 256

/** `<password>…</password>`, as in the settings of Maven and NuGet. */
export function findXmlElements(text: string, found: SecretSpan[]): void {
  for (let at = text.indexOf('</'); at >= 0; at = text.indexOf('</', at + 2)) {
    CLOSING_TAG.lastIndex = at
    const name = CLOSING_TAG.exec(text)?.[1]
    const meaning = name && meaningOf(name)
    if (!meaning) continue
    const start = text.lastIndexOf('>', at) + 1
    if (start === 0 || at - start > VALUE_CHARS_MAX) continue
    const value = text.slice(start, at)
    const named = {text: value, name, meaning, isQuoted: true, next: '<', isTight: false, isWholeLine: false}
    const kind = secretKindOf(named)
    if (kind) found.push({kind, start, end: at})
  }
}
