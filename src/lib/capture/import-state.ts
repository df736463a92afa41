import {createHash} from 'node:crypto'
import {promises as fs} from 'node:fs'
import {BmfoteError} from '../model/errors.ts'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'
import {writeFileAtomically} from '../platform/atomic-write.ts'

/** How far a file has been imported. */
export interface FileProgress {
  inode: number
  /** As much of it as was looked at. More than the offset when a half written line stands at the end. */
  bytes: number
  modifiedMs: number
  /** Up to here every line is in the memory. */
  offset: number
  /** Hash of what stands right before the offset: a file that was written anew is imported anew. */
  tail: string
  /** What the parser has to know of the lines before. */
  parser: unknown
  /** What else the reader of the file wants to know the next time. */
  notes?: unknown
}

interface StateFile {
  version: 1
  /** By destination, then by path: another memory has none of it yet. */
  destinations: Record<string, Record<string, FileProgress>>
}

/** Saving costs a flush to disk. What a crash in between forgets is sent again and changes nothing. */
const SAVE_INTERVAL_MS = 500

export interface ImportStateOptions {
  path: string
  /** The server's address or the database's path. */
  destination: string
  workspaceId?: string
}

/** What earlier imports have put into one memory. */
export class ImportState {
  readonly #path: string
  readonly #file: StateFile
  readonly #files: Map<string, FileProgress>
  readonly #key: string
  #savedAtMs = 0
  #isDirty = false

  private constructor(options: ImportStateOptions, file: StateFile) {
    this.#path = options.path
    this.#file = file
    this.#key = `${options.destination}#${options.workspaceId ?? DEFAULT_WORKSPACE}`
    this.#files = new Map(
      Object.entries(file.destinations[this.#key] ?? {}).filter(([, value]) => isProgress(value)),
    )
  }

  static async load(options: ImportStateOptions): Promise<ImportState> {
    return new ImportState(options, await readStateFile(options.path))
  }

  get(path: string): FileProgress | undefined {
    return this.#files.get(path)
  }

  paths(): string[] {
    return [...this.#files.keys()]
  }

  delete(path: string): void {
    if (this.#files.delete(path)) this.#isDirty = true
  }

  set(path: string, progress: FileProgress): void {
    this.#files.set(path, progress)
    this.#isDirty = true
  }

  clear(): void {
    this.#isDirty = this.#isDirty || this.#files.size > 0
    this.#files.clear()
  }

  async saveNowAndThen(): Promise<void> {
    if (performance.now() - this.#savedAtMs >= SAVE_INTERVAL_MS) await this.save()
  }

  async save(): Promise<void> {
    if (!this.#isDirty) return
    this.#file.destinations[this.#key] = Object.fromEntries(this.#files)
    await this.#write()
    this.#isDirty = false
    this.#savedAtMs = performance.now()
  }

  async #write(): Promise<void> {
    try {
      await writeFileAtomically(this.#path, JSON.stringify(this.#file))
    } catch (error) {
      throw unusable(this.#path, 'written', error)
    }
  }
}

function unusable(path: string, how: 'read' | 'written', cause: unknown): BmfoteError {
  return new BmfoteError(
    'unavailable',
    `${path} can't be ${how} (${(cause as NodeJS.ErrnoException).code}).`,
    {
      next: 'Check the disk and who owns the folder. What was stored until now is not lost.',
      cause,
    },
  )
}

const TAIL_BYTES = 64

/** Of the bytes right before the offset. */
export async function hashTail(handle: fs.FileHandle, offset: number): Promise<string> {
  const length = Math.min(TAIL_BYTES, offset)
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, offset - length)
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64url').slice(0, 16)
}

/** Missing or not ours: nothing has been imported. The worst that follows is sending again what is there. */
async function readStateFile(path: string): Promise<StateFile> {
  try {
    const file = JSON.parse(await fs.readFile(path, 'utf8')) as StateFile
    if (file.version === 1 && typeof file.destinations === 'object' && file.destinations !== null) return file
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const isForeign = error instanceof SyntaxError || error instanceof TypeError
    if (!isMissing && !isForeign) throw unusable(path, 'read', error)
  }
  return {version: 1, destinations: {}}
}

function isProgress(value: FileProgress | null): boolean {
  return (
    typeof value?.offset === 'number' &&
    typeof value.bytes === 'number' &&
    typeof value.inode === 'number' &&
    typeof value.modifiedMs === 'number' &&
    typeof value.tail === 'string'
  )
}
