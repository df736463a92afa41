import {promises as fs} from 'node:fs'
import type {NewMessage, RecordResult} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import {collectGarbage} from '../platform/collect-garbage.ts'
import {type FileProgress, hashTail, type ImportState} from './import-state.ts'
import type {ProjectFolders} from './project-folders.ts'
import {MessageBatch, type MessageRecorder} from './record-batches.ts'
import type {RetryOptions} from './retry.ts'
import {LINE_BYTES_MAX, LineSplitter, type RawLine} from './split-lines.ts'
import type {
  LinePlace,
  ParsedLine,
  TranscriptFile,
  TranscriptParser,
  TranscriptSource,
} from './transcripts/source.ts'

export interface TranscriptIntakeOptions extends RetryOptions {
  source: TranscriptSource
  workspaceId?: string
  /** Whose history it is. */
  author?: string
  machine?: string
  folders: ProjectFolders
  lineBytesMax?: number
  /** How a file is opened; by default as it is named. */
  open?(path: string): Promise<fs.FileHandle>
  /** Told of every line that is not empty, in its order; `offset` is where the line begins. */
  onLine?(parsed: ParsedLine, where: LinePlace & {path: string; offset: number}): void
  onRead?(bytes: number): void
  onResult?(result: RecordResult): void
  /** What is to be kept with the progress of a file, in its `notes`. */
  notesOf?(path: string): unknown
}

const CHUNK_BYTES = 256 * 1024

/** After reading so much, what is no longer used of it is let go of. It costs a few milliseconds. */
const BYTES_HELD_MAX = 10_000_000

/**
 * Files of history into a memory: from where each was left, to lines, to messages, to batches. How far a file was read
 * is noted when the memory has acknowledged what stands before, never earlier.
 */
export class TranscriptIntake {
  readonly #options: TranscriptIntakeOptions
  readonly #state: ImportState
  readonly #batch: MessageBatch
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  /** Where files stand once the batch is written. */
  readonly #checkpoints = new Map<string, FileProgress>()
  #bytesHeld = 0

  constructor(memory: MessageRecorder, caller: Caller, options: TranscriptIntakeOptions, state: ImportState) {
    this.#options = options
    this.#state = state
    this.#batch = new MessageBatch(memory, caller, options)
  }

  /** What is known of the file so far, whether it is acknowledged yet or not. */
  progressOf(path: string): FileProgress | undefined {
    return this.#checkpoints.get(path) ?? this.#state.get(path)
  }

  /** Reads what is new in the file. What it gives is sent when the batch is full, the rest with `flush`. */
  async takeFile(file: TranscriptFile): Promise<void> {
    const handle = await (this.#options.open ?? openPlainly)(file.path)
    try {
      await this.#readFile(handle, file)
    } finally {
      await handle.close()
    }
  }

  /** What a line would be that stood in this file, apart from the lines that do. */
  parseAlone(path: string, line: string): ParsedLine {
    return this.#openParser({path}, undefined).parseLine(line)
  }

  /** A message that stands in no file. */
  add(message: NewMessage): void {
    this.#batch.add(message)
  }

  /** On resolution everything is acknowledged; the state knows it, and has yet to be saved. */
  async flush(): Promise<void> {
    for (const result of await this.#batch.flush()) this.#options.onResult?.(result)
    for (const [path, progress] of this.#checkpoints) this.#state.set(path, progress)
    this.#checkpoints.clear()
    await this.#state.saveNowAndThen()
  }

  async #readFile(handle: fs.FileHandle, file: TranscriptFile): Promise<void> {
    const known = this.progressOf(file.path)
    const resume = known && (await isContinued(handle, file, known)) ? known : undefined
    const parser = this.#openParser(file, resume?.parser)
    const splitter = new LineSplitter({lineBytesMax: this.#options.lineBytesMax})
    let offset = resume?.offset ?? 0
    let position = offset
    this.#options.onRead?.(offset)
    for (;;) {
      this.#options.signal?.throwIfAborted()
      const {bytesRead} = await handle.read(this.#chunk, 0, CHUNK_BYTES, position)
      if (bytesRead === 0) break
      for (const line of splitter.push(this.#chunk.subarray(0, bytesRead))) {
        this.#takeLine(line, parser, {path: file.path, offset})
        offset += line.bytes
        this.#letGo(line.bytes)
        if (!this.#batch.isFull) continue
        await this.#checkpoint(handle, {...file, bytes: offset}, {offset, parser})
        await this.flush()
      }
      position += bytesRead
      this.#options.onRead?.(bytesRead)
    }
    const rest = splitter.rest()
    if (rest && isWholeLine(rest)) {
      this.#takeLine(rest, parser, {path: file.path, offset})
      offset += rest.bytes
    }
    await this.#checkpoint(handle, file, {offset, parser})
    if (this.#batch.isEmpty) await this.flush()
  }

  async #checkpoint(
    handle: fs.FileHandle,
    {path, inode, bytes, modifiedMs}: TranscriptFile,
    {offset, parser}: {offset: number; parser: TranscriptParser},
  ): Promise<void> {
    const tail = await hashTail(handle, offset)
    const notes = this.#options.notesOf?.(path)
    this.#checkpoints.set(path, {
      inode,
      bytes,
      modifiedMs,
      offset,
      tail,
      parser: parser.state(),
      ...(notes === undefined ? {} : {notes}),
    })
  }

  #openParser(file: {path: string}, state: unknown): TranscriptParser {
    const {source, workspaceId, author, machine, folders} = this.#options
    const options = {
      workspaceId,
      author,
      machine,
      projectOf: (folder: string) => folders.projectOf(folder),
      isIgnored: (folder: string, path?: string) => folders.isIgnored(folder, path),
    }
    return source.openParser(file, options, state)
  }

  #takeLine(line: RawLine, parser: TranscriptParser, where: {path: string; offset: number}): void {
    if (line.text?.trim() === '') return
    const parsed = line.text === null ? this.#tooLong() : parser.parseLine(line.text)
    if (parsed.kind === 'message') this.#batch.add(parsed.message)
    this.#options.onLine?.(parsed, {...where, ...parser.place})
  }

  #letGo(bytes: number): void {
    this.#bytesHeld += bytes
    if (this.#bytesHeld < BYTES_HELD_MAX) return
    this.#bytesHeld = 0
    collectGarbage()
  }

  #tooLong(): {kind: 'bad'; reason: string} {
    const limit = this.#options.lineBytesMax ?? LINE_BYTES_MAX
    return {kind: 'bad', reason: `longer than ${limit.toLocaleString('en-US')} bytes`}
  }
}

function openPlainly(path: string): Promise<fs.FileHandle> {
  return fs.open(path, 'r')
}

/** Nothing was written to the file since. */
export function isUnchanged(known: FileProgress, file: TranscriptFile): boolean {
  return known.inode === file.inode && known.bytes === file.bytes && known.modifiedMs === file.modifiedMs
}

/** Whether the file is the one that was read, with more at its end. */
async function isContinued(
  handle: fs.FileHandle,
  file: TranscriptFile,
  known: FileProgress,
): Promise<boolean> {
  if (known.inode !== file.inode || known.offset > file.bytes) return false
  return (await hashTail(handle, known.offset)) === known.tail
}

/**
 * A last line without its end may be half written: it is left for the next time. If it is whole JSON nevertheless, the
 * file ends that way.
 */
function isWholeLine(line: RawLine): boolean {
  try {
    JSON.parse(line.text ?? '')
    return true
  } catch {
    return false
  }
}

/** What the file system says about a file, in contrast to what the memory says. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}
