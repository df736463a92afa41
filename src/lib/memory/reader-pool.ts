import {StorageThread, type WorkerMemoryOptions} from './storage-thread.ts'

const READERS_DEFAULT = 2

/**
 * Then a thread is replaced, for what it holds outside of the JavaScript heap grows with every search and goes back only
 * when it ends. Most likely libSQL's statements, which the runtime collects late because the objects that stand for them
 * are small. It slows the growth of a large server under constant load to a third and does not end it.
 */
const STATEMENTS_MAX = 600
/** Roughly, of one call; the others have one or two. */
const STATEMENTS_OF: Record<string, number> = {searchMessages: 8, recall: 10, findErrors: 10}
/** A new thread costs a tenth of a second. */
const RENEWAL_MS_MIN = 1_500

interface Reader {
  thread: StorageThread
  statements: number
}

/** Threads that read one database, the least busy of which is asked. */
export class ReaderPool {
  readonly #options: WorkerMemoryOptions
  #readers: Reader[]
  #renewing?: Promise<void>
  #renewedAt = 0
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
    reader.statements += STATEMENTS_OF[method] ?? 1
    if (reader.statements > STATEMENTS_MAX && this.#mayRenew()) this.#renewing = this.#renew(reader)
    return reader.thread.call(method, args)
  }

  /** After everything that was asked before. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#renewing
    await Promise.all(this.#readers.map(({thread}) => thread.stop()))
  }

  #mayRenew(): boolean {
    return !this.#renewing && !this.#isStopped && Date.now() - this.#renewedAt >= RENEWAL_MS_MIN
  }

  /** One at a time; where no new one can be had the old one goes on, and it is tried again later. */
  async #renew(old: Reader): Promise<void> {
    this.#renewedAt = Date.now()
    try {
      const fresh = await startReader(this.#options)
      this.#readers = this.#readers.map((each) => (each === old ? fresh : each))
      await old.thread.stop()
    } catch {
      old.statements = 0
    } finally {
      this.#renewing = undefined
    }
  }
}

async function startReader({database, timezone}: WorkerMemoryOptions): Promise<Reader> {
  return {thread: await StorageThread.start({role: 'memory', database, timezone}), statements: 0}
}
