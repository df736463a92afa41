/**
 * What an operation costs on a remote database: the rows that its statements read and write, which Turso bills, and the
 * round trips over the network. `npm run bench:rows -- 10000` fills a real libSQL server of its own first.
 */
import {openStoredMemory} from '../src/lib/memory/local-memory.ts'
import type {Memory} from '../src/lib/memory/memory.ts'
import type {NewMessage} from '../src/lib/model/message.ts'
import {OWNER} from '../test/helpers/callers.ts'
import {startSqld} from '../test/helpers/sqld.ts'
import {generateMessages} from './messages/conversations.ts'

const REPEATS = 10

interface Cost {
  operation: string
  rowsRead: number
  rowsWritten: number
  roundTrips: number
}

const operations: [
  name: string,
  run: (memory: Memory, known: readonly NewMessage[], n: number) => Promise<unknown>,
][] = [
  ['record one message', (memory, _, n) => memory.recordMessages(OWNER, [fresh(n)])],
  [
    'record 100 messages in one call',
    (memory, _, n) =>
      memory.recordMessages(
        OWNER,
        Array.from({length: 100}, (_message, index) => fresh(1_000 * (n + 1) + index)),
      ),
  ],
  ['record the same message again', (memory) => memory.recordMessages(OWNER, [fresh(0)])],
  ['remember a fact', (memory, _, n) => memory.remember(OWNER, {content: `The fact number ${n}.`})],
  ['search two rare words', (memory, known, n) => memory.searchMessages(OWNER, {query: rareWords(known, n)})],
  ['search a very common word', (memory) => memory.searchMessages(OWNER, {query: 'the'})],
  [
    'search a question',
    (memory) => memory.searchMessages(OWNER, {query: 'what did we decide about the database connection'}),
  ],
  ['find an error', (memory) => memory.findErrors(OWNER, {error: 'TypeError: undefined is not a function'})],
  [
    'recall for a question',
    (memory) => memory.recall(OWNER, {query: 'what did we decide about the connection'}),
  ],
  ['recall a project', (memory, known) => memory.recall(OWNER, {project: known[0]?.project ?? 'acme'})],
  [
    'get a message with its context',
    (memory, known, n) => memory.getMessage(OWNER, {uuid: known[n * 7]?.uuid ?? '', context: 3}),
  ],
  ['list what is recent', (memory) => memory.listRecent(OWNER, {limit: 50})],
  ['list sessions', (memory) => memory.listSessions(OWNER, {limit: 50})],
  ['statistics of a workspace', (memory) => memory.getStats(OWNER, {workspaceId: 'bmfote-default'})],
  ['health', (memory) => memory.checkHealth()],
  [
    'forget a message',
    (memory, known, n) => memory.deleteMessages(OWNER, {uuid: known[n * 11 + 500]?.uuid ?? ''}),
  ],
]

const count = Number(process.argv[2] ?? 10_000)
const sqld = await startSqld()
let requests = 0
const realFetch = globalThis.fetch
globalThis.fetch = Object.assign((...args: Parameters<typeof fetch>) => {
  requests++
  return realFetch(...args)
}, realFetch)

const memory = await openStoredMemory({mode: 'remote', url: sqld.url})
try {
  const known = await fill(memory, count)
  console.log(`Cost of one operation at ${count} messages, the mean of ${REPEATS}\n`)
  console.log('| operation | rows read | rows written | round trips |\n|---|---|---|---|')
  for (const [operation, run] of operations) {
    const cost = await measure(operation, (n) => run(memory, known, n))
    console.log(`| ${cost.operation} | ${cost.rowsRead} | ${cost.rowsWritten} | ${cost.roundTrips} |`)
  }
} finally {
  await memory.close()
  await sqld.close()
}

async function measure(operation: string, run: (n: number) => Promise<unknown>): Promise<Cost> {
  const before = await sqld.readStats()
  const requestsBefore = requests
  for (let n = 0; n < REPEATS; n++) await run(n)
  // Reading the statistics was one request itself.
  const roundTrips = (requests - requestsBefore) / REPEATS
  const after = await sqld.readStats()
  return {
    operation,
    rowsRead: Math.round((after.rowsRead - before.rowsRead) / REPEATS),
    rowsWritten: Math.round((after.rowsWritten - before.rowsWritten) / REPEATS),
    roundTrips: Math.round(roundTrips * 10) / 10,
  }
}

function fresh(n: number): NewMessage {
  return {
    sessionId: `bench-${n % 5}`,
    uuid: `bench-${n}`,
    content: `Message ${n} says something about deployment.`,
  }
}

async function fill(into: Memory, messages: number): Promise<NewMessage[]> {
  const known: NewMessage[] = []
  let batch: NewMessage[] = []
  for (const message of generateMessages()) {
    if (known.length >= messages) break
    known.push(message)
    batch.push(message)
    if (batch.length < 1_000) continue
    await into.recordMessages(OWNER, batch)
    batch = []
  }
  if (batch.length > 0) await into.recordMessages(OWNER, batch)
  return known
}

/** Two long words of some message. */
function rareWords(known: readonly NewMessage[], n: number): string {
  const words = known[n * 13]?.content?.match(/\b[a-z]{7,}\b/gi) ?? ['deployment']
  return [...words]
    .sort((a, b) => b.length - a.length)
    .slice(0, 2)
    .join(' ')
}
