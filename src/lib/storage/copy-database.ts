import {closeSync, existsSync, openSync} from 'node:fs'
import {BmfoteError} from '../model/errors.ts'
import {toBmfoteError} from './database-error.ts'
import {FileDatabase, fileUrl} from './file-database.ts'

/** What SQLite keeps beside a database file while somebody has it open, or after a kill. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const

const BUSY_TIMEOUT_MS = 1_000

/** Opens a file as it is: without making it, and without the change to WAL that openDatabaseFile makes to it. */
export async function openAsItIs(path: string): Promise<FileDatabase> {
  if (!existsSync(path)) {
    throw new BmfoteError('not_found', `There is no database at ${path}.`, {
      next: 'Name it with --database, or by BMFOTE_HOME or TURSO_DATABASE_URL as the server is told.',
    })
  }
  const {createClient} = await import('@libsql/client/sqlite3')
  try {
    const client = createClient({url: fileUrl(path), concurrency: 1, timeout: BUSY_TIMEOUT_MS})
    return new FileDatabase(path, client)
  } catch (error) {
    throw toBmfoteError(error, path)
  }
}

/**
 * A consistent copy of the whole database, as it was when the copying began; writers go on meanwhile. One file, that
 * only its owner can read.
 */
export async function copyInto(database: FileDatabase, path: string): Promise<void> {
  // SQLite takes an empty file too, and its own would be readable by everybody.
  closeSync(openSync(path, 'wx', 0o600))
  await database.query('VACUUM INTO ?', [path])
}

/**
 * Takes what stands in the WAL into the file, which is then whole by itself.
 * @throws database_busy while any other process has it open
 */
export async function foldIntoOneFile(path: string): Promise<void> {
  const database = await openAsItIs(path)
  try {
    await database.query('PRAGMA journal_mode = DELETE')
  } finally {
    await database.close()
  }
}
