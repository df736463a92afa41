import type {Memory} from '../memory/memory.ts'
import type {Caller} from '../model/principal.ts'
import {findTranscripts, reasonOf} from './find-transcripts.ts'
import type {ImportState} from './import-state.ts'
import {ImportTally} from './import-tally.ts'
import {ProjectFolders} from './project-folders.ts'
import type {RetryOptions} from './retry.ts'
import {isFileError, isUnchanged, TranscriptIntake} from './transcript-intake.ts'
import type {TranscriptFile, TranscriptSource} from './transcripts/source.ts'

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

/** One import on its way: which files, how far, what became of them. */
export class ImportRun {
  readonly tally = new ImportTally()
  readonly #options: ImportTranscriptsOptions
  readonly #state: ImportState
  readonly #intake: TranscriptIntake
  #bytes = 0
  #bytesDone = 0
  #filesDone = 0

  constructor(
    memory: Pick<Memory, 'recordMessages'>,
    caller: Caller,
    options: ImportTranscriptsOptions,
    state: ImportState,
  ) {
    this.#options = options
    this.#state = state
    const {source, workspaceId, author, machine, home, signal, sleep, lineBytesMax} = options
    this.#intake = new TranscriptIntake(
      memory,
      caller,
      {
        ...{source, workspaceId, author, machine, signal, sleep, lineBytesMax},
        folders: new ProjectFolders({home}),
        onLine: (parsed, {path, offset}) => this.tally.takeParsed(parsed, `${path} at byte ${offset}`),
        onRead: (bytes) => this.#noteRead(bytes),
        onResult: (result) => this.tally.takeResult(result),
        onWait: (waiting) => this.#report(waiting),
      },
      state,
    )
  }

  async importAll(): Promise<void> {
    for (const file of await this.#findFiles()) {
      this.#options.signal?.throwIfAborted()
      await this.#importFile(file)
      this.#filesDone++
      this.#report()
    }
    await this.#intake.flush()
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
      await this.#intake.takeFile(file)
    } catch (error) {
      if (!isFileError(error)) throw error
      this.tally.noteUnreadable(file.path, reasonOf(error))
    }
  }

  #noteRead(bytes: number): void {
    this.#bytesDone += bytes
    this.#report()
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
