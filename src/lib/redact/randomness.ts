/**
 * Whether somebody drew this by lot. Random text changes between small letters, capitals and digits at about every second
 * character; words and names, however long and however they are joined, do so once a word. Entropy alone can't tell a
 * long name from a key.
 */
export function looksRandom(value: string): boolean {
  const chars = value.replace(/[^A-Za-z0-9]/g, '')
  if (chars.length < RANDOM_CHARS_MIN || entropyBits(chars) < ENTROPY_BITS_MIN) return false
  const charsPerPart = chars.length / (chars.match(PARTS)?.length ?? 1)
  return charsPerPart <= (/[0-9]/.test(chars) ? CHARS_PER_PART_MAX : CHARS_PER_PART_MAX_OF_LETTERS)
}

const RANDOM_CHARS_MIN = 10
const ENTROPY_BITS_MIN = 3

/** As a name is cut into words: `QuestionDotToken2` has four parts. */
const PARTS = /[A-Z]?[a-z]+|[A-Z]+|[0-9]+/g
const CHARS_PER_PART_MAX = 3.5
const CHARS_PER_PART_MAX_OF_LETTERS = 2.5

/** Shannon entropy per character. */
function entropyBits(value: string): number {
  const counts = new Map<string, number>()
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}
