import {existsSync} from 'node:fs'
import {BmfoteError} from '../model/errors.ts'
import type {Args, Database, DatabaseStatus, InStatement, ResultSet, Row, SyncReport} from './database.ts'
import {toBmfoteError} from './database-error.ts'
import {FileDatabase, fileUrl} from './file-database.ts'

const BUSY_TIMEOUT_MS = 5_000

/**
 * The local copy of a remote database, for reading alone: it is opened as the plain file that it is, so that reading
 * goes on whether the primary answers or not. ReplicaSync, in the same process, is the one that brings news into it.
 */
class ReplicaCopy implements Database {
  readonly mode = 'replica'
  readonly place: string
  readonly #file: FileDatabase

  constructor(file: FileDatabase) {
    this.place = file.place
    this.#file = file
  }

  query(sql: string, args?: Args): Promise<Row[]> {
    return this.#file.query(sql, args)
  }

  queryAll(statements: readonly InStatement[]): Promise<Row[][]> {
    return this.#file.queryAll(statements)
  }

  async write(): Promise<ResultSet[]> {
    throw readOnly(this.place)
  }

  async transaction<T>(): Promise<T> {
    throw readOnly(this.place)
  }

  async sync(): Promise<SyncReport> {
    return {status: 'skipped', reason: 'This is a copy for reading.'}
  }

  status(): DatabaseStatus {
    return {mode: this.mode, place: this.place}
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/** @throws unavailable when there is no copy yet, database_corrupt when it is none any more */
export async function openReplicaCopy({path}: {path: string}): Promise<Database> {
  if (!existsSync(path)) {
    throw new BmfoteError('unavailable', `There is no copy of the database at ${path} yet.`, {
      next: 'Start the server while the database answers; it makes the copy.',
    })
  }
  try {
    const {createClient} = await import('@libsql/client/sqlite3')
    const client = createClient({url: fileUrl(path), concurrency: 1, timeout: BUSY_TIMEOUT_MS})
    // Whatever happens, nothing but the news of the primary comes into the file: what else did would corrupt it.
    await client.execute('PRAGMA query_only = ON')
    return new ReplicaCopy(new FileDatabase(path, client))
  } catch (error) {
    throw damagedCopy(toBmfoteError(error, path), path)
  }
}

/** What is no database is a damaged copy here, for nobody but us writes this file. */
export function damagedCopy(error: BmfoteError, path: string): BmfoteError {
  if (error.code !== 'database_foreign') return error
  return new BmfoteError('database_corrupt', `The copy of the database at ${path} is damaged.`, {
    cause: error,
  })
}

function readOnly(path: string): BmfoteError {
  return new BmfoteError('unavailable', `${path} is a copy for reading; its database is written elsewhere.`)
}
