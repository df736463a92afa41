import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {type DatabaseLocation, placeOf} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import {flushToDisk} from '../platform/flush-file.ts'
import {COMPANIONS, foldIntoOneFile, openAsItIs} from '../storage/copy-database.ts'
import {readKnownSchema} from '../storage/migrate.ts'
import {examine} from './check-database.ts'

/** A backup that was found whole, as a copy beside the place where it will go. */
export interface PreparedRestore {
  file: string
  place: string
  messages?: number
  sessions?: number
  schemaVersion: number
  /** Of an older version: the next start brings it up to date. */
  isOutdated: boolean
  /** There is a database now. */
  replaces: boolean
  /** Puts it in place; the database that was there keeps another name, which is returned. */
  apply(): Promise<{keptAs?: string}>
  /** Leaves everything as it was. */
  discard(): void
}

/**
 * Looks at a backup without changing it.
 * @throws invalid_input for a database that is no file, not_found, database_foreign, database_too_new, database_corrupt
 */
export async function prepareRestore(
  location: DatabaseLocation,
  options: {file: string; now?: () => Date},
): Promise<PreparedRestore> {
  const path = fileOf(location)
  const file = resolve(options.file)
  refuseSource(file, path)
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  const folder = mkdtempSync(join(dirname(path), '.bmfote-restore-'))
  const discard = () => rmSync(folder, {recursive: true, force: true})
  try {
    const copy = join(folder, 'copy.db')
    const {counts, schemaVersion, isOutdated} = await examineBackup(file, copy)
    const {messages, sessions} = counts ?? {}
    const now = options.now ?? (() => new Date())
    return {
      ...{file, place: path, messages, sessions, schemaVersion, isOutdated},
      replaces: existsSync(path),
      discard,
      apply: async () => {
        try {
          return await putInPlace(copy, path, now())
        } finally {
          discard()
        }
      },
    }
  } catch (error) {
    discard()
    throw error
  }
}

function fileOf(location: DatabaseLocation): string {
  if (location.mode === 'file') return location.path
  throw new BmfoteError(
    'invalid_input',
    `The database is at ${placeOf(location)}, and a file can't take the place of a remote one.`,
    {
      next: 'Make a new database of the file (Turso: turso db create NAME --from-file FILE) and name it in TURSO_DATABASE_URL.',
    },
  )
}

function refuseSource(file: string, path: string): void {
  if (!existsSync(file)) {
    throw new BmfoteError('not_found', `There is no file ${file}.`, {next: 'Name the backup.'})
  }
  if (statSync(file).isDirectory()) {
    throw new BmfoteError('invalid_input', `${file} is a folder.`, {next: 'Name the backup in it.'})
  }
  if (file === path) {
    throw new BmfoteError('invalid_input', `${file} is the database itself.`, {next: 'Name the backup.'})
  }
}

/** A file that was copied while it was in use may have a part of itself in a WAL beside it. */
async function takeCopy(file: string, copy: string): Promise<void> {
  copyFileSync(file, copy)
  chmodSync(copy, 0o600)
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
  await foldIntoOneFile(copy)
}

async function examineBackup(file: string, copy: string) {
  try {
    await takeCopy(file, copy)
    return await examineCopy(copy)
  } catch (error) {
    // Sentences about the copy would name a file that nobody knows.
    if (!(error instanceof BmfoteError)) throw error
    const {code, message, next} = error
    throw new BmfoteError(code, message.replaceAll(copy, file), {next, cause: error})
  }
}

async function examineCopy(copy: string) {
  const database = await openAsItIs(copy)
  try {
    const examined = await examine(database)
    if (examined.problems.length > 0) {
      throw new BmfoteError('database_corrupt', `${copy} is not whole. ${examined.problems.join(' ')}`, {
        next: 'Take an older backup; or, where only the index or the sessions are wrong, mend it first: bmfote server check --repair --database FILE',
      })
    }
    if (examined.schemaVersion === 0 && (await readKnownSchema(database)).kind === 'empty') {
      throw new BmfoteError('database_foreign', `${copy} is empty: it holds no memory.`, {
        next: 'Name another backup.',
      })
    }
    return examined
  } finally {
    await database.close()
  }
}

/**
 * The old one gets a second name, then the new one takes the first: whenever this is cut off, there is a whole database
 * in the place. The WAL of the old one must be gone by then: SQLite would apply it to the new one.
 */
async function putInPlace(copy: string, path: string, now: Date): Promise<{keptAs?: string}> {
  flushToDisk(copy)
  const keptAs = existsSync(path) ? await keepOld(path, now) : undefined
  giveTo(ownerOf(keptAs ?? dirname(path)), copy)
  renameSync(copy, path)
  flushToDisk(dirname(path))
  return {keptAs}
}

interface Owner {
  uid: number
  gid: number
}

function ownerOf(path: string): Owner {
  const {uid, gid} = statSync(path)
  return {uid, gid}
}

/** Root restores for a service that runs as somebody else, who is to be able to open it. */
function giveTo({uid, gid}: Owner, path: string): void {
  if (process.getuid?.() === 0) chownSync(path, uid, gid)
}

async function keepOld(path: string, now: Date): Promise<string> {
  const keptAs = `${path}.replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}`
  try {
    await foldIntoOneFile(path)
  } catch (error) {
    if (error instanceof BmfoteError && error.code === 'database_busy') throw inUse(path)
    // What is damaged, or no database, is kept as it is, with all that belongs to it.
    if (!isBeyondUse(error)) throw error
  }
  for (const companion of COMPANIONS) {
    if (existsSync(`${path}${companion}`)) renameSync(`${path}${companion}`, `${keptAs}${companion}`)
  }
  linkSync(path, keptAs)
  return keptAs
}

function isBeyondUse(error: unknown): boolean {
  return error instanceof BmfoteError && ['database_corrupt', 'database_foreign'].includes(error.code)
}

function inUse(path: string): BmfoteError {
  return new BmfoteError('conflict', `Another process has ${path} open.`, {
    next: 'Stop the server, and every bmfote of an AI tool that uses this file (bmfote mcp), then restore.',
  })
}
