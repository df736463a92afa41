import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {generateMessages} from '../../bench/messages/conversations.ts'
import {type LocalMemory, openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import type {SearchQuery} from '../../src/lib/memory/memory.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {OWNER} from './callers.ts'
import {tempFolder} from './temp-folder.ts'

/** Later than everything that is said in these tests, unless a test says otherwise. */
export const NOW = '2026-11-20T12:00:00Z'

export interface SearchMemory {
  memory: LocalMemory
  path: string
  /** Uuids, best first. */
  find(query: string, options?: Omit<SearchQuery, 'query'>): Promise<string[]>
}

/** A real file that holds these messages, under a clock that stands still. */
export async function memoryWith(
  messages: readonly NewMessage[],
  options: {now?: string; path?: string} = {},
): Promise<SearchMemory> {
  const path = options.path ?? join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path, now: () => new Date(options.now ?? NOW)})
  onTestFinished(() => memory.close())
  await record(memory, messages)
  const find = async (query: string, rest: Omit<SearchQuery, 'query'> = {}) => {
    const hits = await memory.searchMessages(OWNER, {query, ...rest})
    return hits.map(({uuid}) => uuid)
  }
  return {memory, path, find}
}

export async function record(memory: LocalMemory, messages: readonly NewMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 1_000) {
    const results = await memory.recordMessages(OWNER, messages.slice(start, start + 1_000))
    const refused = results.find(({status}) => status !== 'ok')
    if (refused) throw new Error(`${refused.uuid}: ${refused.error}`)
  }
}

let said = 0

/** One message of a session of its own, an hour after the one before. */
export function say(uuid: string, content: string, fields: Partial<NewMessage> = {}): NewMessage {
  const timestamp = new Date(Date.parse('2026-03-01T08:00:00Z') + said++ * 3_600_000).toISOString()
  return {sessionId: `session of ${uuid}`, uuid, content, timestamp, ...fields}
}

/** Talk about code, prose, logs and errors, so that what is looked for doesn't stand alone. */
export function haystack(count = 300): NewMessage[] {
  return [...generateMessages({count, seed: 5})]
}
