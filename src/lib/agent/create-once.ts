import {setTimeout} from 'node:timers/promises'
import {retryAfterSeconds, WAIT_SECONDS_MAX} from './anthropic-client.ts'
import {callApi, headersOf, isAnswerLost, isPutOff, statusOf} from './api-errors.ts'

export type Sleep = (ms: number) => Promise<unknown>

export interface Creation<T> {
  /** Must not be repeated by itself: the API has no idempotency keys. */
  create: () => PromiseLike<T>
  /** Looks for what an attempt has made whose answer was lost. */
  find: () => Promise<T | undefined>
  sleep?: Sleep
}

const ATTEMPTS_MAX = 4
const FIRST_PAUSE_MS = 500

/** Makes a thing, and makes it once: when an answer was lost, looks first whether the thing is there. */
export async function createOnce<T>({create, find, sleep = setTimeout}: Creation<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      const isTaken = statusOf(error) === 409
      if (!isTaken && !isAnswerLost(error) && !isPutOff(error))
        return await callApi(() => Promise.reject(error))
      if (!isTaken) await sleep(pauseMs(error, attempt))
      const found = isTaken || isAnswerLost(error) ? await find() : undefined
      if (found !== undefined) return found
      if (isTaken || attempt === ATTEMPTS_MAX) return await callApi(() => Promise.reject(error))
    }
  }
}

/** As long as the API says, else a little longer each time. */
export function pauseMs(error: unknown, attempt: number): number {
  const seconds = retryAfterSeconds(headersOf(error))
  if (seconds !== undefined) return Math.min(seconds, WAIT_SECONDS_MAX) * 1000
  return FIRST_PAUSE_MS * 2 ** (attempt - 1)
}
