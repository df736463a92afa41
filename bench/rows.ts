/**
 * Rows that a remote database reads and writes for each kind of call, as a real libSQL server counts them (and Turso
 * bills them), and the requests that a call takes one after the other or at once:
 *
 *   npm run bench:rows -- --messages 20000
 */
import {randomUUID} from 'node:crypto'
import {parseArgs} from 'node:util'
import {openStoredMemory} from '../src/lib/memory/local-memory.ts'
import type {Memory} from '../src/lib/memory/memory.ts'
import {OWNER} from '../test/helpers/callers.ts'
import {type Sqld, startSqld} from '../test/helpers/sqld.ts'
import {median} from './measure.ts'
import {generateMessages} from './messages/conversations.ts'
import {queriesFrom} from './search/queries.ts'

const ROUNDS = 10
const BATCH = 1_000

let requests = 0
const realFetch = globalThis.fetch
globalThis.fetch = Object.assign((...args: Parameters<typeof fetch>) => {
  requests++
  return realFetch(...args)
}, realFetch)

const {values} = parseArgs({options: {messages: {type: 'string', default: '5000'}}})
const sqld = await startSqld()
try {
  const memory = await openStoredMemory({mode: 'remote', url: sqld.url}, {})
  const texts = await fill(memory, Number(values.messages))
  await measure(memory, texts)
  await memory.close()
} finally {
  await sqld.close()
}

async function fill(memory: Memory, count: number): Promise<string[]> {
  const messages = [...generateMessages({count, seed: 3})]
  for (let start = 0; start < messages.length; start += BATCH) {
    await memory.recordMessages(OWNER, messages.slice(start, start + BATCH))
  }
  return messages.flatMap(({content}) => content ?? [])
}

async function measure(memory: Memory, texts: string[]): Promise<void> {
  const queries = queriesFrom(texts.slice(0, 400), ROUNDS)
  const uuids: string[] = []
  const message = () => {
    const uuid = randomUUID()
    uuids.push(uuid)
    return {sessionId: 'rows', uuid, content: texts[uuids.length % texts.length], project: 'rows'}
  }
  const one = (kind: string, round: number) => queries[kind]?.[round] ?? 'release'
  const calls: Record<string, (round: number) => Promise<unknown>> = {
    'write, one message': () => memory.recordMessages(OWNER, [message()]),
    'write, a batch of 100': () => memory.recordMessages(OWNER, Array.from({length: 100}, message)),
    'write again what is there': (round) =>
      memory.recordMessages(OWNER, [
        {sessionId: 'rows', uuid: uuids[round] ?? '', content: texts[(round + 1) % texts.length]},
      ]),
    'search, a rare word': (round) => memory.searchMessages(OWNER, {query: one('rare word', round)}),
    'search, some words': (round) => memory.searchMessages(OWNER, {query: one('some words', round)}),
    'search, a whole question': (round) =>
      memory.searchMessages(OWNER, {query: one('whole question', round)}),
    'recall for a question': (round) => memory.recall(OWNER, {query: one('whole question', round)}),
    'find an error': (round) => memory.findErrors(OWNER, {error: one('line of an error', round)}),
    'a message with 3 around it': (round) => memory.getMessage(OWNER, {uuid: uuids[round] ?? '', context: 3}),
    'the last 50 messages': () => memory.listRecent(OWNER, {}),
    stats: () => memory.getStats(OWNER, {}),
    health: () => memory.checkHealth(),
    'delete one message': (round) => memory.deleteMessages(OWNER, {uuid: uuids[round] ?? ''}),
  }
  console.log(
    `${''.padEnd(30)}${'rows read'.padStart(12)}${'rows written'.padStart(14)}${'requests'.padStart(10)}`,
  )
  for (const [name, call] of Object.entries(calls)) {
    const {rowsRead, rowsWritten, roundTrips} = await cost(sqld, call)
    const figures = `${String(rowsRead).padStart(12)}${String(rowsWritten).padStart(14)}${String(roundTrips).padStart(10)}`
    console.log(`${name.padEnd(30)}${figures}`)
  }
}

/** The middle one of several. */
async function cost(server: Sqld, call: (round: number) => Promise<unknown>) {
  const read: number[] = []
  const written: number[] = []
  const roundTrips: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = await server.readStats()
    const requestsBefore = requests
    await call(round)
    roundTrips.push(requests - requestsBefore)
    const after = await server.readStats()
    read.push(after.rowsRead - before.rowsRead)
    written.push(after.rowsWritten - before.rowsWritten)
  }
  return {rowsRead: median(read), rowsWritten: median(written), roundTrips: median(roundTrips)}
}
