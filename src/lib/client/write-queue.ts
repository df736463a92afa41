import {ApiError} from './api-error.ts'
import type {Outage} from './outage.ts'
import type {Outcome} from './send-messages.ts'
import type {Spool} from './spool.ts'
import type {WireMessage} from './wire-message.ts'

export interface WriteQueueOptions {
  send(messages: readonly WireMessage[], call: {timeoutMs: number; signal: AbortSignal}): Promise<Outcome[]>
  timeoutMs: number
  outage: Outage
  spool?: Spool
  /** Lets a timer not keep the process alive. */
  unref?: (timer: unknown) => void
}

interface Item {
  message: WireMessage
  chars: number
  file?: string
  settle?: (outcome: Outcome) => void
}

/** What is kept in memory while the server is away. */
const ITEMS_MAX = 1_000
const CHARS_MAX = 8_000_000

const BATCH_ITEMS_MAX = 100
const BATCH_CHARS_MAX = 1_000_000

const RETRY_MS_FIRST = 500
const RETRY_MS_MAX = 60_000
const RETRY_AFTER_MS_MAX = 300_000

/**
 * Messages on their way to the server: in order, again until they are acknowledged, in the background. Whoever records
 * never waits for the network.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  #items: Item[] = []
  #chars = 0
  #running?: Promise<void>
  #timer?: ReturnType<typeof setTimeout>
  #failures = 0
  #retryAtMs = 0
  /** The server asked to be left alone until then. */
  #pausedUntilMs = 0
  #batchMax = BATCH_ITEMS_MAX
  #inFlight = 0
  #isClosed = false
  #hasWarnedOfLoss = false
  readonly #abort = new AbortController()

  constructor(options: WriteQueueOptions) {
    this.#options = options
    this.#refill()
    if (this.#items.length > 0) void this.#start()
  }

  /** Messages that are not acknowledged yet. */
  get waiting(): number {
    return this.#items.length
  }

  /** Settles when the server has taken or refused all of them, however late that is; never fails. */
  add(messages: readonly WireMessage[]): Promise<Outcome[]> {
    const settled = messages.map(
      (message) =>
        new Promise<Outcome>((settle) => {
          this.#keep({message, chars: charsOf(message), file: this.#options.spool?.put(message), settle})
        }),
    )
    if (!this.#isClosed && this.#timer === undefined) void this.#start()
    return Promise.all(settled)
  }

  /** Sends what there is, trying again while there is time; gives the number of messages that are left. */
  async flush(budgetMs: number): Promise<number> {
    const deadlineMs = performance.now() + budgetMs
    for (;;) {
      if (this.waiting === 0 || this.#isClosed) return this.waiting
      const pauseMs = this.#pausedUntilMs - performance.now()
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= Math.max(0, pauseMs)) return this.waiting
      if (pauseMs > 0) await this.#within(pauseMs)
      await this.#within(deadlineMs - performance.now(), this.#start())
      if (this.waiting === 0) return 0
      const waitMs = this.#retryAtMs - performance.now()
      if (waitMs > 0 && performance.now() + waitMs >= deadlineMs) return this.waiting
      if (waitMs > 0) await this.#within(waitMs)
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#abort.abort()
  }

  #keep(item: Item): void {
    this.#items.push(item)
    this.#chars += item.chars
    while (this.#items.length > ITEMS_MAX || this.#chars > CHARS_MAX) {
      // Not one that is being sent. The newest alone may be over the limit; then there is nothing to drop.
      const [dropped] = this.#items.splice(this.#inFlight, 1)
      if (!dropped) return
      this.#chars -= dropped.chars
      if (dropped.file === undefined) this.#warnOfLoss()
    }
  }

  #warnOfLoss(): void {
    if (this.#hasWarnedOfLoss) return
    this.#hasWarnedOfLoss = true
    this.#options.outage.warn(
      `More than ${ITEMS_MAX} messages or ${CHARS_MAX} characters wait for the server; the oldest are dropped. Give the client a spool folder to keep them.`,
    )
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<void> {
    // What is recorded in one go is sent in one request.
    await Promise.resolve()
    while (this.#items.length > 0 && !this.#isClosed) {
      const batch = this.#takeBatch()
      this.#inFlight = batch.length
      const startedMs = performance.now()
      try {
        const call = {timeoutMs: this.#options.timeoutMs, signal: this.#abort.signal}
        const outcomes = await this.#options.send(
          batch.map(({message}) => message),
          call,
        )
        this.#settle(batch, outcomes)
      } catch (error) {
        if (!this.#isClosed) this.#retryLater(toApiError(error), performance.now() - startedMs)
        return
      } finally {
        this.#inFlight = 0
      }
      if (this.#items.length === 0) this.#refill()
    }
  }

  #takeBatch(): Item[] {
    let chars = 0
    const tooLong = this.#items.findIndex((item, index) => {
      chars += item.chars
      return index >= this.#batchMax || (index > 0 && chars > BATCH_CHARS_MAX)
    })
    return this.#items.slice(0, tooLong < 0 ? undefined : tooLong)
  }

  #settle(batch: readonly Item[], outcomes: readonly Outcome[]): void {
    this.#items = this.#items.slice(batch.length)
    this.#failures = 0
    this.#retryAtMs = 0
    this.#pausedUntilMs = 0
    this.#batchMax = Math.min(BATCH_ITEMS_MAX, this.#batchMax * 2)
    this.#options.outage.worked()
    for (const [index, item] of batch.entries()) {
      this.#chars -= item.chars
      const outcome = outcomes[index] ?? {stored: true}
      if (item.file !== undefined) this.#options.spool?.remove(item.file)
      if (!outcome.stored) {
        this.#options.outage.warn(`The server refused message ${item.message.uuid}: ${outcome.reason}`)
      }
      item.settle?.(outcome)
    }
  }

  #retryLater(error: ApiError, tookMs: number): void {
    this.#options.outage.tookInBackground(tookMs)
    this.#options.outage.failed(`${this.waiting} messages wait to be stored`, error)
    // A large batch over a slow line may need more time than there is.
    if (error.status === 0) this.#batchMax = Math.max(1, Math.floor(this.#batchMax / 2))
    const backOffMs = Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** Math.min(this.#failures++, 10))
    const askedMs = Math.min(RETRY_AFTER_MS_MAX, (error.retryAfterSeconds ?? 0) * 1_000)
    const waitMs = Math.max(askedMs, backOffMs * (0.5 + Math.random() / 2))
    this.#retryAtMs = performance.now() + waitMs
    this.#pausedUntilMs = performance.now() + askedMs
    this.#timer = setTimeout(() => void this.#start(), waitMs)
    this.#options.unref?.(this.#timer)
  }

  /** What an earlier process has left, and what did not fit into memory. */
  #refill(): void {
    const known = new Set(this.#items.flatMap(({file}) => file ?? []))
    const found = this.#options.spool?.read(known, ITEMS_MAX - this.#items.length) ?? []
    for (const {name, message} of found) this.#keep({message, chars: charsOf(message), file: name})
  }

  /** Until it is done, or the time is over: a timer that is waited for keeps the process alive. */
  async #within(ms: number, work?: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    await Promise.race(work ? [time, work] : [time])
    clearTimeout(timer)
  }
}

function charsOf(message: WireMessage): number {
  return message.content?.length ?? 0
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError(message, {status: 0, code: 'internal', cause: error})
}
