import {
  type ClientConfig,
  type Environment,
  loadClientConfig,
  readTimezone,
  resolvePaths,
} from '../config/environment.ts'
import type {Memory} from '../memory/memory.ts'
import {type Caller, SHARED_PRINCIPAL} from '../model/principal.ts'
import {findRunningServer} from './running-server.ts'

export interface OpenedMemory {
  memory: Memory
  /** Where it is, for people: an address or a path. */
  place: string
  /** Which memory it is, however it is reached: the server's address, or the path of the local file. */
  destination: string
  config: ClientConfig
}

export interface OpenMemoryOptions {
  environment: Environment
  /** Told a sentence when opening did something worth knowing. */
  onNotice?: (sentence: string) => void
}

/**
 * The memory that this person means: the server that BMFOTE_URL names; else the server that runs on this machine over
 * the local file, so that the two don't wait for each other; else the file itself. Only what is needed is imported:
 * this is start-up time of every command.
 */
export async function openMemory({environment, onNotice}: OpenMemoryOptions): Promise<OpenedMemory> {
  const paths = resolvePaths(environment)
  const config = loadClientConfig(environment, paths)
  const {token} = config
  const url = config.url ?? (await findRunningServer({paths, hasToken: token !== undefined}))
  if (url) {
    const {openRemoteMemory} = await import('../memory/remote-memory.ts')
    return {
      memory: await openRemoteMemory({url, token}),
      place: url,
      destination: config.url ?? paths.database,
      config,
    }
  }
  const {openLocalMemory} = await import('../memory/local-memory.ts')
  const memory = await openLocalMemory({
    path: paths.database,
    timezone: readTimezone(environment),
    onMigrated: ({backupPath}) => {
      if (backupPath) onNotice?.(`The memory was brought up to this version; as it was before: ${backupPath}`)
    },
  })
  return {memory, place: paths.database, destination: paths.database, config}
}

/** Who asks, when a person types a command. A server goes by the token instead. */
export function terminalCaller(command: string): Caller {
  return {principal: SHARED_PRINCIPAL, requestId: crypto.randomUUID(), reason: `cli:${command}`}
}
