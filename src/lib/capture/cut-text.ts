export interface CutText {
  text: string
  isCut: boolean
}

/**
 * Keeps the beginning and the end and says in between how much is missing. The end matters most of what tools print:
 * the error stands there. `headShare` of what is kept comes from the beginning.
 */
export function cutMiddle(text: string, maxChars: number, headShare = 0.5): CutText {
  if (text.length <= maxChars) return {text, isCut: false}
  const room = Math.max(0, maxChars - MARK_CHARS_MAX)
  const headChars = Math.floor(room * headShare)
  const head = withoutHalfPairAtEnd(text.slice(0, headChars))
  const tail = withoutHalfPairAtStart(text.slice(text.length - (room - headChars)))
  const missing = (text.length - head.length - tail.length).toLocaleString('en-US')
  return {text: `${head}\n[… ${missing} characters left out …]\n${tail}`, isCut: true}
}

/** The mark with any number in it. */
const MARK_CHARS_MAX = 60

/** A character outside the basic plane is two code units; half of one is not text. */
function withoutHalfPairAtEnd(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text
}

function withoutHalfPairAtStart(text: string): string {
  return /^[\uDC00-\uDFFF]/.test(text) ? text.slice(1) : text
}
