import {Worker} from 'node:worker_threads'
import {BmfoteError, type ErrorShape} from '../model/errors.ts'
import type {Memory} from './memory.ts'
import {storageWorkerUrl} from './storage-worker-url.ts'

/** What a worker is told, and what it answers. Plain data: it is copied from thread to thread. */
export interface WorkerRequest {
  id: number
  method: keyof Memory
  args: unknown[]
}

export type WorkerResponse = {id: number; value: unknown} | {id: number; error: ErrorShape}

/** The first thing a worker says: it is ready, or why it can't be. */
export type WorkerGreeting = {ready: true} | {failed: ErrorShape}

export interface WorkerMemoryOptions {
  path: string
  /** As of LocalMemoryOptions. */
  timezone?: string
  /** Threads for reading beside the one that writes. */
  readers?: number
}

const READERS_DEFAULT = 2

/** Writes go to the one thread that writes, one after the other; a slow search never holds them up. */
const WRITE_METHODS: ReadonlySet<keyof Memory> = new Set<keyof Memory>([
  'recordMessages',
  'recordSession',
  'remember',
  'deleteMessages',
])

const METHODS: readonly (keyof Memory)[] = [
  'recordMessages',
  'recordSession',
  'remember',
  'searchMessages',
  'findErrors',
  'recall',
  'getMessage',
  'listRecent',
  'listProject',
  'listSessions',
  'getStats',
  'deleteMessages',
  'exportPage',
  'checkHealth',
]

/**
 * The memory in a local file, behind threads: libSQL is synchronous underneath, and in the server's own thread every
 * statement, and every wait for another process's lock, would stop all requests.
 * @throws what openLocalMemory throws
 */
export async function openWorkerMemory(options: WorkerMemoryOptions): Promise<Memory> {
  // The writer first and alone: it is the one that migrates.
  const writer = await StorageThread.start(options)
  try {
    const readers = await Promise.all(
      Array.from({length: options.readers ?? READERS_DEFAULT}, () => StorageThread.start(options)),
    )
    return memoryOver(writer, readers)
  } catch (error) {
    await writer.stop()
    throw error
  }
}

function memoryOver(writer: StorageThread, readers: StorageThread[]): Memory {
  const call = (method: keyof Memory, args: unknown[]) => {
    const thread = WRITE_METHODS.has(method) ? writer : leastBusy(readers.length > 0 ? readers : [writer])
    return thread.call(method, args)
  }
  const methods = METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)])
  const close = async () => {
    await Promise.all([writer, ...readers].map((thread) => thread.stop()))
  }
  return {...Object.fromEntries(methods), close} as Memory
}

function leastBusy(threads: StorageThread[]): StorageThread {
  return threads.reduce((best, thread) => (thread.pending < best.pending ? thread : best))
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

class StorageThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #ended?: BmfoteError

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (response: WorkerResponse) => this.#settle(response))
    worker.on('error', (cause) => this.#fail(cause))
    worker.on('exit', () => this.#fail())
  }

  static async start({path, timezone}: WorkerMemoryOptions): Promise<StorageThread> {
    const worker = new Worker(storageWorkerUrl(), {workerData: {path, timezone}})
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', (greeting: WorkerGreeting) => {
        worker.off('error', reject)
        if ('failed' in greeting) reject(BmfoteError.fromShape(greeting.failed))
        else resolve()
      })
    })
    return new StorageThread(worker)
  }

  get pending(): number {
    return this.#waiting.size
  }

  call(method: keyof Memory, args: unknown[]): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject})
      this.#worker.postMessage({id, method, args} satisfies WorkerRequest)
    })
  }

  /** The thread ends by itself once it has closed the file, after everything asked before. */
  async stop(): Promise<void> {
    if (this.#ended) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.call('close', [])
    await exited
  }

  #settle(response: WorkerResponse): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if ('error' in response) waiting?.reject(BmfoteError.fromShape(response.error))
    else waiting?.resolve(response.value)
  }

  #fail(cause?: unknown): void {
    this.#ended ??= new BmfoteError('unavailable', 'The storage thread has ended.', {
      next: 'Restart the server; the log says why it ended.',
      cause,
    })
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended)
    this.#waiting.clear()
  }
}
