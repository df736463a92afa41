import {Worker} from 'node:worker_threads'
import type {DatabaseLocation} from '../config/database-location.ts'
import {BmfoteError, type ErrorShape} from '../model/errors.ts'
import type {MigrateReport} from '../storage/migrate.ts'
import type {ReplicaLocation} from '../storage/replica-sync.ts'
import {storageWorkerUrl} from './storage-worker-url.ts'
import {within} from './within.ts'

/** What a thread is there for: a memory over a database, or keeping the copy of one in step. */
export type StorageRole =
  | {role: 'memory'; database: DatabaseLocation; timezone?: string; adopts?: boolean}
  | {role: 'sync'; database: ReplicaLocation}

export interface WorkerMemoryOptions {
  database: DatabaseLocation
  /** As of LocalMemoryOptions. */
  timezone?: string
  /** Threads for reading beside the one that writes. */
  readers?: number
  /** Told once, when the schema was brought up to date. */
  onMigrated?: (report: MigrateReport) => void
  /** How often a replica fetches the news of others. */
  syncEveryMs?: number
  /** Told a sentence when something has happened to a replica that its owner should know. */
  onNotice?: (sentence: string) => void
}

/** What a worker is told, and what it answers. Plain data: it is copied from thread to thread. */
export interface WorkerRequest {
  id: number
  method: string
  args: unknown[]
}

export type WorkerResponse = {id: number; value: unknown} | {id: number; error: ErrorShape} | WorkerNotice

/** Said unasked, for the log. */
export interface WorkerNotice {
  notice: string
}

/** The first thing a worker says: it is ready, or why it can't be. */
export type WorkerGreeting = {ready: true; migrated?: MigrateReport} | {failed: ErrorShape}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** One thread that holds a connection to a database, and is asked by messages. */
export class StorageThread {
  /** What its start has changed about the schema. */
  readonly migrated?: MigrateReport
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #ended?: BmfoteError

  private constructor(worker: Worker, migrated?: MigrateReport, onNotice?: (sentence: string) => void) {
    this.migrated = migrated
    this.#worker = worker
    worker.on('message', (response: WorkerResponse) => {
      if ('notice' in response) onNotice?.(response.notice)
      else this.#settle(response)
    })
    worker.on('error', (cause) => this.#fail(cause))
    worker.on('exit', () => this.#fail())
  }

  /** @throws what opening the database throws */
  static async start(role: StorageRole, onNotice?: (sentence: string) => void): Promise<StorageThread> {
    const worker = new Worker(storageWorkerUrl(), {workerData: role})
    const migrated = await greeting(worker, onNotice)
    return new StorageThread(worker, migrated, onNotice)
  }

  get pending(): number {
    return this.#waiting.size
  }

  call(method: string, args: unknown[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject})
      this.#worker.postMessage({id, method, args} satisfies WorkerRequest)
    })
  }

  /** The thread ends by itself once it has closed the database, after everything asked before. */
  async stop(): Promise<void> {
    if (this.#ended) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.call('close')
    await exited
  }

  /** As `stop`; a thread that is held up longer, by a network that is silent, is left behind and holds nobody up. */
  async stopWithin(ms: number): Promise<boolean> {
    const hasEnded = await within(ms, this.stop())
    if (!hasEnded) this.#worker.unref()
    return hasEnded
  }

  #settle(response: Exclude<WorkerResponse, WorkerNotice>): void {
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

function greeting(worker: Worker, onNotice?: (sentence: string) => void): Promise<MigrateReport | undefined> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    const hear = (said: WorkerGreeting | WorkerNotice) => {
      if ('notice' in said) return onNotice?.(said.notice)
      worker.off('error', reject)
      worker.off('message', hear)
      if ('failed' in said) reject(BmfoteError.fromShape(said.failed))
      else resolve(said.migrated)
    }
    worker.on('message', hear)
  })
}
