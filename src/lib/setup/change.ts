import type {FileState} from './file-system.ts'

/** One line of what an edit does to a file, for people. */
export interface Detail {
  sign: '+' | '-' | '~'
  text: string
}

export interface EditedText {
  /** Undefined: there is to be no such file. */
  text: string | undefined
  details: Detail[]
}

/**
 * What setup does to one file, there and back. Both ways are functions from text to text that touch nothing: what they
 * give is shown first and written later (apply.ts), after a look whether the file is still the same.
 */
export interface FileEdit {
  path: string
  /** A fragment, for people: "hooks that record each turn". */
  purpose: string
  /** `private`: it holds a secret, and is nobody else's to read. */
  access?: 'private' | 'executable'
  /** The whole file is ours: where a link stands in its place, what it leads to is replaced only when it was ours too. */
  isWhole?: true
  /** Gives the same text when nothing is left to do. Throws `conflict` for a file that it can't understand. */
  install(text: string | undefined): EditedText
  /**
   * Takes out what `install` put in, of a file that was changed since. `original` is the file as it was before, empty
   * where there was none; undefined where nobody knows: then whatever can only be from bmfote goes.
   */
  uninstall(text: string, original: string | undefined): string | undefined
}

/** An edit that has something to do. */
export interface Change {
  edit: FileEdit
  before: FileState
  after: {bytes: Uint8Array; mode: number} | undefined
  details: Detail[]
}
