/** Membership of a character, by its code, without making strings: these loops run over every message. */
export class CharacterSet {
  // A plain field, because a private one costs more to read than all the rest.
  private readonly codes = new Uint8Array(128)

  constructor(chars: string) {
    for (const char of chars) this.codes[char.charCodeAt(0)] = 1
  }

  /** False for what is not ASCII, and for an index outside the text. */
  hasAt(text: string, index: number): boolean {
    const code = text.charCodeAt(index)
    return code < 128 && this.codes[code] === 1
  }
}

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters of all the other scripts; what lies between is punctuation, full-width forms and emoji. */
export function isForeignLetter(code: number): boolean {
  if (code < 0xc0) return false
  return code < 0x2000 || (code > 0x303f && code < 0xd800) || (code > 0xf8ff && code < 0xff00)
}
