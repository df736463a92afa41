import {expect, test} from 'vitest'
import {ApiError} from './api-error.ts'
import {Outage} from './outage.ts'
import type {Outcome} from './send-messages.ts'
import type {WireMessage} from './wire-message.ts'
import {WriteQueue} from './write-queue.ts'

interface Bench {
  queue: WriteQueue
  /** Uuids of each request. */
  sent: string[][]
  warnings: string[]
  /** What the next requests come to; after these, all is stored. */
  failures: (ApiError | Outcome[])[]
}

function open(): Bench {
  const bench: Omit<Bench, 'queue'> = {sent: [], warnings: [], failures: []}
  const outage = new Outage({timeoutMs: 1_000, logger: {warn: (text) => void bench.warnings.push(text)}})
  const queue = new WriteQueue({
    timeoutMs: 1_000,
    outage,
    send: async (messages) => {
      bench.sent.push(messages.map(({uuid}) => uuid))
      const failure = bench.failures.shift()
      if (failure instanceof ApiError) throw failure
      return failure ?? messages.map(() => ({stored: true}))
    },
  })
  return {...bench, queue}
}

function messages(count: number, chars = 1): WireMessage[] {
  return Array.from({length: count}, (_, i) => ({session_id: 's', uuid: `u${i}`, content: 'x'.repeat(chars)}))
}

const AWAY = new ApiError('away', {status: 0, code: 'unavailable'})

test('what is recorded in one go is one request, in its order', async () => {
  const {queue, sent} = open()
  void queue.add(messages(3))

  expect(await queue.flush(1_000)).toBe(0)
  expect(sent).toEqual([['u0', 'u1', 'u2']])
})

test('many and long messages are several requests', async () => {
  const {queue, sent} = open()
  void queue.add(messages(250))
  void queue.add(messages(3, 600_000))
  await queue.flush(1_000)

  expect(sent.map((uuids) => uuids.length)).toEqual([100, 100, 51, 1, 1])
})

test('one message that is larger than a request may be goes by itself', async () => {
  const {queue, sent} = open()
  void queue.add(messages(1, 3_000_000))

  expect(await queue.flush(1_000)).toBe(0)
  expect(sent).toHaveLength(1)
})

test('what fails is sent again, smaller, and each is told what became of it', async () => {
  const {queue, sent, failures} = open()
  failures.push(AWAY)
  const settled = queue.add(messages(100))

  expect(await queue.flush(5_000)).toBe(0)
  expect(sent.map((uuids) => uuids.length)).toEqual([100, 50, 50])
  expect(new Set((await settled).map(({stored}) => stored))).toEqual(new Set([true]))
})

test('what is refused is dropped and said, and does not hold up the rest', async () => {
  const {queue, failures, warnings} = open()
  failures.push([{stored: true}, {stored: false, reason: 'a date that is none'}])

  const outcomes = await queue.add(messages(2))

  expect(outcomes[1]).toEqual({stored: false, reason: 'a date that is none'})
  expect(queue.waiting).toBe(0)
  expect(warnings).toEqual(['bmfote: The server refused message u1: a date that is none'])
})

test('the oldest go when there are too many, with one warning', async () => {
  const {queue, sent, failures, warnings} = open()
  failures.push(AWAY)
  void queue.add(messages(1))
  await queue.flush(1)
  void queue.add(messages(1_500).map((each) => ({...each, uuid: `late-${each.uuid}`})))

  expect(queue.waiting).toBe(1_000)
  await queue.flush(5_000)
  expect(sent.flat().at(1)).toBe('late-u500')
  expect(warnings.filter((text) => text.includes('the oldest are dropped'))).toHaveLength(1)
})

test('a server that asks for patience is not asked before', async () => {
  const {queue, sent, failures} = open()
  failures.push(new ApiError('slow down', {status: 429, code: 'rate_limited', retryAfterSeconds: 600}))
  void queue.add(messages(1))
  await queue.flush(50)

  expect(await queue.flush(50)).toBe(1)
  void queue.add(messages(1))
  expect(await queue.flush(50)).toBe(2)
  expect(sent).toHaveLength(1)
  queue.close()
})
