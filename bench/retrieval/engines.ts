import {join} from 'node:path'
import {type Client, createClient} from '@libsql/client/sqlite3'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {SHARED_PRINCIPAL} from '../../src/lib/model/principal.ts'
import type {DataSet, Question} from './data-set.ts'

/** How many hits are asked for, as many as a search gives. */
const LIMIT = 100
const BATCH = 1_000
const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}

export interface Engine {
  name: string
  /** Uuids, best first. */
  search(question: Question): Promise<string[]>
  close(): Promise<void>
}

/** The memory itself, as the search route asks it. */
export async function openBmfote(folder: string, {workspaces}: DataSet): Promise<Engine> {
  const memory = await openLocalMemory({path: join(folder, 'memory.db')})
  for (const messages of workspaces.values()) {
    for (let start = 0; start < messages.length; start += BATCH) {
      const results = await memory.recordMessages(CALLER, messages.slice(start, start + BATCH))
      const refused = results.find(({status}) => status !== 'ok')
      if (refused) throw new Error(`${refused.uuid} was not stored: ${refused.error}`)
    }
  }
  return {
    name: 'bmfote',
    search: async ({query, workspace, now}) => {
      const hits = await memory.searchMessages(CALLER, {query, workspaceId: workspace, limit: LIMIT, now})
      return hits.map(({uuid}) => uuid)
    },
    close: () => memory.close(),
  }
}

/**
 * What the figures are compared with, over the same rows, an index for each workspace so that its words are weighed by
 * it alone: any word of the question, stemmed; and the whole question as one phrase, which is what release 0.11.7 asked.
 */
export async function openPlainEngines(folder: string, {workspaces}: DataSet): Promise<Engine[]> {
  const client = createClient({url: `file:${join(folder, 'plain.db')}`, concurrency: 1})
  const tables = new Map([...workspaces.keys()].map((workspace, number) => [workspace, `plain_${number}`]))
  for (const [workspace, table] of tables) {
    await client.execute(
      `CREATE VIRTUAL TABLE ${table} USING fts5 (uuid UNINDEXED, content, tokenize = 'porter unicode61')`,
    )
    const rows = (workspaces.get(workspace) ?? []).map(({uuid, content}) => ({
      sql: `INSERT INTO ${table} (uuid, content) VALUES (?, ?)`,
      args: [uuid, content ?? ''],
    }))
    await client.batch(rows, 'write')
  }
  const open = (name: string, toMatch: (query: string) => string, close: () => void): Engine => ({
    name,
    search: ({query, workspace}) => searchPlainly(client, tables.get(workspace) ?? '', toMatch(query)),
    close: async () => close(),
  })
  return [open('FTS5, any word', anyWord, () => client.close()), open('0.11.7, phrase', onePhrase, () => {})]
}

export function anyWord(query: string): string {
  const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu))
  return [...words].map((word) => `"${word}"`).join(' OR ')
}

function onePhrase(query: string): string {
  return `"${query.replaceAll('"', '""')}"`
}

async function searchPlainly(client: Client, table: string, match: string): Promise<string[]> {
  if (match === '') return []
  const sql = `SELECT uuid FROM ${table} WHERE ${table} MATCH ? ORDER BY rank LIMIT ${LIMIT}`
  const {rows} = await client.execute({sql, args: [match]})
  return rows.map((row) => String(row.uuid))
}
