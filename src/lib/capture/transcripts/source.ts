import type {Paths} from '../../config/environment.ts'
import type {NewMessage} from '../../model/message.ts'

/** A file of history, as it was found. */
export interface TranscriptFile {
  path: string
  bytes: number
  modifiedMs: number
  /** Tells a file from another one that has taken its name. */
  inode: number
}

export interface TranscriptOptions {
  workspaceId?: string
  /** Whose history it is. */
  author?: string
  machine?: string
  /** The project that a working folder belongs to. */
  projectOf: (folder: string) => string | undefined
  /** Whether what is done in a folder, or to a file that is named there, is to be left out. */
  isIgnored?: (folder: string, path?: string) => boolean
}

/**
 * Why a line gives no message. `bookkeeping`: the tool's own records. `harness`: text that stands in a person's place
 * but that nobody said. `summary`: repeats the conversation. `recall`: came out of the memory. `ignored`: the project wants it so.
 * `empty`: nothing to keep.
 */
export type SkipReason = 'bookkeeping' | 'harness' | 'summary' | 'thinking' | 'recall' | 'ignored' | 'empty'

export type ParsedLine =
  | {kind: 'message'; message: NewMessage; isCut: boolean}
  | {kind: 'skipped'; reason: SkipReason}
  | {kind: 'bad'; reason: string}

/** Where in a conversation a line stands, whatever it holds. */
export interface LinePlace {
  /** When the line was written, as it says itself. */
  timestamp?: string
  /** The tool's own name for the person's prompt that the line follows. */
  promptId?: string
}

export interface TranscriptParser {
  /** Never throws: what can't be read is `bad`. */
  parseLine(line: string): ParsedLine
  /** Of the line that was parsed last; without a timestamp when it was not worth a look. */
  readonly place: LinePlace
  /** What the lines so far mean for the lines to come, as plain JSON: an import goes on from here another day. */
  state(): unknown
}

/** A tool that keeps its conversations in files of JSON lines. One file per tool, and a fixture. */
export interface TranscriptSource {
  /** `source` of its messages, and the word after `bmfote import`. */
  name: string
  /** The folder that it keeps its history in. */
  folder(paths: Paths): string
  isTranscript(fileName: string): boolean
  /** `state` is what an earlier parser of this file gave; anything else is taken as none. */
  openParser(file: {path: string}, options: TranscriptOptions, state?: unknown): TranscriptParser
}
