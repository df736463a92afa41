import {chmodSync, closeSync, existsSync, mkdirSync, openSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Client} from '@libsql/client'
import {BmfoteError} from '../model/errors.ts'
import type {
  Args,
  Database,
  DatabaseStatus,
  InStatement,
  ResultSet,
  Row,
  SyncReport,
  Transaction,
  TransactionOptions,
} from './database.ts'
import {isBusy, toBmfoteError} from './database-error.ts'

/** How long one statement waits for another process's write lock. It waits synchronously: see WorkerMemory. */
const BUSY_TIMEOUT_MS = 5_000
/** Then the connection is made anew and the work tried again, so many times in all. */
const BUSY_ATTEMPTS_MAX = 3

/**
 * One libSQL file and the only connection that this process has to it. One connection, so that settings hold for all
 * statements; one queue for writes, because two open write transactions in a process wait each other out.
 */
export class FileDatabase implements Database {
  readonly mode = 'file'
  readonly place: string
  readonly #client: Client
  #writes: Promise<unknown> = Promise.resolve()
  #hasWritten = false

  constructor(path: string, client: Client) {
    this.place = path
    this.#client = client
  }

  async query(sql: string, args: Args = []): Promise<Row[]> {
    const result = await this.#attempt(() => this.#client.execute({sql, args} as InStatement))
    return result.rows
  }

  async queryAll(statements: readonly InStatement[]): Promise<Row[][]> {
    const rows: Row[][] = []
    for (const statement of statements) {
      rows.push((await this.#attempt(() => this.#client.execute(statement))).rows)
    }
    return rows
  }

  write(statements: readonly InStatement[]): Promise<ResultSet[]> {
    return this.#enqueue(() => this.#attempt(() => this.#client.batch([...statements], 'write')))
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#enqueue(async () => {
      const transaction = await this.#attempt(() => this.#begin(), options)
      try {
        const result = await work(transaction)
        await transaction.commit()
        return result
      } catch (error) {
        throw toBmfoteError(error, this.place)
      } finally {
        transaction.close()
      }
    })
  }

  async sync(): Promise<SyncReport> {
    return {status: 'skipped', reason: 'The database is a local file, so there is nothing to sync with.'}
  }

  status(): DatabaseStatus {
    return {mode: this.mode, place: this.place}
  }

  /**
   * Waits for writes under way, then gives up the file. What was written is brought from the WAL into the file itself,
   * so that a copy of that alone is whole: libSQL does not do so when its last connection closes.
   */
  async close(): Promise<void> {
    await this.#writes
    // PASSIVE waits for nobody; whoever is still reading leaves the rest to the next one.
    if (this.#hasWritten) await this.#client.execute('PRAGMA wal_checkpoint(PASSIVE)').catch(() => undefined)
    this.#client.close()
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#hasWritten = true
    const run = this.#writes.then(work)
    this.#writes = run.catch(() => {})
    return run
  }

  async #begin(): Promise<Transaction> {
    // Our tables have no foreign keys; 0.11.7's had, and half a database may refer to tables that never were.
    await this.#client.execute('PRAGMA foreign_keys = OFF')
    return this.#client.transaction('write')
  }

  /**
   * A connection that met SQLITE_BUSY fails its next commit and keeps its lock (libsql-client-ts #352): it is thrown
   * away before the work is tried again.
   */
  async #attempt<T>(work: () => Promise<T>, {waitMs = 0}: TransactionOptions = {}): Promise<T> {
    const deadline = Date.now() + waitMs
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (!isBusy(error)) throw toBmfoteError(error, this.place)
        await this.#client.reconnect()
        if (attempt >= BUSY_ATTEMPTS_MAX && Date.now() >= deadline) throw toBmfoteError(error, this.place)
      }
    }
  }
}

/** Opens the file, which is made (readable by its owner alone) when it is not there. No schema yet: see migrate. */
export async function openDatabaseFile(path: string): Promise<FileDatabase> {
  makePrivateFile(path)
  const {createClient} = await import('@libsql/client/sqlite3').catch((error) => {
    throw nativePartMissing(error)
  })
  const client = wrap(path, () =>
    createClient({url: fileUrl(path), concurrency: 1, timeout: BUSY_TIMEOUT_MS}),
  )
  const database = new FileDatabase(path, client)
  try {
    await database.query('PRAGMA journal_mode = WAL')
    // What is deleted, or was moved elsewhere in the index, is overwritten and doesn't stay in the file's free pages.
    await database.query('PRAGMA secure_delete = ON')
  } catch (error) {
    client.close()
    throw error
  }
  return database
}

export function fileUrl(path: string): string {
  return `file:${encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23')}`
}

function makePrivateFile(path: string): void {
  if (existsSync(path)) return
  wrap(path, () => {
    mkdirSync(dirname(path), {recursive: true, mode: 0o700})
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
  })
}

function wrap<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toBmfoteError(error, path)
  }
}

/** libSQL's native part is unpacked into the temporary folder at its first use, which fails where that is noexec. */
export function nativePartMissing(cause: unknown): BmfoteError {
  const code = (cause as {code?: string} | null)?.code
  if (code !== 'ERR_DLOPEN_FAILED') {
    return new BmfoteError('internal', 'The database engine could not be loaded.', {cause})
  }
  return new BmfoteError(
    'unavailable',
    'The database engine could not be loaded from the temporary folder.',
    {
      next: 'Set TMPDIR to a folder that allows programs to run (mounted without noexec), and start again.',
      cause,
    },
  )
}
