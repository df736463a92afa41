import {promises as fs} from 'node:fs'
import {basename, join} from 'node:path'
import {writeFileAtomically} from '../../platform/atomic-write.ts'

/** An event that a hook has put down, and nobody has delivered yet. */
export interface SpoolFile {
  name: string
  path: string
  bytes: number
  writtenMs: number
}

export interface SpoolLimits {
  files: number
  bytes: number
  ageMs: number
}

/** Claude Code deletes transcripts after 30 days, so an older event leads to nothing. */
export const SPOOL_LIMITS: SpoolLimits = {files: 20_000, bytes: 200_000_000, ageMs: 30 * 24 * 3_600_000}

/** A hook writes its event under another name first. It needs a few milliseconds, on a laptop that sleeps longer. */
const PART_MS = 5_000
const PART_MS_MAX = 3_600_000

/** The largest that Claude Code was seen to send is 1 MB. */
const EVENT_BYTES_MAX = 32_000_000

/** The folder in which hooks put down what they were told, one file an event. */
export class Spool {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** In the order in which they came. */
  async list(): Promise<SpoolFile[]> {
    const names = await fs.readdir(this.#folder).catch(emptyWhenMissing)
    const looked = await Promise.all(names.filter(isEventName).map((name) => this.#look(name)))
    const files = looked.filter((file) => file !== undefined)
    return files.sort((a, b) => a.writtenMs - b.writtenMs || (a.name < b.name ? -1 : 1))
  }

  /** An event that a hook has written down to its end. `path` is as the hook calls it, without an ending. */
  async takeUp(path: string): Promise<void> {
    const event = join(this.#folder, basename(path))
    await fs.rename(`${event}.part`, `${event}.json`).catch(ignoreMissing)
  }

  /** Undefined when it is no JSON, or gone. */
  async read(file: SpoolFile): Promise<unknown> {
    if (file.bytes > EVENT_BYTES_MAX) return undefined
    try {
      return JSON.parse(await fs.readFile(file.path, 'utf8'))
    } catch (error) {
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (isGone || error instanceof SyntaxError) return undefined
      throw error
    }
  }

  /** The same event with less in it, and as old as it was. */
  async replace(file: SpoolFile, payload: unknown): Promise<void> {
    await writeFileAtomically(file.path, JSON.stringify(payload))
    await fs.utimes(file.path, file.writtenMs / 1000, file.writtenMs / 1000)
  }

  async remove(files: readonly SpoolFile[]): Promise<void> {
    await Promise.all(files.map(({path}) => fs.rm(path, {force: true})))
  }

  /**
   * What hooks have left half done: Claude Code ends those that still run when it ends. An event that is whole is taken
   * up, for its hook will not come back to it; what is not is taken away when nobody can be writing it any more.
   * `graceMs`: how long a hook that still runs may need its file as it is.
   */
  async adoptLeftovers(nowMs: number, graceMs = PART_MS): Promise<void> {
    const names = await fs.readdir(this.#folder).catch(emptyWhenMissing)
    for (const name of names.filter((each) => each.endsWith('.part') || each.endsWith('.tmp'))) {
      const path = join(this.#folder, name)
      const file = await this.#look(name)
      const ageMs = nowMs - (file?.writtenMs ?? nowMs)
      if (!file || ageMs < graceMs) continue
      const isWhole = name.endsWith('.part') && (await this.read(file)) !== undefined
      if (isWhole) await fs.rename(path, path.replace(/\.part$/, '.json')).catch(ignoreMissing)
      else if (ageMs > PART_MS_MAX) await fs.rm(path, {force: true})
    }
  }

  async #look(name: string): Promise<SpoolFile | undefined> {
    const path = join(this.#folder, name)
    const stats = await fs.lstat(path).catch(() => undefined)
    if (!stats?.isFile()) return undefined
    return {name, path, bytes: stats.size, writtenMs: stats.mtimeMs}
  }
}

/** Which to let go of, so that the rest is within the limits: the oldest. */
export function overLimits(
  files: readonly SpoolFile[],
  nowMs: number,
  limits: SpoolLimits = SPOOL_LIMITS,
): SpoolFile[] {
  let count = files.length
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return files.filter((file) => {
    const isOver = count > limits.files || bytes > limits.bytes || nowMs - file.writtenMs > limits.ageMs
    if (isOver) {
      count--
      bytes -= file.bytes
    }
    return isOver
  })
}

function isEventName(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.')
}

function emptyWhenMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
