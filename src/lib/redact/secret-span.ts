/** A stretch of text that nobody else should read. Offsets are UTF-16 code units, the end is exclusive. */
export interface SecretSpan {
  kind: string
  start: number
  end: number
}

/**
 * Looks for one sort of secret and adds what it finds. Takes time that grows with the length of the text and no faster,
 * whatever the text is: strangers write it.
 */
export type SecretFinder = (text: string, found: SecretSpan[]) => void
