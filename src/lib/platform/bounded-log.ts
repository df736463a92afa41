import {promises as fs} from 'node:fs'
import {dirname} from 'node:path'

/** Two files of this size at most: the one that is written, and the one before. */
const LOG_BYTES_MAX = 1_000_000

const LINE_CHARS_MAX = 2_000

/** A log for what nobody looks at while it happens. It never throws: what it is for is trouble enough. */
export class BoundedLog {
  readonly #path: string
  readonly #now: () => Date
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string, now: () => Date = () => new Date()) {
    this.#path = path
    this.#now = now
  }

  /** Resolves when this line and those before it are written. */
  write(sentence: string): Promise<void> {
    const line = `${this.#now().toISOString()} ${sentence.replace(/\s+/g, ' ').slice(0, LINE_CHARS_MAX)}\n`
    this.#writing = this.#writing.then(() => this.#append(line))
    return this.#writing
  }

  async #append(line: string): Promise<void> {
    try {
      await fs.mkdir(dirname(this.#path), {recursive: true, mode: 0o700})
      await this.#makeRoom()
      await fs.appendFile(this.#path, line, {mode: 0o600})
    } catch {
      // A full disk, a folder that is not ours: there is nobody left to tell.
    }
  }

  async #makeRoom(): Promise<void> {
    const stats = await fs.stat(this.#path).catch(() => undefined)
    if (stats && stats.size > LOG_BYTES_MAX) await fs.rename(this.#path, `${this.#path}.1`)
  }
}
