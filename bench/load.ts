import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {ApiClient} from '../src/lib/client/api-client.ts'
import type {NewMessageBody} from '../src/lib/client/protocol.ts'
import {toWire} from '../src/lib/memory/wire.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {percentile} from './measure.ts'
import {generateMessages} from './messages/conversations.ts'

export interface LoadReport {
  seconds: number
  writes: number
  searches: number
  /** Requests that were refused or got no answer: must be 0. */
  failures: number
  /** Stored less acknowledged: must be 0. */
  missing: number
  writeMsP50: number
  writeMsP99: number
  searchMsP50: number
  searchMsP99: number
}

const WRITERS = 6
const SEARCHERS = 2

/** One message a request from several writers, and searches meanwhile, against the built binary. */
export async function load(options: {seconds: number; writesMax?: number}): Promise<LoadReport> {
  const home = await mkdtemp(join(tmpdir(), 'bmfote-load-'))
  const server = await startServerProcess({home})
  const api = new ApiClient({url: server.url})
  const messages = generateMessages({seed: 23})
  const until = Date.now() + options.seconds * 1_000
  const start = Date.now()
  const seen = {writes: [] as number[], searches: [] as number[], failures: 0}
  const writesMax = options.writesMax ?? Number.POSITIVE_INFINITY
  const isOver = () => Date.now() > until || seen.writes.length >= writesMax
  let words = ['deploy']
  const attempt = async (times: number[], work: () => Promise<unknown>) => {
    const before = performance.now()
    try {
      await work()
      times.push(performance.now() - before)
    } catch {
      seen.failures++
    }
  }
  const write = async () => {
    while (!isOver()) {
      const message = messages.next().value
      if (!message) return
      words = message.content?.match(/\w{4,}/g)?.slice(0, 4) ?? words
      await attempt(seen.writes, () => api.recordMessages([toWire(message) as NewMessageBody]))
    }
  }
  const search = async () => {
    while (!isOver()) await attempt(seen.searches, () => api.search({q: words.join(' ')}))
  }
  try {
    await Promise.all([...Array.from({length: WRITERS}, write), ...Array.from({length: SEARCHERS}, search)])
    const {messages: stored} = await api.stats()
    return {
      seconds: Math.round((Date.now() - start) / 1_000),
      writes: seen.writes.length,
      searches: seen.searches.length,
      failures: seen.failures,
      missing: seen.writes.length - stored,
      writeMsP50: round(percentile(seen.writes, 50)),
      writeMsP99: round(percentile(seen.writes, 99)),
      searchMsP50: round(percentile(seen.searches, 50)),
      searchMsP99: round(percentile(seen.searches, 99)),
    }
  } finally {
    await server.stop()
    await rm(home, {recursive: true, force: true})
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
