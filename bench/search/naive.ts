import {join} from 'node:path'
import {type Client, createClient, type Row} from '@libsql/client/sqlite3'

const ROWS_PER_INSERT = 20_000

/**
 * The search that anybody would write first: one FTS5 index with porter stems over the same messages, any word of the
 * query, the best by BM25. It is in a file of its own beside the memory, whose messages it reads.
 */
export class NaiveSearch {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  static async open(memoryPath: string, folder: string): Promise<NaiveSearch> {
    const client = createClient({url: `file:${join(folder, 'naive.db')}`, concurrency: 1})
    await client.execute({sql: 'ATTACH ? AS memory', args: [memoryPath]})
    const existing = await client.execute("SELECT name FROM main.sqlite_master WHERE name = 'naive_fts'")
    if (existing.rows.length === 0) await fill(client)
    return new NaiveSearch(client)
  }

  async search(query: string, limit: number): Promise<string[]> {
    const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu))
    if (words.size === 0) return []
    const {rows} = await this.#client.execute({
      sql: `SELECT m.uuid, m.content, f.rank FROM naive_fts f JOIN memory.messages m ON m.id = f.rowid
        WHERE naive_fts MATCH ? AND m.workspace_id = 'bmfote-default' ORDER BY f.rank LIMIT ${limit}`,
      args: [[...words].map((word) => `"${word}"`).join(' OR ')],
    })
    return rows.map((row) => String(row.uuid))
  }

  /** Some texts of the memory, evenly spread. */
  async sampleTexts(count: number): Promise<string[]> {
    const [last] = await this.#rows('SELECT max(id) AS id FROM memory.messages')
    const every = Math.max(1, Math.floor(Number(last?.id) / count))
    const rows = await this.#rows(
      `WITH RECURSIVE spot (id) AS (SELECT ${every} UNION ALL SELECT id + ${every} FROM spot LIMIT ${count})
       SELECT m.content FROM spot JOIN memory.messages m ON m.id = spot.id WHERE m.uuid NOT LIKE 'needle-%'`,
    )
    return rows.map((row) => String(row.content))
  }

  async countMessages(): Promise<number> {
    const [row] = await this.#rows('SELECT count(*) AS count FROM memory.messages')
    return Number(row?.count ?? 0)
  }

  /** Which of these uuids are there. */
  async filterStored(uuids: readonly string[]): Promise<Set<string>> {
    const {rows} = await this.#client.execute({
      sql: 'SELECT DISTINCT uuid FROM memory.messages WHERE uuid IN (SELECT value FROM json_each(?))',
      args: [JSON.stringify(uuids)],
    })
    return new Set(rows.map((row) => String(row.uuid)))
  }

  /** Bytes on disk of both indexes: ours, and this one. */
  async indexBytes(): Promise<{ours: number; naive: number}> {
    const size = async (schema: string, prefix: string) => {
      const [row] = await this.#rows(
        `SELECT sum(pgsize) AS bytes FROM dbstat('${schema}', 1) WHERE name GLOB '${prefix}_*'`,
      )
      return Number(row?.bytes ?? 0)
    }
    return {ours: await size('memory', 'messages_fts'), naive: await size('main', 'naive_fts')}
  }

  close(): void {
    this.#client.close()
  }

  async #rows(sql: string): Promise<Row[]> {
    return (await this.#client.execute(sql)).rows
  }
}

async function fill(client: Client): Promise<void> {
  await client.execute(
    `CREATE VIRTUAL TABLE naive_fts USING fts5 (content, content = '', tokenize = 'porter unicode61')`,
  )
  const {rows} = await client.execute('SELECT max(id) AS id FROM memory.messages')
  for (let start = 0; start < Number(rows[0]?.id); start += ROWS_PER_INSERT) {
    await client.execute({
      sql: 'INSERT INTO naive_fts (rowid, content) SELECT id, content FROM memory.messages WHERE id > ? AND id <= ?',
      args: [start, start + ROWS_PER_INSERT],
    })
  }
}
