import {APIConnectionError, APIError} from '@anthropic-ai/sdk'
import {expect, test} from 'vitest'
import {createOnce} from './create-once.ts'

function refusal(status: number, headers: Record<string, string> = {}) {
  const body = {type: 'error', error: {type: 'api_error', message: 'no'}}
  return APIError.generate(status, body, undefined, new Headers(headers))
}

/** Fails with these in turn; then it is made. */
function trial(failures: Error[], {found}: {found?: string} = {}) {
  const log: string[] = []
  const left = [...failures]
  const result = createOnce({
    create: async () => {
      log.push('create')
      const failure = left.shift()
      if (failure) throw failure
      return 'made'
    },
    find: async () => {
      log.push('find')
      return found
    },
    sleep: async (ms) => log.push(`sleep ${ms}`),
  })
  return {result, log}
}

test('a lost answer is looked for before anything is made again', async () => {
  const lost = trial([new APIConnectionError({})], {found: 'there'})
  expect(await lost.result).toBe('there')
  expect(lost.log).toEqual(['create', 'sleep 500', 'find'])

  const notThere = trial([refusal(500), refusal(504)])
  expect(await notThere.result).toBe('made')
  expect(notThere.log).toEqual(['create', 'sleep 500', 'find', 'create', 'sleep 1000', 'find', 'create'])
})

test('a request that was put off was not carried out: it waits as told, and asks again', async () => {
  const {result, log} = trial([refusal(429, {'retry-after': '7'}), refusal(529)])

  expect(await result).toBe('made')
  expect(log).toEqual(['create', 'sleep 7000', 'create', 'sleep 1000', 'create'])
})

test('what is taken is found, or it is a conflict', async () => {
  expect(await trial([refusal(409)], {found: 'there'}).result).toBe('there')
  await expect(trial([refusal(409)]).result).rejects.toMatchObject({code: 'conflict'})
})

test('a refusal is final, and endless trouble ends', async () => {
  const refused = trial([refusal(400)])
  await expect(refused.result).rejects.toMatchObject({code: 'invalid_input'})
  expect(refused.log).toEqual(['create'])

  const endless = trial(Array.from({length: 99}, () => refusal(500)))
  await expect(endless.result).rejects.toMatchObject({code: 'unavailable'})
  expect(endless.log.filter((step) => step === 'create')).toHaveLength(4)
})
