import {resolve} from 'node:path'
import {BmfoteError} from '../model/errors.ts'
import {type Environment, resolvePaths} from './environment.ts'

export type DatabaseMode = DatabaseLocation['mode']

/** A libSQL server or Turso, over HTTP. */
export interface RemoteLocation {
  mode: 'remote'
  /** `http:` or `https:`, without the token. */
  url: string
  authToken?: string
}

/** Where the memory is kept. */
export type DatabaseLocation =
  | {mode: 'file'; path: string}
  | RemoteLocation
  | (Omit<RemoteLocation, 'mode'> & {mode: 'replica'; path: string})

/** The file's path, or the address without its token: for people, logs and errors. */
export function placeOf(location: DatabaseLocation): string {
  return location.mode === 'remote' ? location.url : location.path
}

/** The database that a replica is a copy of; any other is its own. */
export function primaryOf(location: DatabaseLocation): Exclude<DatabaseLocation, {mode: 'replica'}> {
  if (location.mode !== 'replica') return location
  return {mode: 'remote', url: location.url, authToken: location.authToken}
}

/**
 * `--database` (a file or an address) wins over TURSO_DATABASE_URL, which wins over the file in BMFOTE_HOME. With
 * BMFOTE_REPLICA, a remote database is read from a copy at that path.
 * @throws invalid_input for an address that is none
 */
export function loadDatabaseLocation(flags: {database?: string}, environment: Environment): DatabaseLocation {
  const named = flags.database ?? (environment.TURSO_DATABASE_URL || undefined)
  if (named === undefined) refuseMissing(environment)
  if (named === undefined) return {mode: 'file', path: resolve(resolvePaths(environment).database)}
  if (flags.database !== undefined && !isAddress(named)) return {mode: 'file', path: resolve(named)}
  const {url, authToken} = readAddress(named)
  const token = authToken ?? (environment.TURSO_AUTH_TOKEN || undefined)
  const replica = environment.BMFOTE_REPLICA || undefined
  if (replica === undefined) return {mode: 'remote', url, authToken: token}
  if (isAddress(replica)) {
    throw new BmfoteError('invalid_input', 'BMFOTE_REPLICA is the path of a local file, not an address.', {
      next: 'Name a file on a disk that lasts, as BMFOTE_REPLICA=/data/replica.db.',
    })
  }
  return {mode: 'replica', url, authToken: token, path: resolve(replica)}
}

/**
 * 0.11.7's switches to the remote database, or a copy of one, without the database: never a new empty file instead. On
 * Railway that would go with the container at the next deploy, where no volume is mounted.
 */
function refuseMissing(environment: Environment): void {
  const isSet = (name: string) => !['', '0', undefined].includes(environment[name])
  const asks = ['BMFOTE_REMOTE_DB', 'BMFOTE_REPLICA', 'RAILWAY_ENVIRONMENT'].find(isSet)
  if (asks === undefined || (asks === 'RAILWAY_ENVIRONMENT' && isSet('RAILWAY_VOLUME_MOUNT_PATH'))) return
  throw new BmfoteError('invalid_input', `${asks} is set, but TURSO_DATABASE_URL is not.`, {
    next: 'Set TURSO_DATABASE_URL to the address of the database, or mount a volume for a local file and name the file with --database.',
  })
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text)
}

/** libSQL's own schemes say TLS unless told otherwise; over WebSockets or HTTP it is the same server. */
const HTTP_SCHEMES: Record<string, string> = {
  'libsql:': 'https:',
  'https:': 'https:',
  'wss:': 'https:',
  'http:': 'http:',
  'ws:': 'http:',
}

function readAddress(text: string): {url: string; authToken?: string} {
  const url = URL.parse(text.trim())
  const scheme = HTTP_SCHEMES[url?.protocol ?? '']
  if (url === null || scheme === undefined || url.hostname === '') {
    throw new BmfoteError('invalid_input', 'The address of the database is not one that bmfote knows.', {
      next: 'TURSO_DATABASE_URL is libsql://NAME.turso.io, or https:// or http:// with the host of a libSQL server; a file is named with --database.',
    })
  }
  const isPlain = url.protocol === 'libsql:' && url.searchParams.get('tls') === '0'
  const authToken = url.searchParams.get('authToken') || undefined
  const path = url.pathname.replace(/\/+$/, '')
  return {url: `${isPlain ? 'http:' : scheme}//${url.host}${path}`, authToken}
}
