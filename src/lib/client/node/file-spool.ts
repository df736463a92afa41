import {randomBytes} from 'node:crypto'
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Logger} from '../outage.ts'
import type {Spool} from '../spool.ts'
import type {WireMessage} from '../wire-message.ts'

const VERSION = 1
const FILES_MAX = 10_000
/** What was being written for so long was left by a process that was killed. */
const PART_MS_MAX = 3_600_000

/**
 * A file for each message, from when it is recorded until it is acknowledged. Every file says which server it is for.
 * Several processes may share a folder: a message that two of them send is stored once, for it has its id.
 */
export class FileSpool implements Spool {
  readonly #folder: string
  readonly #url: string
  readonly #logger: Logger
  #files = 0
  #hasWarned = false
  /** What could not be taken away: it must not be read again and again. */
  readonly #stuck = new Set<string>()
  #sequence = 0

  constructor(folder: string, options: {url: string; logger: Logger}) {
    this.#folder = folder
    this.#url = options.url
    this.#logger = options.logger
    mkdirSync(folder, {recursive: true, mode: 0o700})
    this.#files = this.#list().length
    this.#removeParts()
  }

  put(message: WireMessage): string | undefined {
    if (this.#files >= FILES_MAX) {
      this.#warn(`${this.#folder} holds ${FILES_MAX} messages; what comes now is kept in memory only.`)
      return undefined
    }
    const sequence = String(this.#sequence++).padStart(6, '0')
    const name = `${String(Date.now()).padStart(15, '0')}-${sequence}-${randomBytes(6).toString('hex')}.json`
    const path = join(this.#folder, name)
    try {
      writeFileSync(`${path}.part`, JSON.stringify({version: VERSION, url: this.#url, message}), {
        mode: 0o600,
      })
      renameSync(`${path}.part`, path)
    } catch (error) {
      this.#warn(
        `A message could not be put into ${this.#folder}, and is kept in memory only: ${String(error)}`,
      )
      return undefined
    }
    this.#files++
    return name
  }

  remove(name: string): void {
    try {
      rmSync(join(this.#folder, name), {force: true})
      this.#files--
    } catch (error) {
      this.#stuck.add(name)
      this.#warn(`${join(this.#folder, name)} can't be removed: ${String(error)}`)
    }
  }

  read(except: ReadonlySet<string>, max: number): {name: string; message: WireMessage}[] {
    const found: {name: string; message: WireMessage}[] = []
    for (const name of this.#list()) {
      if (found.length >= max) break
      if (except.has(name) || this.#stuck.has(name)) continue
      const message = this.#readFile(name)
      if (message) found.push({name, message})
    }
    return found
  }

  #readFile(name: string): WireMessage | undefined {
    const path = join(this.#folder, name)
    try {
      const entry = JSON.parse(readFileSync(path, 'utf8'))
      if (entry?.url !== this.#url || entry.version !== VERSION) return undefined
      if (typeof entry.message?.uuid === 'string' && typeof entry.message.session_id === 'string')
        return entry.message
    } catch (error) {
      if (!(error instanceof SyntaxError)) return undefined
    }
    this.#setAside(path)
    return undefined
  }

  #setAside(path: string): void {
    try {
      renameSync(path, `${path}.bad`)
      this.#logger.warn(`bmfote: ${path} is no message; it is set aside as ${path}.bad.`)
    } catch {
      // Another process has done so.
    }
  }

  #list(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
    } catch {
      return []
    }
  }

  #removeParts(): void {
    for (const name of readdirSync(this.#folder).filter((each) => each.endsWith('.part'))) {
      const path = join(this.#folder, name)
      const isOld =
        (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Number.POSITIVE_INFINITY) <
        Date.now() - PART_MS_MAX
      if (isOld) rmSync(path, {force: true})
    }
  }

  #warn(sentence: string): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#logger.warn(`bmfote: ${sentence}`)
  }
}
