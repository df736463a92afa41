import type {MigrateReport} from '../storage/migrate.ts'
import type {Memory} from './memory.ts'
import {methods, READ_METHODS, WRITE_METHODS} from './memory-methods.ts'
import {ReaderPool} from './reader-pool.ts'
import {StorageThread, type WorkerMemoryOptions} from './storage-thread.ts'
import {within} from './within.ts'

export type {MigrateReport, WorkerMemoryOptions}

/**
 * The memory behind threads: libSQL over a file is synchronous underneath, and in the server's own thread every
 * statement, every wait for another process's lock, and the ranking of what a search finds would stop all requests.
 * @throws what opening the database throws
 */
export async function openWorkerMemory(options: WorkerMemoryOptions): Promise<Memory> {
  const {database, timezone} = options
  if (database.mode === 'replica') {
    const {openReplicaMemory} = await import('./replica-memory.ts')
    return openReplicaMemory({...options, database})
  }
  // The writer first and alone: it is the one that migrates.
  const writer = await StorageThread.start(
    {role: 'memory', database, timezone, adopts: true},
    options.onNotice,
  )
  try {
    if (writer.migrated) options.onMigrated?.(writer.migrated)
    return memoryOver(writer, await ReaderPool.start(options))
  } catch (error) {
    await writer.stop()
    throw error
  }
}

function memoryOver(writer: StorageThread, readers: ReaderPool): Memory {
  const reader = readers.size > 0 ? readers : writer
  return {
    ...methods(WRITE_METHODS, (method, args) => writer.call(method, args)),
    ...methods(READ_METHODS, (method, args) => reader.call(method, args)),
    sync: () => writer.call('sync'),
    async status() {
      // What the writer knows is as old as its last write.
      await within(STATUS_MS_MAX, writer.call('checkHealth'))
      return writer.call('status')
    },
    async close() {
      await Promise.all([writer.stop(), readers.stop()])
    },
  } as Memory
}

/** A figure that comes late is of no use to whoever asks every few seconds. */
const STATUS_MS_MAX = 2_000
