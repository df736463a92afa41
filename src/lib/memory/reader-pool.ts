import {StorageThread, type WorkerMemoryOptions} from './storage-thread.ts'

const READERS_DEFAULT = 2

/**
 * Then a thread is replaced. libSQL's native part keeps some 60 KB of each search until the runtime collects the
 * objects that stand for its statements, which are so small that it sees no reason to: a thread that ends gives all of
 * it back, and without that a server of a million messages grows by hundreds of megabytes in ten minutes.
 */
const CALLS_MAX = 300

interface Reader {
  thread: StorageThread
  calls: number
}

/** Threads that read one database, the least busy of which is asked. */
export class ReaderPool {
  readonly #options: WorkerMemoryOptions
  #readers: Reader[]
  #renewing?: Promise<void>
  #isStopped = false

  private constructor(options: WorkerMemoryOptions, readers: Reader[]) {
    this.#options = options
    this.#readers = readers
  }

  /** @throws what opening the database throws */
  static async start(options: WorkerMemoryOptions): Promise<ReaderPool> {
    const readers = Array.from({length: options.readers ?? READERS_DEFAULT}, () => startReader(options))
    return new ReaderPool(options, await Promise.all(readers))
  }

  get size(): number {
    return this.#readers.length
  }

  call(method: string, args: unknown[]): Promise<unknown> {
    const reader = this.#readers.reduce((best, each) =>
      each.thread.pending < best.thread.pending ? each : best,
    )
    reader.calls++
    if (reader.calls > CALLS_MAX && !this.#isStopped) this.#renewing ??= this.#renew(reader)
    return reader.thread.call(method, args)
  }

  /** After everything that was asked before. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#renewing
    await Promise.all(this.#readers.map(({thread}) => thread.stop()))
  }

  /** One at a time; where no new one can be had the old one goes on, and it is tried again later. */
  async #renew(old: Reader): Promise<void> {
    try {
      const fresh = await startReader(this.#options)
      this.#readers = this.#readers.map((each) => (each === old ? fresh : each))
      await old.thread.stop()
    } catch {
      old.calls = 0
    } finally {
      this.#renewing = undefined
    }
  }
}

async function startReader({database, timezone}: WorkerMemoryOptions): Promise<Reader> {
  return {thread: await StorageThread.start({role: 'memory', database, timezone}), calls: 0}
}
