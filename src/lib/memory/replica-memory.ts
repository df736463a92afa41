import {existsSync} from 'node:fs'
import {placeOf, primaryOf} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import {acquireProcessLock, type ProcessLock} from '../platform/process-lock.ts'
import type {DatabaseStatus, SyncReport} from '../storage/database.ts'
import type {ReplicaLocation} from '../storage/replica-sync.ts'
import type {Memory} from './memory.ts'
import {methods, READ_METHODS, WRITE_METHODS} from './memory-methods.ts'
import {ReaderPool} from './reader-pool.ts'
import {StorageThread, type WorkerMemoryOptions} from './storage-thread.ts'
import {within} from './within.ts'

/** How often the news of others are fetched. Our own come at once, after each write. */
const SYNC_INTERVAL_MS = 10_000
/** How long a write waits until it can be read here too; then it is answered, for it is stored. */
const SYNC_WAIT_MS_MAX = 5_000
/** A primary that was just found away is not asked again for so long. */
const AWAY_MS = 2_000
/** A sync that a silent network holds up is not waited for longer at the end. */
const CLOSE_MS_MAX = 5_000

type ReplicaOptions = WorkerMemoryOptions & {database: ReplicaLocation}

/**
 * The memory over a local copy of a remote database: it is read here, and written there. One thread writes to the
 * primary by HTTP, some read the copy, one brings the news into it; none waits for another's network.
 * @throws conflict when another process has the copy, or the primary is another database than it was
 */
export async function openReplicaMemory(options: ReplicaOptions): Promise<Memory> {
  const {path} = options.database
  const lock = await acquireProcessLock(`${path}.lock`)
  if (!lock) {
    throw new BmfoteError('conflict', `Another process has the copy of the database at ${path} open.`, {
      next: 'Two processes would damage it for good: stop the other one, or give this one a BMFOTE_REPLICA of its own.',
    })
  }
  const memory = new ReplicaMemory(options, lock)
  try {
    await memory.open()
  } catch (error) {
    await memory.close()
    throw error
  }
  return memory.facade()
}

class ReplicaMemory {
  readonly #options: ReplicaOptions
  readonly #lock: ProcessLock
  #syncer?: StorageThread
  #writer?: Promise<StorageThread>
  /** None while the copy is being made anew. */
  #readers?: ReaderPool
  #trouble?: BmfoteError
  #awayUntil = 0
  #syncedAt?: string
  #running?: Promise<void>
  #next?: Promise<void>
  #rebuilding?: Promise<void>
  #timer?: NodeJS.Timeout
  /** A sync that was waited for has not come to its end. */
  #isOverdue = false
  #isOpen = false
  #isClosed = false

  constructor(options: ReplicaOptions, lock: ProcessLock) {
    this.#options = options
    this.#lock = lock
  }

  /** With its primary away, what was there is read from the copy; without a copy there is nothing to begin with. */
  async open(): Promise<void> {
    const {database} = this.#options
    const hadCopy = existsSync(database.path)
    this.#syncer = await StorageThread.start({role: 'sync', database})
    try {
      // Before anything is written to the primary: an empty one in its place would become ours, and the copy be lost.
      await this.#verify()
      await this.#startWriter()
      await this.#sync()
    } catch (error) {
      if (!hadCopy || !isAway(error)) throw error
      this.#notice(
        `${error.message} Until it does, the copy at ${database.path} is read, and nothing is written.`,
      )
    }
    this.#readers = await ReaderPool.start(this.#options)
    this.#isOpen = true
    const everyMs = this.#options.syncEveryMs ?? SYNC_INTERVAL_MS
    this.#timer = setInterval(() => void this.#sync().catch(() => undefined), everyMs)
    this.#timer.unref()
  }

  facade(): Memory {
    return {
      ...methods(WRITE_METHODS, (method, args) => this.#write(method, args)),
      ...methods(READ_METHODS, (method, args) => this.#read(method, args)),
      sync: () => this.#report(),
      status: async () => this.#status(),
      close: () => this.close(),
    } as unknown as Memory
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#isOpen = false
    clearInterval(this.#timer)
    const writer = await this.#writer?.catch(() => undefined)
    await writer?.stop()
    await this.#readers?.stop()
    // Where it still waits for the network it has the copy open, and the lock goes with the process.
    const hasEnded = (await this.#syncer?.stopWithin(CLOSE_MS_MAX)) ?? true
    if (hasEnded) await this.#lock.release()
  }

  async #read(method: string, args: unknown[]): Promise<unknown> {
    await this.#rebuilding
    try {
      return await this.#reader().call(method, args)
    } catch (error) {
      if (!isNoLongerOurs(error) || this.#isClosed) throw error
      await this.#rebuild()
      return this.#reader().call(method, args)
    }
  }

  #reader(): ReaderPool {
    if (this.#readers) return this.#readers
    throw new BmfoteError('unavailable', `The copy at ${this.#options.database.path} is being made anew.`, {
      next: 'Try again in a moment.',
      retryAfterSeconds: 5,
    })
  }

  async #write(method: string, args: unknown[]): Promise<unknown> {
    if (this.#isRefusingWrites()) throw this.#trouble
    try {
      const result = await (await this.#startWriter()).call(method, args)
      await this.#untilReadable()
      return result
    } catch (error) {
      if (isAway(error)) this.#remember(error)
      throw error
    }
  }

  /** A copy that has no room left, or is damaged, is no reason: what is written goes to the primary. */
  #isRefusingWrites(): boolean {
    if (this.#trouble?.code === 'conflict') return true
    return isAway(this.#trouble) && Date.now() < this.#awayUntil
  }

  /** It is started when it is first needed, for a primary that is away at the start may come back later. */
  #startWriter(): Promise<StorageThread> {
    if (this.#writer) return this.#writer
    const starting = this.#newWriter()
    this.#writer = starting
    starting.catch(() => {
      this.#writer = undefined
    })
    return starting
  }

  async #newWriter(): Promise<StorageThread> {
    const {database, timezone, onMigrated} = this.#options
    const thread = await StorageThread.start(
      {role: 'memory', database: primaryOf(database), timezone, adopts: true},
      (sentence) => this.#notice(sentence),
    )
    if (thread.migrated) onMigrated?.(thread.migrated)
    return thread
  }

  /** What was written is stored, whatever becomes of the copy. */
  async #untilReadable(): Promise<void> {
    if (this.#isOverdue) return
    if (await within(SYNC_WAIT_MS_MAX, this.#sync())) return
    this.#isOverdue = true
    this.#notice(
      'Bringing the copy up to date does not come to its end; what is written is stored all the same.',
    )
  }

  /** Resolves when all is here that the primary had when it was called. Those who wait for the same turn share it. */
  #sync(): Promise<void> {
    if (!this.#running) return this.#startSync()
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        return this.#startSync()
      })
    return this.#next
  }

  #startSync(): Promise<void> {
    this.#running = this.#syncOnce().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #syncOnce(): Promise<void> {
    await this.#rebuilding?.catch(() => undefined)
    try {
      await this.#syncer?.call('sync')
      this.#syncedAt = new Date().toISOString()
      this.#forget()
      // Making the copy anew was cut off after the readers had let go of the old one.
      if (this.#isOpen) this.#readers ??= await ReaderPool.start(this.#options)
    } catch (error) {
      if (isDamaged(error) && !this.#rebuilding) return this.#rebuild()
      if (error instanceof BmfoteError) this.#remember(error)
      throw error
    } finally {
      this.#isOverdue = false
    }
  }

  async #verify(): Promise<void> {
    try {
      await this.#syncer?.call('verify')
    } catch (error) {
      if (!isDamaged(error)) throw error
      await this.#rebuild()
    }
  }

  /** A damaged copy is put aside, and another one made: the database itself is elsewhere and whole. */
  #rebuild(): Promise<void> {
    this.#rebuilding ??= this.#makeAnew().finally(() => {
      this.#rebuilding = undefined
    })
    return this.#rebuilding
  }

  async #makeAnew(): Promise<void> {
    // First: half a copy is better than none.
    await this.#syncer?.call('checkPrimary')
    const readers = this.#readers
    this.#readers = undefined
    await readers?.stop()
    const aside = await this.#syncer?.call('setAside', [new Date()])
    this.#notice(`The copy of the database was damaged. It was moved to ${aside}, and is made anew.`)
    await this.#startWriter()
    await this.#syncer?.call('sync')
    this.#syncedAt = new Date().toISOString()
    if (this.#isOpen) this.#readers = await ReaderPool.start(this.#options)
  }

  async #report(): Promise<SyncReport> {
    try {
      await this.#sync()
      return {status: 'synced'}
    } catch (error) {
      if (!(error instanceof BmfoteError)) throw error
      return {status: 'skipped', reason: error.message}
    }
  }

  #status(): DatabaseStatus {
    const {database} = this.#options
    const trouble =
      this.#trouble?.message ?? (this.#isOverdue ? 'A sync does not come to its end.' : undefined)
    return {
      mode: 'replica',
      place: placeOf(database),
      primary: {url: database.url, isReachable: trouble === undefined, trouble},
      syncedAt: this.#syncedAt,
    }
  }

  #remember(error: BmfoteError): void {
    if (this.#trouble?.message !== error.message) this.#notice(error.message)
    this.#trouble = error
    this.#awayUntil = Date.now() + AWAY_MS
  }

  #forget(): void {
    if (this.#trouble) this.#notice('The database answers again, and the copy has caught up.')
    this.#trouble = undefined
  }

  #notice(sentence: string): void {
    this.#options.onNotice?.(sentence)
  }
}

/** It may come back by itself, or by what its owner does to it; a copy can be read until then. */
function isAway(error: unknown): error is BmfoteError {
  return error instanceof BmfoteError && error.code === 'unavailable'
}

function isDamaged(error: unknown): error is BmfoteError {
  return error instanceof BmfoteError && error.code === 'database_corrupt'
}

/** Of a copy that was read before: what reads like another program's file now is a damaged one too. */
function isNoLongerOurs(error: unknown): boolean {
  return isDamaged(error) || (error instanceof BmfoteError && error.code === 'database_foreign')
}
