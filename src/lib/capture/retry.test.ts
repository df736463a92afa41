import {expect, test} from 'vitest'
import {BmfoteError, type ErrorCode} from '../model/errors.ts'
import {withRetries} from './retry.ts'

/** Fails so many times, then gives its answer. */
function failing(times: number, code: ErrorCode, retryAfterSeconds?: number): () => Promise<string> {
  let left = times
  return async () => {
    if (left-- > 0) throw new BmfoteError(code, 'not now', {retryAfterSeconds})
    return 'done'
  }
}

function recordWaits() {
  const waits: number[] = []
  return {
    waits,
    sleep: async () => undefined,
    onWait: ({seconds}: {seconds: number}) => void waits.push(seconds),
  }
}

test.each(['unavailable', 'rate_limited', 'database_busy'] as const)(
  '%s passes: it is tried again',
  async (code) => {
    const options = recordWaits()

    expect(await withRetries(failing(3, code), options)).toBe('done')
    expect(options.waits).toEqual([0.5, 1, 2])
  },
)

test('the server says how long to wait', async () => {
  const options = recordWaits()

  await withRetries(failing(1, 'rate_limited', 30), options)

  expect(options.waits).toEqual([30])
})

test('what does not pass is not repeated', async () => {
  const options = recordWaits()

  await expect(withRetries(failing(1, 'forbidden'), options)).rejects.toMatchObject({code: 'forbidden'})
  await expect(withRetries(failing(1, 'rate_limited', 3_600), options)).rejects.toMatchObject({
    code: 'rate_limited',
  })
  expect(options.waits).toEqual([])
})

test('patience ends', async () => {
  const options = recordWaits()

  await expect(withRetries(failing(100, 'unavailable'), options)).rejects.toMatchObject({code: 'unavailable'})
  expect(options.waits).toHaveLength(6)
})

test('a signal ends the waiting', async () => {
  const controller = new AbortController()
  const waiting = withRetries(failing(1, 'rate_limited', 60), {
    signal: controller.signal,
    onWait: () => controller.abort(),
  })

  await expect(waiting).rejects.toMatchObject({name: 'AbortError'})
})
