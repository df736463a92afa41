import {randomUUID} from 'node:crypto'
import type {AddressInfo} from 'node:net'
import type {FastifyBaseLogger, FastifyInstance} from 'fastify'
import {placeOf} from '../config/database-location.ts'
import {isLoopback, type ServerConfig} from '../config/server-config.ts'
import type {Memory} from '../memory/memory.ts'
import {type MigrateReport, openWorkerMemory, type WorkerMemoryOptions} from '../memory/worker-memory.ts'
import {BmfoteError} from '../model/errors.ts'
import {buildApp} from './app.ts'
import {
  isRunning,
  readServerState,
  removeServerState,
  type ServerState,
  writeServerState,
} from './server-state.ts'

export interface RunningServer {
  /** As a client on this machine reaches it. */
  url: string
  /** The file, or the address without its token. */
  databasePath: string
  /** Takes nothing new, finishes what was accepted, closes the database. */
  close(): Promise<void>
}

export interface StartOptions {
  log?: FastifyBaseLogger
  openMemory?: (options: WorkerMemoryOptions) => Promise<Memory>
}

/** How long requests under way may take once the server was told to stop. */
const GRACE_MS = 10_000

/** Opens the database, listens, and says where it runs. */
export async function startServer(config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> {
  refuseOpenDoor(config)
  refuseBadPort(config)
  const databasePath = placeOf(config.database)
  const other = await runningServer(config)
  // Several may serve one remote database; a file is one server's.
  if (other?.databasePath === databasePath && config.database.mode === 'file') throw alreadyServed(other)
  const memory = await (options.openMemory ?? openWorkerMemory)({
    database: config.database,
    timezone: config.timezone,
    onMigrated: (report) => options.log?.info(report, migrationSentence(report)),
    onNotice: (sentence) => options.log?.warn(sentence),
  })
  const instance = randomUUID()
  const app = await buildApp({memory, config, log: options.log, instance})
  try {
    await listen(app, config)
  } catch (error) {
    await app.close()
    await memory.close()
    throw error
  }
  const state = describeServer(app, config, {instance, databasePath})
  // One file names one server: that of another database keeps its place.
  if (!other) writeServerState(config.paths.serverState, state)
  return {url: state.url, databasePath, close: closeOnce(app, memory, {config, instance})}
}

/** The next time somebody wants this process to end. After that, a second wish is granted by the system at once. */
export function untilToldToStop(): Promise<NodeJS.Signals> {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  return new Promise((done) => {
    const stop = (signal: NodeJS.Signals) => {
      for (const name of signals) process.off(name, stop)
      done(signal)
    }
    for (const name of signals) process.on(name, stop)
  })
}

/** Closed unless it is told otherwise: where others may come in, nothing starts without a token. */
function refuseOpenDoor({apiToken, host, isCloud, trustProxy}: ServerConfig): void {
  if (apiToken !== undefined || !isCloud) return
  if (!isLoopback(host)) {
    throw new BmfoteError(
      'forbidden',
      `Without a token, the memory would be open to everybody who reaches ${host}.`,
      {
        next: 'Set API_TOKEN to a long random word (bmfote server token makes one), or listen on 127.0.0.1.',
      },
    )
  }
  if (trustProxy) {
    throw new BmfoteError('forbidden', 'A server behind a proxy does not start without a token.', {
      next: 'Set API_TOKEN to a long random word (bmfote server token makes one): the proxy brings in whoever reaches it.',
    })
  }
  throw new BmfoteError('forbidden', 'A server of a remote database does not start without a token.', {
    next: 'Set API_TOKEN to a long random word (bmfote server token makes one); or, on your own machine, BMFOTE_REPLICA to a path for a local copy, which needs none.',
  })
}

function migrationSentence({backupPath, adoptedLegacy}: MigrateReport): string {
  const what = adoptedLegacy
    ? 'the database of release 0.11.7 was taken over'
    : 'the schema was brought up to date'
  return backupPath === undefined ? what : `${what}; as it was before: ${backupPath}`
}

function refuseBadPort({port}: ServerConfig): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return
  throw new BmfoteError('invalid_input', 'The port must be a whole number from 0 to 65535.', {
    next: 'Name it with --port or in PORT.',
  })
}

async function runningServer({paths}: ServerConfig): Promise<ServerState | undefined> {
  const state = readServerState(paths.serverState)
  return state && (await isRunning(state)) ? state : undefined
}

function alreadyServed({url, pid}: ServerState): BmfoteError {
  return new BmfoteError('conflict', `A server for this database already runs at ${url} (process ${pid}).`, {
    next: 'Use that one, or stop it first.',
  })
}

async function listen(app: FastifyInstance, {host, port}: ServerConfig): Promise<void> {
  try {
    await app.listen({host, port})
  } catch (error) {
    throw describeListenFailure(error, {host, port})
  }
}

function describeListenFailure(error: unknown, {host, port}: {host: string; port: number}): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new BmfoteError('conflict', `Another program listens on ${host}, port ${port}.`, {
        next: `Stop it, or choose another port: bmfote server start --port ${port + 1}`,
        cause: error,
      })
    case 'EACCES':
      return new BmfoteError('forbidden', `The system does not let you listen on port ${port}.`, {
        next: 'Choose a port above 1023.',
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new BmfoteError('invalid_input', `This machine has no address ${host}.`, {
        next: 'Listen on 127.0.0.1, or on 0.0.0.0 for every address that it has.',
        cause: error,
      })
    default:
      return error
  }
}

function describeServer(
  app: FastifyInstance,
  config: ServerConfig,
  known: Pick<ServerState, 'instance' | 'databasePath'>,
): ServerState {
  const {port} = app.server.address() as AddressInfo
  return {pid: process.pid, url: localUrl(config.host, port), auth: config.apiToken !== undefined, ...known}
}

/** "Every address" is no address to connect to; the loopback is one of them. */
function localUrl(host: string, port: number): string {
  const isEvery = host === '0.0.0.0' || host === '::'
  const name = isEvery ? '127.0.0.1' : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}

function closeOnce(
  app: FastifyInstance,
  memory: Memory,
  own: {config: ServerConfig; instance: string},
): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= close(app, memory).finally(() => {
      removeServerState(own.config.paths.serverState, own.instance)
    })
    return closed
  }
}

async function close(app: FastifyInstance, memory: Memory): Promise<void> {
  const giveUp = setTimeout(() => app.server.closeAllConnections(), GRACE_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(giveUp)
    await memory.close()
  }
}
