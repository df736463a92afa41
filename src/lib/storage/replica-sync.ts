import {existsSync, mkdirSync, renameSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Client} from '@libsql/client'
import type {DatabaseLocation} from '../config/database-location.ts'
import {primaryOf} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import {setNativeVariable} from '../platform/native-environment.ts'
import type {Database} from './database.ts'
import {toBmfoteError} from './database-error.ts'
import {fileUrl} from './file-database.ts'
import {openDatabase} from './open-database.ts'
import {damagedCopy, openReplicaCopy} from './replica-copy.ts'

export type ReplicaLocation = Extract<DatabaseLocation, {mode: 'replica'}>

/** What belongs to a replica: its file, and what SQLite and libSQL keep beside it. */
const SUFFIXES = ['', '-wal', '-shm', '-client_wal_index', '-info']

/**
 * The one that brings the news of a primary into its copy. It stops its thread for as long as the network takes, so it
 * has one of its own; and it asks the primary by HTTP first, because the native client waits three seconds for one that
 * is away, and without end for one that is silent.
 */
export class ReplicaSync {
  readonly #location: ReplicaLocation
  readonly #primary: Database
  #replica?: Client
  #turns: Promise<void> = Promise.resolve()

  constructor(location: ReplicaLocation, primary: Database) {
    this.#location = location
    this.#primary = primary
  }

  /**
   * @throws what the primary throws, database_corrupt when the copy is damaged, conflict when the primary is not the
   * database that the copy was made from
   */
  sync(): Promise<void> {
    // One after the other: two of them would each open the copy, and two writers damage it.
    const turn = this.#turns.then(() => this.#syncNow())
    this.#turns = turn.catch(() => undefined)
    return turn
  }

  async #syncNow(): Promise<void> {
    await this.verify()
    const {path} = this.#location
    try {
      this.#replica ??= await this.#open()
      await this.#replica.sync()
    } catch (error) {
      // What was opened on trouble may hold half of it.
      this.#close()
      throw syncFailure(error, path)
    }
  }

  /** Whether the copy, if there is one, is of this primary. */
  async verify(): Promise<void> {
    const known = await this.#knownIdentity()
    const [primary] = await readIdentity(this.#primary)
    if (known === undefined || primary === known) return
    const {path, url} = this.#location
    throw new BmfoteError(
      'conflict',
      primary === undefined
        ? `The database at ${url} is empty, but the copy at ${path} is not: it has been replaced.`
        : `The database at ${url} is another one than that of the copy at ${path}.`,
      {
        next: `Check TURSO_DATABASE_URL. If the new database is meant, move ${path} and the files beside it away and start again; until then the copy keeps what it has.`,
      },
    )
  }

  /** @throws what the primary throws, when there is nothing to make a copy anew from */
  async checkPrimary(): Promise<void> {
    await readIdentity(this.#primary)
  }

  /** The damaged copy and all that belongs to it get another name; whoever has it open must have closed it. */
  setAside(now: Date): string {
    this.#close()
    this.#identity = undefined
    const {path} = this.#location
    const aside = `${path}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}`
    for (const suffix of SUFFIXES) {
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`)
    }
    return aside
  }

  async close(): Promise<void> {
    this.#close()
    await this.#primary.close()
  }

  #identity?: string

  async #knownIdentity(): Promise<string | undefined> {
    if (this.#identity !== undefined || !existsSync(this.#location.path)) return this.#identity
    const copy = await openReplicaCopy(this.#location)
    try {
      const [identity] = await readIdentity(copy)
      this.#identity = identity
      return identity
    } catch (error) {
      throw damagedCopy(toBmfoteError(error, this.#location.path), this.#location.path)
    } finally {
      await copy.close()
    }
  }

  async #open(): Promise<Client> {
    const {path, url, authToken} = this.#location
    mkdirSync(dirname(path), {recursive: true, mode: 0o700})
    // It writes its log on stdout, where a program's result stands.
    await setNativeVariable('RUST_LOG', 'off')
    const {createClient} = await import('@libsql/client/sqlite3')
    return createClient({url: fileUrl(path), syncUrl: url, authToken})
  }

  #close(): void {
    this.#replica?.close()
    this.#replica = undefined
  }
}

export async function openReplicaSync(location: ReplicaLocation): Promise<ReplicaSync> {
  return new ReplicaSync(location, await openDatabase(primaryOf(location)))
}

/**
 * When the database was made, to the millisecond, is what tells it from any other. Nothing for one that is empty: the
 * view of the schema is asked first, for a missing table is an error.
 */
async function readIdentity(database: Database): Promise<string[]> {
  const tables = await database.query("SELECT 1 FROM sqlite_master WHERE name = 'bmfote_migrations'")
  if (tables.length === 0) return []
  const rows = await database.query('SELECT applied_at FROM bmfote_migrations ORDER BY version LIMIT 1')
  return rows.map((row) => String(row.applied_at))
}

function syncFailure(error: unknown, path: string): BmfoteError {
  const text = error instanceof Error ? error.message : String(error)
  if (/invalid local state|wal_index|InvalidLocalState|metadata/i.test(text)) {
    return new BmfoteError('database_corrupt', `The copy of the database at ${path} is damaged.`, {
      cause: error,
    })
  }
  const known = damagedCopy(toBmfoteError(error, path), path)
  if (known.code !== 'internal') return known
  return new BmfoteError('unavailable', `The copy at ${path} could not be brought up to date.`, {
    next: 'It is tried again by itself; the log has the reason.',
    retryAfterSeconds: 5,
    cause: error,
  })
}
