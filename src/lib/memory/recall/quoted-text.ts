/** What a control character, a bidi override or a character without width could hide from who reads along. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{e0000}-\u{e0fff}]/gu
/** Joins emoji, and letters of some scripts. */
const JOINERS = new Set(['\u200c', '\u200d'])
/**
 * The opening of a tag that could be one of the frame's, or one that a harness gives a meaning to (`system-reminder`,
 * `function_calls`, `antml:invoke`): whatever case, blanks or look-alike of the bracket it is written with. Names of
 * HTML and of generic types stay as they are.
 */
const MARKED_TAG =
  /[<＜﹤](?=[\s/!?]{0,20}(?:bmfote|system\b|user\b|human\b|assistant\b|instructions?\b|tool\b|thinking\b|[a-z]+[-_:][a-z_-]))/giu

/**
 * Text of a stranger, made safe to stand in the frame: it shows all that it holds, and can neither close the frame nor
 * open another.
 */
export function quoteText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(INVISIBLE, (character) => (isKept(character) ? character : ''))
    .replace(MARKED_TAG, '‹')
    .replace(/bmfote-recall/gi, 'bmfote recall')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

function isKept(character: string): boolean {
  return character === '\n' || character === '\t' || JOINERS.has(character)
}

/** The same for names and ids, which stand on one line. */
export function quoteLabel(label: string, charsMax = 60): string {
  return cutEnd(quoteText(label).replace(/\s+/g, ' '), charsMax)
}

/** At most so many UTF-16 code units, with a mark where something is missing, and never half a character. */
export function cutEnd(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  return `${dropHalf(text.slice(0, Math.max(0, charsMax - 1))).trimEnd()}…`
}

/** The passage of `charsMax` that starts a little before `at`, at a blank where there is one. */
export function cutAround(text: string, at: number, charsMax: number): string {
  if (text.length <= charsMax) return text
  const wished = Math.max(0, Math.min(at - Math.floor(charsMax / 4), text.length - charsMax + 1))
  if (wished === 0) return cutEnd(text, charsMax)
  const blank = text.slice(wished, wished + 40).search(/\s/)
  const start = blank < 0 ? wished : wished + blank + 1
  const rest = text
    .slice(start)
    .toWellFormed()
    .replace(/^\uFFFD/, '')
  return cutEnd(`…${rest}`, charsMax)
}

function dropHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
