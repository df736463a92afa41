/**
 * Words of folded text: letters and digits of any script. A class of all letters costs a millisecond to compile, which
 * a search from the terminal pays at every start; most queries are ASCII, so that has expressions of its own.
 */
export function splitWords(folded: string): string[] {
  return folded.match(isAscii(folded) ? /[A-Za-z0-9]+/g : /[\p{L}\p{N}\p{Co}]+/gu) ?? []
}

export function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  return /^[\x00-\x7f]*$/.test(text)
}
