const PRINTABLE_ASCII = /^[ -~]*$/

/** Takes no column of its own: accents, joiners, variation selectors. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]$/u

/** Takes two: the scripts of East Asia, their punctuation and full-width forms, and emoji. */
const WIDE =
  /^[[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{Script=Nushu}\p{Script=Khitan_Small_Script}\p{Emoji_Presentation}\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u33ff\u4dc0-\u4dff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f200}-\u{1f265}]--[\uff61-\uffdc\u{1f1e6}-\u{1f1ff}]]$/v

/** Asks for the emoji's own, wide picture. */
const EMOJI_STYLE = /[\ufe0f\u20e3]/

/** What may belong to the character before it: accents, joiners, modifiers, flags, the letters of Hangul. */
const JOINS =
  /[\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Grapheme_Extend}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/u

/** Made when it is first needed: that takes as long as reading the database. */
let segmenter: Intl.Segmenter | undefined

/**
 * Columns that a text takes at most. Terminals differ over emoji that are joined of several (a family is 2 columns wide
 * in some, 8 in others); a line that is a little short looks the same everywhere, one that overflows breaks the screen.
 */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

/** What a reader sees as one character: a letter with its accents, an emoji of several code points. */
export function graphemes(text: string): string[] {
  // The segmenter needs ten seconds for what a big conversation in Japanese holds, so it is asked only where it matters.
  if (!JOINS.test(text)) return Array.from(text)
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({segment}) => segment)
}

export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1) return characterWidth(grapheme)
  let width = 0
  for (const character of grapheme) width += characterWidth(character)
  return EMOJI_STYLE.test(grapheme) ? Math.max(2, width) : width
}

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  if (ZERO_WIDTH.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
