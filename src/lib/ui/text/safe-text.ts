/**
 * What is stored was written by strangers: web pages, tool output, other people's agents. A terminal obeys what it is
 * sent (clear the screen, rename the window, write to the clipboard, type for the user), so no stored text reaches one
 * except through here.
 */

/** OSC, DCS, PM, APC and SOS strings with their payload; CSI sequences; two-character escapes. 7-bit and 8-bit forms. */
const ESCAPE_SEQUENCES = new RegExp(
  [
    '(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'g',
)

/**
 * Control characters other than tab and newline, and the invisible ones that reorder or hide text: bidi overrides,
 * isolates and marks, zero-width spaces, tag characters. The joiners stay, since emoji and Persian need them.
 */
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\u200c\u200d\u0600-\u0605\u06dd\u070f\u08e2]]/gv

/** Text of several lines, safe to print. Nothing in it moves the cursor but newline and tab. */
export function safeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(ESCAPE_SEQUENCES, '')
    .replace(INVISIBLE, '')
}

/** The same in one line, for labels and snippets: a project's name can't forge a second line. */
export function safeLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim()
}

/** Characters that JSON.stringify leaves as they are but a terminal or a reader's eye would not. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** One JSON document, the same value, with what a terminal would act upon written as \u escapes. */
export function safeJson(value: unknown, indent?: number): string {
  return safeJsonText(JSON.stringify(value, null, indent))
}

/** The same for what is JSON already. */
export function safeJsonText(json: string): string {
  return json.replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
