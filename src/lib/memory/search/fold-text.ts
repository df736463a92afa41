// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const NON_ASCII = /[^\x00-\x7f]/g

/** Lower case without accents, as the index sees it, and never longer or shorter than the text: offsets stay true. */
export function foldText(text: string): string {
  return foldWith(text, foldCharacter)
}

export function foldWith(text: string, fold: (character: string) => string): string {
  return text.replace(NON_ASCII, fold).toLowerCase()
}

/** One that is not ASCII. */
export function foldCharacter(character: string): string {
  const [base = character] = character
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
  return base
}
