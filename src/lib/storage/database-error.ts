import {BmfoteError} from '../model/errors.ts'

/**
 * libSQL names the same trouble differently in each of its modes (SQLITE_BUSY, SQLITE_UNKNOWN with the words in the
 * message, a TypeError when HTTP is down): this is the one place that knows.
 */
export function isBusy(error: unknown): boolean {
  if (error instanceof BmfoteError) return error.code === 'database_busy'
  return BUSY.test(describe(error))
}

/** A remote server takes the lock away from a transaction that keeps another one waiting for five seconds. */
const BUSY =
  /SQLITE_BUSY|SQLITE_LOCKED|is locked|TRANSACTION_TIMEOUT|TRANSACTION_BUSY|TRANSACTION_CLOSED|STREAM_EXPIRED/

/** The answer is larger than a remote server sends. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof BmfoteError && error.code === 'too_large'
}

/** Nobody knows whether it was done: the connection ended, or nothing came, before an answer. */
export function wasNotAnswered(error: unknown): boolean {
  return chain(error).some(({name}) => name === 'NoAnswer') || wasNeverSent(error)
}

/** It has not reached anybody, so it was not done. */
export function wasNeverSent(error: unknown): boolean {
  return chain(error).some(({code}) => typeof code === 'string' && NEVER_SENT.has(code))
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ConnectionRefused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'FailedToOpenSocket',
])

/** An error and what it came from. */
function chain(error: unknown): (Error & {code?: unknown})[] {
  const links: Error[] = []
  for (let link = error; link instanceof Error && links.length < CHAIN_MAX; link = link.cause)
    links.push(link)
  return links
}

const CHAIN_MAX = 8

export function toBmfoteError(error: unknown, path: string): BmfoteError {
  const said = chain(error).find((link) => link instanceof BmfoteError)
  if (said) return said
  const text = describe(error)
  for (const {pattern, make} of KNOWN) {
    if (pattern.test(text)) return make(path, error)
  }
  return new BmfoteError('internal', 'The database refused the operation.', {cause: error})
}

const KNOWN: {pattern: RegExp; make: (path: string, cause: unknown) => BmfoteError}[] = [
  {
    pattern: /NoAnswer/,
    make: (path, cause) =>
      new BmfoteError('unavailable', `The database at ${path} does not answer.`, {
        next: 'Nothing that was acknowledged is lost; try again in a moment. If it stays so, look at the database and the network between.',
        retryAfterSeconds: 5,
        cause,
      }),
  },
  {
    pattern: BUSY,
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
    pattern: /\bBLOCKED: /,
    make: (path, cause) =>
      new BmfoteError('database_full', `The database at ${path} is blocked: ${reasonOf(cause)}.`, {
        next: 'See its plan and its limits, with Turso: turso plan show. Nothing that was acknowledged is lost.',
        cause,
      }),
  },
  {
    pattern: /RESPONSE_TOO_LARGE/,
    make: (path, cause) =>
      new BmfoteError('too_large', `The answer is larger than ${path} sends at once.`, {
        next: 'Ask for less at a time, with a smaller limit.',
        cause,
      }),
  },
  {
    pattern: /no such module: fts5/,
    make: (path, cause) =>
      new BmfoteError('database_foreign', `The database at ${path} has no full-text search (FTS5).`, {
        next: 'Make one of the libSQL kind: turso db create NAME, without --tursodb.',
        cause,
      }),
  },
  {
    pattern: /no such table: (main\.)?(messages|sessions|tombstones|bmfote_migrations|messages_fts)\b/,
    make: (path, cause) =>
      new BmfoteError('database_foreign', `${path} does not have the tables of bmfote, or not all of them.`, {
        next: 'Start the server again, which makes them where there are none; else check which database it is.',
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
    pattern: /SQLITE_IOERR|disk I\/O error/,
    make: (path, cause) =>
      new BmfoteError(
        'database_corrupt',
        `${path} could not be read or written: the disk reports an error.`,
        {
          next: 'Look at the disk and whether the file is whole (bmfote server check), and restore a backup if it is not.',
          cause,
        },
      ),
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

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  return /blocked: (.+)$/.exec(message)?.[1]?.replace(/\.$/, '') ?? 'its provider gives no reason'
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as {code?: unknown}).code
  const inner = error.cause instanceof Error ? ` ${describe(error.cause)}` : ''
  return `${error.name === 'NoAnswer' ? 'NoAnswer ' : ''}${typeof code === 'string' ? code : ''} ${error.message}${inner}`
}
