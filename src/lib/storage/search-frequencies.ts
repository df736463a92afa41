import type {Database} from './database.ts'

export interface Frequencies {
  /** Highest and lowest id of all messages, of whatever workspace. */
  newest: number
  oldest: number
  /** Messages in the scope. */
  total: number
  /** Messages of the scope that have each of the expressions; beyond COUNTED_MAX an estimate. */
  counts: number[]
}

/** Counting stops here; beyond it a frequency is extrapolated from how densely the newest hits lie. */
const COUNTED_MAX = 400

/** @param scope FTS5 expression of what is counted; null: the whole index */
export async function readFrequencies(
  database: Database,
  scope: string | null,
  matches: readonly string[],
): Promise<Frequencies> {
  const queries = scope === null ? matches : [...matches.map((match) => `${scope} AND (${match})`), scope]
  const end = (order: 'DESC' | 'ASC') =>
    scope === null
      ? `(SELECT ${order === 'DESC' ? 'max' : 'min'}(id) FROM messages)`
      : `(SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?2 ORDER BY rowid ${order} LIMIT 1)`
  const [row] = await database.query(
    `SELECT (SELECT max(id) FROM messages) AS newest, (SELECT min(id) FROM messages) AS oldest,
       ${end('DESC')} AS highest, ${end('ASC')} AS lowest,
       (SELECT json_group_array(counted) FROM (
         SELECT (SELECT json_array(count(*), min(rowid)) FROM (
           SELECT rowid FROM messages_fts WHERE messages_fts MATCH query.value ORDER BY rowid DESC LIMIT ${COUNTED_MAX}
         )) AS counted FROM json_each(?1) AS query ORDER BY query.key
       )) AS counts`,
    scope === null ? [JSON.stringify(queries)] : [JSON.stringify(queries), scope],
  )
  const [highest, lowest] = [Number(row?.highest ?? 0), Number(row?.lowest ?? 0)]
  const counts = (JSON.parse(String(row?.counts ?? '[]')) as string[]).map((text) => {
    const [count, last] = JSON.parse(text) as [number, number]
    return count < COUNTED_MAX
      ? count
      : Math.round((count * (highest - lowest + 1)) / Math.max(1, highest - last + 1))
  })
  const total = scope === null ? highest - lowest + 1 : (counts.pop() ?? 0)
  return {newest: Number(row?.newest ?? 0), oldest: Number(row?.oldest ?? 0), total, counts}
}

/** How many messages the workspace has, and all others together. */
export async function readExtent(
  database: Database,
  workspaceId: string,
): Promise<{own: number; others: number}> {
  const [row] = await database.query(
    `SELECT coalesce(sum(stored_count) FILTER (WHERE workspace_id = ?1), 0) AS own,
       coalesce(sum(stored_count) FILTER (WHERE workspace_id <> ?1), 0) AS others FROM sessions`,
    [workspaceId],
  )
  return {own: Number(row?.own ?? 0), others: Number(row?.others ?? 0)}
}
