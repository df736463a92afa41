import {promises as fs} from 'node:fs'
import type {Memory} from '../memory/memory.ts'
import type {Caller} from '../model/principal.ts'
import {collectGarbage} from '../platform/collect-garbage.ts'
import {findTranscripts, reasonOf} from './find-transcripts.ts'
import {type FileProgress, hashTail, type ImportState} from './import-state.ts'
import {ImportTally} from './import-tally.ts'
import {projectOfFolder} from './project.ts'
import {MessageBatch} from './record-batches.ts'
import type {RetryOptions} from './retry.ts'
import {LINE_BYTES_MAX, LineSplitter, type RawLine} from './split-lines.ts'
import type {TranscriptFile, TranscriptParser, TranscriptSource} from './transcripts/source.ts'

export interface ImportTranscriptsOptions {
  source: TranscriptSource
  /** Files and folders; usually the source's own folder. */
  paths: readonly string[]
  /** Where it is kept what was imported: `<cache>/import-<source>.json`. */
  statePath: string
  /** The server's address or the database's path: the state belongs to one memory. */
  destination: string
  workspaceId?: string
  author?: string
  machine?: string
  /** The user's home folder, for project names. */
  home?: string
  /** Read everything from the beginning. What is there already is not doubled. */
  fromStart?: boolean
  signal?: AbortSignal
  onProgress?(progress: ImportProgress): void
  sleep?: RetryOptions['sleep']
  lineBytesMax?: number
}

export interface ImportProgress {
  files: number
  filesDone: number
  bytes: number
  bytesDone: number
  messages: number
  skipped: number
  bad: number
  /** The memory does not take anything right now; the next try comes after this wait. */
  waiting?: {seconds: number; reason: string}
}

const CHUNK_BYTES = 256 * 1024

/** After reading so much, what is no longer used of it is let go of. It costs a few milliseconds. */
const BYTES_HELD_MAX = 10_000_000

/** One import on its way: files to lines to messages to batches. */
export class ImportRun {
  readonly tally = new ImportTally()
  readonly #options: ImportTranscriptsOptions
  readonly #state: ImportState
  readonly #batch: MessageBatch
  readonly #projectOf: (folder: string) => string | undefined
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  /** Where files stand once the batch is written. */
  readonly #checkpoints = new Map<string, FileProgress>()
  #bytes = 0
  #bytesDone = 0
  #filesDone = 0
  #bytesHeld = 0

  constructor(
    memory: Pick<Memory, 'recordMessages'>,
    caller: Caller,
    options: ImportTranscriptsOptions,
    state: ImportState,
  ) {
    this.#options = options
    this.#state = state
    this.#projectOf = projectCache(options.home)
    this.#batch = new MessageBatch(memory, caller, {
      signal: options.signal,
      sleep: options.sleep,
      onWait: (waiting) => this.#report(waiting),
    })
  }

  async importAll(): Promise<void> {
    for (const file of await this.#findFiles()) {
      this.#options.signal?.throwIfAborted()
      await this.#importFile(file)
      this.#filesDone++
      this.#report()
    }
    await this.#flush()
  }

  async #findFiles(): Promise<TranscriptFile[]> {
    const files = new Map<string, TranscriptFile>()
    for (const path of this.#options.paths) {
      const found = await findTranscripts(this.#options.source, path)
      for (const file of found.files) files.set(file.path, file)
      for (const {path: unreadable, reason} of found.unreadable) this.tally.noteUnreadable(unreadable, reason)
    }
    this.tally.summary.files = files.size
    for (const file of files.values()) this.#bytes += file.bytes
    return [...files.values()]
  }

  /** A file that can't be read costs itself only. */
  async #importFile(file: TranscriptFile): Promise<void> {
    const known = this.#state.get(file.path)
    if (known && isUnchanged(known, file)) {
      this.tally.summary.filesUnchanged++
      this.#bytesDone += file.bytes
      return
    }
    try {
      const handle = await fs.open(file.path, 'r')
      try {
        await this.#readFile(handle, file, known)
      } finally {
        await handle.close()
      }
    } catch (error) {
      if (!isFileError(error)) throw error
      this.tally.noteUnreadable(file.path, reasonOf(error))
    }
  }

  async #readFile(
    handle: fs.FileHandle,
    file: TranscriptFile,
    known: FileProgress | undefined,
  ): Promise<void> {
    const resume = known && (await isContinued(handle, file, known)) ? known : undefined
    const parser = this.#openParser(file, resume?.parser)
    const splitter = new LineSplitter({lineBytesMax: this.#options.lineBytesMax})
    let offset = resume?.offset ?? 0
    let position = offset
    this.#bytesDone += offset
    for (;;) {
      this.#options.signal?.throwIfAborted()
      const {bytesRead} = await handle.read(this.#chunk, 0, CHUNK_BYTES, position)
      if (bytesRead === 0) break
      for (const line of splitter.push(this.#chunk.subarray(0, bytesRead))) {
        this.#takeLine(line, parser, `${file.path} at byte ${offset}`)
        offset += line.bytes
        this.#letGo(line.bytes)
        if (!this.#batch.isFull) continue
        await this.#checkpoint(handle, {...file, bytes: offset}, {offset, parser})
        await this.#flush()
      }
      position += bytesRead
      this.#bytesDone += bytesRead
      this.#report()
    }
    const rest = splitter.rest()
    if (rest && isWholeLine(rest)) {
      this.#takeLine(rest, parser, `${file.path} at byte ${offset}`)
      offset += rest.bytes
    }
    await this.#checkpoint(handle, file, {offset, parser})
    if (this.#batch.isEmpty) await this.#flush()
  }

  async #checkpoint(
    handle: fs.FileHandle,
    {path, inode, bytes, modifiedMs}: TranscriptFile,
    {offset, parser}: {offset: number; parser: TranscriptParser},
  ): Promise<void> {
    const tail = await hashTail(handle, offset)
    this.#checkpoints.set(path, {inode, bytes, modifiedMs, offset, tail, parser: parser.state()})
  }

  #openParser(file: TranscriptFile, state: unknown): TranscriptParser {
    const {source, workspaceId, author, machine} = this.#options
    return source.openParser(file, {workspaceId, author, machine, projectOf: this.#projectOf}, state)
  }

  #takeLine(line: RawLine, parser: TranscriptParser, where: string): void {
    if (line.text?.trim() === '') return
    const parsed = line.text === null ? this.#tooLong() : parser.parseLine(line.text)
    if (parsed.kind === 'message') this.#batch.add(parsed.message)
    this.tally.takeParsed(parsed, where)
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

  async #flush(): Promise<void> {
    for (const result of await this.#batch.flush()) this.tally.takeResult(result)
    for (const [path, progress] of this.#checkpoints) this.#state.set(path, progress)
    this.#checkpoints.clear()
    await this.#state.saveNowAndThen()
  }

  #report(waiting?: ImportProgress['waiting']): void {
    const {files, messages, skipped, bad} = this.tally.summary
    this.#options.onProgress?.({
      files,
      filesDone: this.#filesDone,
      bytes: this.#bytes,
      bytesDone: Math.min(this.#bytesDone, this.#bytes),
      messages,
      skipped,
      bad,
      ...(waiting ? {waiting} : {}),
    })
  }
}

function isUnchanged(known: FileProgress, file: TranscriptFile): boolean {
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

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

/** A history names the same few folders again and again. */
function projectCache(home: string | undefined): (folder: string) => string | undefined {
  const known = new Map<string, string | undefined>()
  return (folder) => {
    if (!known.has(folder)) known.set(folder, projectOfFolder(folder, {home}))
    return known.get(folder)
  }
}
