import {foldCharacter, foldWith} from './fold-text.ts'
import {porterStem} from './porter-stem.ts'

const CHARACTERS_MAX = 5_000
const STEMS_MAX = 50_000

/** Folded and stemmed forms of what many texts have in common, kept from one search to the next. */
export class TextForms {
  readonly #characters = new Map<string, string>()
  readonly #stems = new Map<string, string>()

  /** As foldText. */
  fold(text: string): string {
    return foldWith(text, (character) => {
      const known = this.#characters.get(character)
      if (known !== undefined) return known
      const folded = foldCharacter(character)
      if (this.#characters.size < CHARACTERS_MAX) this.#characters.set(character, folded)
      return folded
    })
  }

  stem(word: string): string {
    const known = this.#stems.get(word)
    if (known !== undefined) return known
    const stem = porterStem(word)
    if (this.#stems.size >= STEMS_MAX) this.#stems.clear()
    this.#stems.set(word, stem)
    return stem
  }
}
