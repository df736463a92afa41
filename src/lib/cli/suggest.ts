import {distance} from 'fastest-levenshtein'

const PREFIX_LENGTH_MIN = 3

/** The known word nearest to what was typed, if it is near enough that a slip of the hand explains it. */
export function nearestWord(typed: string, known: readonly string[]): string | undefined {
  // Two letters swapped are two mistakes.
  const mistakesMax = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3))
  let best: string | undefined
  let fewest = mistakesMax + 1
  for (const word of known) {
    const mistakes = distance(typed.toLowerCase(), word.toLowerCase())
    if (mistakes < fewest) {
      best = word
      fewest = mistakes
    }
  }
  if (best !== undefined || typed.length < PREFIX_LENGTH_MIN) return best
  const begun = known.filter((word) => word.startsWith(typed))
  return begun.length === 1 ? begun[0] : undefined
}
