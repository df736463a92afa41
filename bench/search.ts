/**
 * How long a search takes by kind of query, against naive FTS5 over the same messages, and whether it finds what was
 * planted:
 *
 *   npm run bench:search -- --messages 1000000            in this process
 *   npm run bench:search -- --messages 44000 --http       and through the built binary as well
 *   npm run bench:search -- --folder /var/tmp/million …   keeps the database there for the next run
 *
 * A copy of any memory.db can be put into that folder first, to measure with its messages; nothing is planted then.
 */

import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {ApiClient} from '../src/lib/client/api-client.ts'
import {openLocalMemory} from '../src/lib/memory/local-memory.ts'
import {SHARED_PRINCIPAL} from '../src/lib/model/principal.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {median, percentile, printTable, type Row} from './measure.ts'
import {fillMemory} from './search/fill.ts'
import {NaiveSearch} from './search/naive.ts'
import {makeNeedles, NEEDLE_RANK_MAX, type Needle} from './search/needles.ts'
import {hostileQueries, queriesFrom} from './search/queries.ts'

const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}
const LIMIT = 20
const IN_PROCESS = 'in process'
/** What fits into the address of a request. */
const HTTP_QUERY_CHARS_MAX = 4_000

export interface SearchBenchOptions {
  messages: number
  /** Of each kind. */
  queries: number
  /** How many of each kind the baseline answers too; it takes seconds for one where there are many messages. */
  baselineQueries?: number
  http?: boolean
  /** Where the database is, or is to be made and kept. */
  folder?: string
}

/** The ratio of times is of the 95th percentiles: below 1 is faster than the baseline. */
export async function benchSearch(options: SearchBenchOptions): Promise<Row[]> {
  const home = options.folder ?? (await mkdtemp(join(tmpdir(), 'bmfote-bench-search-')))
  const path = join(home, 'memory.db')
  const needles = makeNeedles()
  try {
    await mkdir(home, {recursive: true})
    if (!existsSync(path)) await fillMemory(path, {messages: options.messages, needles})
    const naive = await NaiveSearch.open(path, home)
    const queries = await gatherQueries(naive, needles, options)
    const rows = await measureInProcess(path, queries, naive, options)
    if (options.http) rows.push(...(await measureOverHttp(home, queries, naive, options)))
    rows.push(await describeIndex(naive))
    naive.close()
    return rows
  } finally {
    if (options.folder === undefined) await rm(home, {recursive: true, force: true})
  }
}

interface Query {
  kind: string
  text: string
  /** What must be found. */
  needle?: Needle
  isHostile?: boolean
}

async function gatherQueries(naive: NaiveSearch, needles: Needle[], options: SearchBenchOptions) {
  const texts = await naive.sampleTexts(options.queries * 20)
  const queries: Query[] = Object.entries(queriesFrom(texts, options.queries)).flatMap(([kind, list]) =>
    list.map((text) => ({kind, text})),
  )
  // A database that is kept may hold other messages.
  const planted = await naive.filterStored(needles.map(({uuid}) => uuid))
  for (const [kind, list] of Map.groupBy(needles, (needle) => needle.kind)) {
    for (const needle of list.slice(0, options.queries))
      if (planted.has(needle.uuid)) queries.push({kind: `planted ${kind}`, text: needle.query, needle})
  }
  for (const [kind, text] of Object.entries(hostileQueries(texts)))
    queries.push({kind, text, isHostile: true})
  return queries
}

/** Uuids, best first. */
type Ask = (query: string) => Promise<string[]>

async function measureInProcess(
  path: string,
  queries: Query[],
  naive: NaiveSearch,
  options: SearchBenchOptions,
): Promise<Row[]> {
  const memory = await openLocalMemory({path})
  const ask: Ask = async (query) =>
    (await memory.searchMessages(CALLER, {query, limit: LIMIT})).map(({uuid}) => uuid)
  const rows = await measureWay(IN_PROCESS, ask, queries, naive, options)
  await memory.close()
  return rows
}

async function measureOverHttp(
  home: string,
  queries: Query[],
  naive: NaiveSearch,
  options: SearchBenchOptions,
): Promise<Row[]> {
  const server = await startServerProcess({home})
  const api = new ApiClient({url: server.url})
  const ask: Ask = async (query) => (await api.search({q: query, limit: LIMIT})).map(({uuid}) => uuid)
  const short = queries.filter(({text}) => text.length <= HTTP_QUERY_CHARS_MAX)
  try {
    return await measureWay('over HTTP', ask, short, naive, options)
  } finally {
    await server.stop()
  }
}

interface Times {
  /** On the clock, with whatever else the machine did meanwhile. */
  ms: number
  /** Of this process, all threads: what holds on a busy machine. */
  cpuMs: number
}

interface Measured extends Query, Times {
  /** 0 when it isn't there. */
  rank: number
  baseline?: Times & {rank: number}
}

async function measureWay(
  way: string,
  ask: Ask,
  queries: Query[],
  naive: NaiveSearch,
  options: SearchBenchOptions,
): Promise<Row[]> {
  const byKind = Map.groupBy(queries, ({kind}) => kind)
  // The first of each kind warms the caches of both.
  for (const [first] of byKind.values()) if (first) await ask(first.text)
  const measured: Measured[] = []
  for (const list of byKind.values()) {
    for (const [number, query] of list.entries()) {
      const isCompared = !query.isHostile && number < (options.baselineQueries ?? Number.POSITIVE_INFINITY)
      measured.push(await measureOne(query, ask, isCompared ? naive : undefined))
    }
  }
  return describeWay(way, measured)
}

async function measureOne(query: Query, ask: Ask, naive?: NaiveSearch): Promise<Measured> {
  const run = async (work: Ask) => {
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    const uuids = await work(query.text)
    const {user, system} = process.cpuUsage(cpu)
    const times = {ms: performance.now() - start, cpuMs: (user + system) / 1_000}
    return {...times, rank: query.needle ? uuids.indexOf(query.needle.uuid) + 1 : 0}
  }
  const ours = await run(ask)
  return {...query, ...ours, baseline: naive && (await run((text) => naive.search(text, LIMIT)))}
}

/** What is compared: the process's own time where the work is done in it, else the clock's. */
type Measure = (times: Times) => number

function describeWay(way: string, measured: Measured[]): Row[] {
  const measure: Measure = way === IN_PROCESS ? ({cpuMs}) => cpuMs : ({ms}) => ms
  const asked = measured.filter(({isHostile}) => !isHostile)
  const hostile = measured.filter(({isHostile}) => isHostile)
  const planted = measured.filter(({needle}) => needle)
  const kinds = [...Map.groupBy(asked, ({kind}) => kind)].map(([kind, list]) =>
    describeTimes(`${kind}, ${way}`, list, measure),
  )
  const typical = median(asked.map(measure))
  const longest = (what: string, list: Measured[]) =>
    describeLongest(`${what}, ${way}`, list, {measure, typical})
  return [
    ...kinds,
    describeTimes(`all of these, ${way}`, asked, measure),
    ...hostile.map((query) => longest(`hostile: ${query.kind}`, [query])),
    longest('longest of all', measured),
    ...[...Map.groupBy(planted, ({kind}) => kind)].map(([kind, list]) =>
      describeFound(`found: ${kind}, ${way}`, list),
    ),
    ...(planted.length > 0 ? [describeFound(`found: all that was planted, ${way}`, planted)] : []),
  ]
}

function describeTimes(what: string, list: Measured[], measure: Measure): Row {
  const baseline = list.flatMap((query) => query.baseline ?? [])
  const compared = list.filter((query) => query.baseline)
  return {
    what,
    ours: `${figures(list.map(measure))} (clock ${figures(list.map(({ms}) => ms))})`,
    baseline: 'naive FTS5, any word',
    baselineFigure: `${figures(baseline.map(measure))} (clock ${figures(baseline.map(({ms}) => ms))})`,
    ratio: percentile(compared.map(measure), 95) / percentile(baseline.map(measure), 95),
  }
}

function figures(values: readonly number[]): string {
  return `${[50, 95, 99].map((percent) => percentile(values, percent).toFixed(0)).join(' / ')} ms`
}

function describeLongest(
  what: string,
  list: Measured[],
  {measure, typical}: {measure: Measure; typical: number},
): Row {
  const longest = Math.max(...list.map(measure))
  return {
    what,
    ours: `${longest.toFixed(1)} ms`,
    baseline: 'the median',
    baselineFigure: `${typical.toFixed(1)} ms`,
    ratio: longest / typical,
    goal: '≤ 10',
  }
}

function describeFound(what: string, list: Measured[]): Row {
  const isFound = ({rank}: {rank: number}) => rank > 0 && rank <= NEEDLE_RANK_MAX
  const compared = list.flatMap(({baseline}) => baseline ?? [])
  const found = list.filter(isFound).length
  return {
    what,
    ours: `${found} of ${list.length} in the first ${NEEDLE_RANK_MAX}`,
    baseline: 'naive FTS5, any word',
    baselineFigure: `${compared.filter(isFound).length} of ${compared.length}`,
    ratio: found / list.length,
    goal: '≥ 0.99',
  }
}

async function describeIndex(naive: NaiveSearch): Promise<Row> {
  const messages = await naive.countMessages()
  const bytes = await naive.indexBytes()
  const perMillion = (size: number) => `${Math.round(size / messages)} MB per million messages`
  return {
    what: `index of ${messages} messages`,
    ours: perMillion(bytes.ours),
    baseline: 'FTS5, porter',
    baselineFigure: perMillion(bytes.naive),
    ratio: bytes.ours / bytes.naive,
  }
}

if (import.meta.main) {
  const {values} = parseArgs({
    options: {
      messages: {type: 'string', default: '44000'},
      queries: {type: 'string', default: '20'},
      baseline: {type: 'string'},
      http: {type: 'boolean', default: false},
      folder: {type: 'string'},
    },
  })
  const rows = await benchSearch({
    messages: Number(values.messages),
    queries: Number(values.queries),
    baselineQueries: values.baseline === undefined ? undefined : Number(values.baseline),
    http: values.http,
    folder: values.folder,
  })
  const what = values.folder ?? `${values.messages} messages`
  printTable(
    `Search, ${what} (p50 / p95 / p99; in process of CPU time, over HTTP of the clock; ratio of p95, less is better)`,
    rows,
  )
}
