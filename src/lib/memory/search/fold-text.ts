// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const NON_ASCII = /[^\x00-\x7f]/g
const folded = new Map<string, string>()
const FOLDED_MAX = 5_000

/** Lower case without accents, as the index sees it, and never longer or shorter than the text: offsets stay true. */
export function foldText(text: string): string {
  return text.replace(NON_ASCII, foldCharacter).toLowerCase()
}

function foldCharacter(character: string): string {
  const known = folded.get(character)
  if (known !== undefined) return known
  const [base = character] = character
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
  if (folded.size < FOLDED_MAX) folded.set(character, base)
  return base
}
