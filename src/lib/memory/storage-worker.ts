import {type MessagePort, parentPort, workerData} from 'node:worker_threads'
import {BmfoteError, type ErrorShape} from '../model/errors.ts'
import type {MigrateReport} from '../storage/migrate.ts'
import type {
  StorageRole,
  WorkerGreeting,
  WorkerNotice,
  WorkerRequest,
  WorkerResponse,
} from './storage-thread.ts'

/** Whose methods are called by name. */
type Servant = Record<string, (...args: unknown[]) => Promise<unknown>>

/** The program of a storage thread: it opens what its role names, and is asked by messages. */
async function run(role: StorageRole): Promise<void> {
  const port = parentPort
  if (!port) return
  let servant: Servant
  let migrated: MigrateReport | undefined
  try {
    servant = await open(role, {
      onMigrated: (report) => {
        migrated = report
      },
      onNotice: (notice) => port.postMessage({notice} satisfies WorkerNotice),
    })
  } catch (error) {
    port.postMessage({failed: toShape(error)} satisfies WorkerGreeting)
    return
  }
  const underWay = new Set<Promise<void>>()
  port.on('message', (request: WorkerRequest) => {
    // The end waits for everything that was asked before it.
    const before = request.method === 'close' ? Promise.all(underWay) : undefined
    const work = respond(port, servant, request, before).finally(() => underWay.delete(work))
    underWay.add(work)
  })
  port.postMessage({ready: true, migrated} satisfies WorkerGreeting)
}

interface Listeners {
  onMigrated: (report: MigrateReport) => void
  onNotice: (sentence: string) => void
}

async function open(role: StorageRole, {onMigrated, onNotice}: Listeners): Promise<Servant> {
  if (role.role === 'sync') {
    const {openReplicaSync} = await import('../storage/replica-sync.ts')
    return (await openReplicaSync(role.database)) as unknown as Servant
  }
  const {openStoredMemory} = await import('./local-memory.ts')
  const adoption = {
    onDone: () => onNotice('All that release 0.11.7 had stored is taken over.'),
    onTrouble: ({message}: Error) => onNotice(`What release 0.11.7 had stored waits: ${message}`),
  }
  const memory = await openStoredMemory(role.database, {
    timezone: role.timezone,
    onMigrated,
    adoption: role.adopts ? adoption : undefined,
  })
  return memory as unknown as Servant
}

async function respond(
  port: MessagePort,
  servant: Servant,
  request: WorkerRequest,
  before?: Promise<unknown>,
): Promise<void> {
  await before
  port.postMessage(await answer(servant, request))
  if (request.method === 'close') port.close()
}

async function answer(servant: Servant, {id, method, args}: WorkerRequest): Promise<WorkerResponse> {
  try {
    return {id, value: await servant[method]?.(...args)}
  } catch (error) {
    return {id, error: toShape(error)}
  }
}

function toShape(error: unknown): ErrorShape {
  if (error instanceof BmfoteError) return error.toShape()
  const detail = error instanceof Error ? error.stack : String(error)
  return {code: 'internal', message: 'The memory failed in a way that it should not.', detail}
}

await run(workerData as StorageRole)
