import {BmfoteError} from '../model/errors.ts'

/**
 * libSQL names the same trouble differently in each of its modes (SQLITE_BUSY, SQLITE_UNKNOWN with the words in the
 * message, a TypeError when HTTP is down): this is the one place that knows.
 */
export function isBusy(error: unknown): boolean {
  return /SQLITE_BUSY|database is locked|database table is locked/.test(describe(error))
}

export function toBmfoteError(error: unknown, path: string): BmfoteError {
  if (error instanceof BmfoteError) return error
  const text = describe(error)
  for (const {pattern, make} of KNOWN) {
    if (pattern.test(text)) return make(path, error)
  }
  return new BmfoteError('internal', 'The database refused the operation.', {cause: error})
}

const KNOWN: {pattern: RegExp; make: (path: string, cause: unknown) => BmfoteError}[] = [
  {
    pattern: /SQLITE_BUSY|SQLITE_LOCKED|is locked/,
    make: (path, cause) =>
      new BmfoteError('database_busy', `Another process is writing to ${path} and does not finish.`, {
        next: 'Try again in a moment; if it stays so, look for a hanging bmfote process.',
        retryAfterSeconds: 2,
        cause,
      }),
  },
  {
    pattern: /SQLITE_FULL|disk is full|ENOSPC/,
    make: (path, cause) =>
      new BmfoteError('database_full', `There is no space left for ${path}.`, {
        next: 'Free some disk space; nothing that was acknowledged is lost.',
        cause,
      }),
  },
  {
    pattern: /SQLITE_NOTADB|file is not a database/,
    make: (path, cause) =>
      new BmfoteError('database_foreign', `${path} is not a bmfote database.`, {
        next: 'Name another file with --database, or move this one away.',
        cause,
      }),
  },
  {
    pattern: /SQLITE_CORRUPT|malformed/,
    make: (path, cause) =>
      new BmfoteError('database_corrupt', `The database ${path} is damaged.`, {
        next: 'Stop bmfote, keep a copy of the file, and restore a backup.',
        cause,
      }),
  },
  {
    pattern: /SQLITE_READONLY|readonly database|EACCES|EPERM|EROFS|permission denied/i,
    make: (path, cause) =>
      new BmfoteError('unavailable', `${path} can't be written.`, {
        next: 'Check who owns the file and its folder, and that the disk is not read-only.',
        cause,
      }),
  },
  {
    pattern: /SQLITE_CANTOPEN|unable to open|ENOENT|ENOTDIR|EISDIR|ConnectionFailed/,
    make: (path, cause) =>
      new BmfoteError('unavailable', `${path} can't be opened as a database.`, {
        next: 'Check the path; it must be a file in a folder that you may write to.',
        cause,
      }),
  },
]

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as {code?: unknown}).code
  const inner = error.cause instanceof Error ? ` ${describe(error.cause)}` : ''
  return `${typeof code === 'string' ? code : ''} ${error.message}${inner}`
}
