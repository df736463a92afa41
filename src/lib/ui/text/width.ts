import stringWidth from 'string-width'

const PRINTABLE_ASCII = /^[ -~]*$/
const segmenter = new Intl.Segmenter()

/** Columns that a text takes on a terminal, counted as Ink counts them. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text)
}

/** What a reader sees as one character: a letter with its accents, an emoji of several code points. */
export function graphemes(text: string): string[] {
  if (PRINTABLE_ASCII.test(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({segment}) => segment)
}
