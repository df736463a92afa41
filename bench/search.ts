import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {type Client, createClient} from '@libsql/client/sqlite3'
import {ApiClient} from '../src/lib/client/api-client.ts'
import {type LocalMemory, openLocalMemory} from '../src/lib/memory/local-memory.ts'
import type {NewMessage} from '../src/lib/model/message.ts'
import {SHARED_PRINCIPAL} from '../src/lib/model/principal.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {percentile, printTable, type Row, timeMs} from './measure.ts'
import {generateMessages} from './messages/conversations.ts'

const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}
const LIMIT = 20

/**
 * Search in process and over HTTP, against naive FTS5 on the same file: every word of the query, any of them, best
 * twenty by BM25. Queries are made from the messages themselves.
 */
export async function benchSearch(options: {messages: number; queries: number}): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), 'bmfote-bench-search-'))
  const path = join(home, 'memory.db')
  try {
    const kinds = await fill(path, options)
    const server = await startServerProcess({home})
    const local = await openLocalMemory({path})
    const naive = createClient({url: `file:${path}`, concurrency: 1})
    const api = new ApiClient({url: server.url})
    const ways = {
      'in process': (query: string) => local.searchMessages(CALLER, {query, limit: LIMIT}),
      'over HTTP': (query: string) => api.search({q: query, limit: LIMIT}),
    }
    const rows: Row[] = []
    for (const [way, ask] of Object.entries(ways)) rows.push(...(await measureWay(way, ask, naive, kinds)))
    naive.close()
    await local.close()
    await server.stop()
    return rows
  } finally {
    await rm(home, {recursive: true, force: true})
  }
}

type Kinds = Record<string, string[]>

async function fill(path: string, options: {messages: number; queries: number}): Promise<Kinds> {
  const memory = await openLocalMemory({path})
  const kinds: Kinds = {question: [], identifier: [], 'error line': [], 'rare word': []}
  const every = Math.max(1, Math.floor(options.messages / options.queries))
  let batch: NewMessage[] = []
  let made = 0
  for (const message of generateMessages({count: options.messages, seed: 11})) {
    if (made++ % every === 0) takeQueries(kinds, message.content ?? '')
    batch.push(message)
    if (batch.length < 1_000) continue
    await record(memory, batch)
    batch = []
  }
  await record(memory, batch)
  await memory.close()
  return kinds
}

async function record(memory: LocalMemory, batch: NewMessage[]): Promise<void> {
  await memory.recordMessages(CALLER, batch)
}

function takeQueries(kinds: Kinds, content: string): void {
  const words = content.match(/[a-z]{3,}/g) ?? []
  const longest = words.toSorted((a, b) => b.length - a.length)
  if (words.length > 6) kinds.question?.push(`what did we say about the ${words.slice(2, 6).join(' ')}?`)
  if (longest[0]) kinds['rare word']?.push(longest[0])
  const identifier = /\b[a-z]+(?:[A-Z][a-z]+)+\b|\bsrc\/[\w/.-]+/.exec(content)?.[0]
  if (identifier) kinds.identifier?.push(identifier)
  const error = /^.*(?:Error|ERR|failed).*$/m.exec(content)?.[0]
  if (error) kinds['error line']?.push(error.slice(0, 200))
}

async function measureWay(
  way: string,
  ask: (query: string) => Promise<unknown>,
  naive: Client,
  kinds: Kinds,
): Promise<Row[]> {
  const all = {ours: [] as number[], baseline: [] as number[]}
  const rows: Row[] = []
  for (const [kind, queries] of Object.entries(kinds)) {
    const times = {ours: [] as number[], baseline: [] as number[]}
    for (const query of queries) {
      times.ours.push(await timeMs(() => ask(query)))
      times.baseline.push(await timeMs(() => searchNaively(naive, query)))
    }
    all.ours.push(...times.ours)
    all.baseline.push(...times.baseline)
    rows.push(describe(`${kind}, ${way}`, times))
  }
  return [...rows, describe(`all, ${way}`, all)]
}

async function searchNaively(client: Client, query: string): Promise<void> {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? []
  await client.execute({
    sql: `SELECT m.uuid, m.content, f.rank FROM messages_fts f JOIN messages m ON m.id = f.rowid
      WHERE messages_fts MATCH ? AND m.workspace_id = 'bmfote-default' ORDER BY f.rank LIMIT ${LIMIT}`,
    args: [words.map((word) => `"${word}"`).join(' OR ')],
  })
}

/** The ratio is of the 95th percentiles: below 1 is faster than the baseline. */
function describe(what: string, times: {ours: number[]; baseline: number[]}): Row {
  const figures = (values: number[]) =>
    `p50 ${percentile(values, 50).toFixed(1)} p95 ${percentile(values, 95).toFixed(1)} ms`
  return {
    what,
    ours: figures(times.ours),
    baseline: 'naive FTS5, any word',
    baselineFigure: figures(times.baseline),
    ratio: percentile(times.ours, 95) / percentile(times.baseline, 95),
  }
}

if (import.meta.main) {
  const {values} = parseArgs({
    options: {messages: {type: 'string', default: '20000'}, queries: {type: 'string', default: '200'}},
  })
  const options = {messages: Number(values.messages), queries: Number(values.queries)}
  printTable(`Search, ${options.messages} messages (ratio of p95)`, await benchSearch(options))
}
