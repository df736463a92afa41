import type {ApiError} from './api-error.ts'

/** Where warnings go; `console` is one. */
export interface Logger {
  warn(message: string): void
}

/** A server that hangs is asked again in the background at most this often. */
const PROBE_EVERY_MS = 5_000

/** Less time than this is not worth asking with. */
const ASK_MS_MIN = 25

/**
 * What a failing server may cost. From the first failure until something works again there is one warning, and all the
 * waiting together takes no longer than the timeout: after that, nobody waits, and a background request finds out when
 * the server is back.
 */
export class Outage {
  readonly #timeoutMs: number
  readonly #logger: Logger
  #spentMs = 0
  #isWarned = false
  #isHanging = false
  #probedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: {timeoutMs: number; logger: Logger}) {
    this.#timeoutMs = options.timeoutMs
    this.#logger = options.logger
  }

  /** How long a caller may still be kept waiting. */
  get remainingMs(): number {
    const remainingMs = this.#timeoutMs - this.#spentMs
    return remainingMs < Math.min(ASK_MS_MIN, this.#timeoutMs) ? 0 : remainingMs
  }

  /** What is left for the end of a process: a server that is known to hang is not waited for once more. */
  get remainingAtExitMs(): number {
    return this.#isHanging ? 0 : this.remainingMs
  }

  /** A caller waited for nothing. */
  spent(ms: number): void {
    this.#spentMs += ms
    this.tookInBackground(ms)
  }

  /** Nobody waited, and it failed all the same. */
  tookInBackground(ms: number): void {
    if (ms >= this.#timeoutMs / 2) this.#isHanging = true
  }

  failed(what: string, error: ApiError): void {
    if (this.#isWarned) return
    this.#isWarned = true
    this.warn(`${what}: ${error.message} ${error.next ?? ''}`.trim())
  }

  worked(): void {
    this.#spentMs = 0
    this.#isHanging = false
    this.#isWarned = false
    this.#probedAtMs = Number.NEGATIVE_INFINITY
  }

  warn(sentence: string): void {
    this.#logger.warn(`bmfote: ${sentence}`)
  }

  /** Nobody waits for it, so it may take its time. */
  probe(ask: () => Promise<unknown>): void {
    const nowMs = performance.now()
    if (nowMs - this.#probedAtMs < Math.max(PROBE_EVERY_MS, this.#timeoutMs)) return
    this.#probedAtMs = nowMs
    ask().then(
      () => this.worked(),
      () => undefined,
    )
  }
}
