import {setTimeout} from 'node:timers/promises'
import {BmfoteError} from '../model/errors.ts'

export interface RetryOptions {
  signal?: AbortSignal
  /** Told before each wait, so that the person sees why nothing moves. */
  onWait?(wait: {seconds: number; reason: string}): void
  sleep?(ms: number, signal?: AbortSignal): Promise<void>
}

/** Together about half a minute: long enough for a restart of the server, short enough to be told that it is down. */
const BACKOFF_SECONDS = [0.5, 1, 2, 4, 8, 15]

/** A server may ask for more patience than this, but then it's better to come back another day. */
const WAIT_SECONDS_MAX = 120

const PASSING_CODES = new Set(['unavailable', 'rate_limited', 'database_busy'])

/** Repeats what fails for a reason that passes; the last failure is thrown as it came. */
export async function withRetries<T>(operation: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  for (const backoffSeconds of BACKOFF_SECONDS) {
    try {
      return await operation()
    } catch (error) {
      if (!(error instanceof BmfoteError) || !PASSING_CODES.has(error.code)) throw error
      const seconds = Math.max(backoffSeconds, error.retryAfterSeconds ?? 0)
      if (seconds > WAIT_SECONDS_MAX) throw error
      options.signal?.throwIfAborted()
      options.onWait?.({seconds, reason: error.message})
      await (options.sleep ?? sleep)(seconds * 1000, options.signal)
    }
  }
  return operation()
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, {signal})
}
