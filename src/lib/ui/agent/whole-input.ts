import type {CallView} from './call-words.ts'

/** Whoever is asked to allow more than this would allow what they have not read. */
export const QUESTION_CHARS_MAX = 8_000

/** What a terminal would obey, or an eye not see: control and format characters, and those of no width. */
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]--[\n]]/gv

/** All that a tool would be given, as JSON: nothing is cut, and nothing in it is invisible. */
export function wholeInput({input}: Pick<CallView, 'input'>): string {
  return (JSON.stringify(input, null, 2) ?? '').replace(
    UNSEEN,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
