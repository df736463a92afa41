/**
 * Requests a second and latency over HTTP, by autocannon, against the built binary, beside a bare fastify route in the
 * same run; and what memory the server holds meanwhile:
 *
 *   npm run bench:load                                            20,000 messages, 5 seconds each
 *   npm run bench:load -- --messages 1000000 --seconds 60
 *   npm run bench:load -- --database memory.db                    a copy of that file; the file itself is left alone
 *   npm run bench:load -- --flat 600                              then so many seconds of all of it together
 */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {copyFile, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {type ServerProcess, startServerProcess} from '../../test/helpers/server-process.ts'
import {generateMessages} from '../messages/conversations.ts'
import {fillMemory} from '../search/fill.ts'
import {queriesFrom} from '../search/queries.ts'
import {type Bombardment, bombard, searches, type Target, writes} from './bombard.ts'
import {readRssMb, watchMemory} from './watch-memory.ts'

const TOKEN = 'token-of-the-load-bench'
const CONNECTIONS = 16
const QUERIES_PER_KIND = 20
const BATCH = 100

const {values} = parseArgs({
  options: {
    messages: {type: 'string', default: '20000'},
    seconds: {type: 'string', default: '5'},
    database: {type: 'string'},
    flat: {type: 'string', default: '0'},
  },
})
await run({
  messages: Number(values.messages),
  seconds: Number(values.seconds),
  flatSeconds: Number(values.flat),
  database: values.database,
})

async function run(options: {messages: number; seconds: number; flatSeconds: number; database?: string}) {
  const home = await mkdtemp(join(tmpdir(), 'bmfote-load-'))
  const path = join(home, 'memory.db')
  try {
    if (options.database) await copyFile(options.database, path)
    else await fillMemory(path, {messages: options.messages, needles: []})
    const bare = await startBareServer()
    const args = ['--rate-limit', '0', '--log-level', 'warn']
    const server = await startServerProcess({home, args, env: {API_TOKEN: TOKEN}})
    try {
      await measure(server, {...options, bareUrl: bare.url})
    } finally {
      await server.stop()
      bare.child.kill()
    }
  } finally {
    await rm(home, {recursive: true, force: true})
  }
}

async function measure(
  server: ServerProcess,
  options: {seconds: number; flatSeconds: number; bareUrl: string},
): Promise<void> {
  const {seconds, flatSeconds, bareUrl} = options
  const target: Target = {url: server.url, token: TOKEN, seconds, connections: CONNECTIONS}
  const texts = sampleTexts()
  const queries = Object.values(queriesFrom(texts, QUERIES_PER_KIND)).flat()
  const rows: [string, Bombardment][] = []
  const add = async (name: string, one: Promise<Bombardment>) => void rows.push([name, await one])
  const rssBefore = await readRssMb(server.url, TOKEN)
  await add('bare route', bombard({...target, url: bareUrl, token: undefined}, [{method: 'GET', path: '/'}]))
  await add('GET /health', bombard(target, [{method: 'GET', path: '/health'}]))
  await add('search', bombard(target, searches(queries)))
  await add('search, one at a time', bombard({...target, connections: 1}, searches(queries)))
  await add('write, one message', bombard(target, writes({texts, batch: 1})))
  await add(`write, ${BATCH} messages`, bombard(target, writes({texts, batch: BATCH})))
  const rssAfter = await readRssMb(server.url, TOKEN)
  print(rows)
  console.log(
    `RSS: ${rssBefore} MB before, ${rssAfter} MB after; messages: ${await countMessages(server.url)}`,
  )
  if (flatSeconds > 0) await holdFlat({...target, seconds: flatSeconds}, {texts, queries})
}

/** Searches and writes at once, and the memory that the server holds as time goes by. */
async function holdFlat(target: Target, {texts, queries}: {texts: string[]; queries: string[]}) {
  const watch = watchMemory(target.url, TOKEN)
  const half = {...target, connections: CONNECTIONS / 2}
  const [searched, written] = await Promise.all([
    bombard(half, searches(queries)),
    bombard(half, writes({texts, batch: 1})),
  ])
  const rss = watch.stop()
  print([
    ['both at once: search', searched],
    ['both at once: write', written],
  ])
  console.log(`RSS in MB over ${target.seconds} s: ${rss.join(' ')}`)
}

function print(rows: readonly [string, Bombardment][]): void {
  const bare = rows[0]?.[1].requestsPerSecond ?? Number.NaN
  console.log(['', 'requests/s', 'of bare', 'p50 ms', 'p99 ms', 'max ms', 'failures'].map(padCell).join(''))
  for (const [name, one] of rows) {
    const ratio = rows[0]?.[0] === 'bare route' ? (one.requestsPerSecond / bare).toFixed(3) : ''
    const cells = [one.requestsPerSecond, ratio, one.msP50, one.msP99, Math.round(one.msMax), one.failures]
    console.log([name, ...cells].map((cell, index) => padCell(String(cell), index)).join(''))
  }
}

function padCell(cell: string, index: number): string {
  return index === 0 ? cell.padEnd(24) : cell.padStart(12)
}

function sampleTexts(): string[] {
  return [...generateMessages({count: 400, seed: 5})].flatMap(({content}) => content ?? [])
}

async function countMessages(url: string): Promise<number> {
  const response = await fetch(`${url}/api/stats`, {headers: {authorization: `Bearer ${TOKEN}`}})
  return ((await response.json()) as {messages: number}).messages
}

/** In a process of its own, by the same runtime as ours. */
async function startBareServer(): Promise<{url: string; child: ChildProcess}> {
  const script = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
  const child = spawn('bun', [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {...process.env, NODE_ENV: 'production'},
  })
  const [url] = await once(createInterface({input: child.stdout}), 'line')
  return {url: String(url), child}
}
