import {chmodSync, existsSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {type DatabaseLocation, type DatabaseMode, placeOf} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import {flushToDisk} from '../platform/flush-file.ts'
import {copyInto, openAsItIs} from '../storage/copy-database.ts'
import {readKnownSchema} from '../storage/migrate.ts'
import {openReplicaSync} from '../storage/replica-sync.ts'
import {examine} from './check-database.ts'

export interface BackupOptions {
  /** Where the copy goes; its folder must be there. */
  file: string
  /** Takes the place of what is at `file`. */
  force?: boolean
  now?: () => Date
}

export interface Backup {
  file: string
  bytes: number
  messages?: number
  sessions?: number
  /** What it is a copy of. */
  mode: DatabaseMode
  place: string
  /** When it was begun: what was written after that may not be in it. */
  at: string
  /** What was wrong with the database, and so is with its copy: the index and the sessions, which can be made anew. */
  problems: string[]
}

/**
 * A copy of the database at one moment, as one file that is put in its place whole, after it was checked. The server may
 * be running: nobody waits for it. A remote database is fetched as a replica is.
 * @throws conflict when there is a file already, not_found, database_*
 */
export async function backupDatabase(location: DatabaseLocation, options: BackupOptions): Promise<Backup> {
  const file = resolve(options.file)
  refuseTarget(file, location, options.force ?? false)
  const at = (options.now?.() ?? new Date()).toISOString()
  // In the same file system, so that the renaming at the end is one step, and closed to everybody else.
  const folder = mkdtempSync(join(dirname(file), '.bmfote-backup-'))
  const copy = join(folder, 'copy.db')
  try {
    await makeCopy(location, {copy, folder})
    const {problems, counts} = await verify(copy)
    chmodSync(copy, 0o600)
    flushToDisk(copy)
    renameSync(copy, file)
    flushToDisk(dirname(file))
    const {messages, sessions} = counts ?? {}
    const {mode} = location
    return {
      file,
      bytes: statSync(file).size,
      messages,
      sessions,
      mode,
      place: placeOf(location),
      at,
      problems,
    }
  } catch (error) {
    throw isFull(error) ? noSpaceFor(file, error) : error
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** SQLite says it of the database that is copied, which has nothing to do with it. */
function noSpaceFor(file: string, cause: unknown): BmfoteError {
  return new BmfoteError('database_full', `There is no space left for ${file}.`, {
    next: 'Free some there, or name a file elsewhere. The database itself was not touched.',
    cause,
  })
}

function isFull(error: unknown): boolean {
  if (error instanceof BmfoteError) return error.code === 'database_full'
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
}

function refuseTarget(file: string, location: DatabaseLocation, force: boolean): void {
  if (!existsSync(dirname(file))) {
    throw new BmfoteError('not_found', `There is no folder ${dirname(file)}.`, {next: 'Make it first.'})
  }
  if (!existsSync(file)) return
  if (statSync(file).isDirectory()) {
    throw new BmfoteError('invalid_input', `${file} is a folder.`, {next: 'Name a file in it.'})
  }
  if (location.mode !== 'remote' && isSameFile(file, location.path)) {
    throw new BmfoteError('invalid_input', `${file} is the database itself.`, {next: 'Name another file.'})
  }
  if (force) return
  throw new BmfoteError('conflict', `${file} is there already.`, {
    next: 'Name another file, or replace it with --force.',
  })
}

function isSameFile(one: string, other: string): boolean {
  return existsSync(other) && realpathSync(one) === realpathSync(other)
}

async function makeCopy(
  location: DatabaseLocation,
  {copy, folder}: {copy: string; folder: string},
): Promise<void> {
  if (location.mode === 'file') return copyFile(location.path, copy)
  // A replica of our own, for this once: the server's is the server's alone.
  const {url, authToken} = location
  const path = join(folder, 'replica.db')
  const sync = await openReplicaSync({mode: 'replica', url, authToken, path})
  try {
    await sync.sync()
  } finally {
    await sync.close()
  }
  await copyFile(path, copy)
}

async function copyFile(path: string, copy: string): Promise<void> {
  const source = await openAsItIs(path)
  try {
    const {kind} = await readKnownSchema(source)
    if (kind === 'empty') {
      throw new BmfoteError('database_foreign', 'The database is empty: it has no schema yet.', {
        next: 'Check which database is meant; the server makes the schema when it starts.',
      })
    }
    await copyInto(source, copy)
  } finally {
    await source.close()
  }
}

async function verify(copy: string) {
  const database = await openAsItIs(copy)
  try {
    const examined = await examine(database)
    if (examined.schemaVersion === 0 && examined.problems.length > 0) {
      throw new BmfoteError('database_corrupt', `The copy is not whole. ${examined.problems.join(' ')}`, {
        next: 'Nothing was kept of it. See what bmfote server check says of the database.',
      })
    }
    return examined
  } finally {
    await database.close()
  }
}
