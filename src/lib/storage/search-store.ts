import type {SearchHit} from '../model/search-result.ts'
import type {Database, Row} from './database.ts'
import {numberOrNull, SESSION_JOIN, textOrNull} from './message-row.ts'

export interface Filters {
  type?: string
  author?: string
  source?: string
  sessionId?: string
  project?: string
  sinceMs?: number
  untilMs?: number
}

export interface FoundRow {
  id: number
  sessionId: string
  octets: number
  timestampMs: number | null
  author: string | null
  /** Indexes of the terms that the index has found in it. */
  terms: ReadonlySet<number>
  /** It has the query word by word. */
  isVerbatim: boolean
}

export interface Lookup {
  /** FTS5 expression without the scope. */
  match: string
  weight: number
  /** Indexes of the terms that a message has which is found by it. */
  terms: readonly number[]
  /** Newest only, so many; undefined: all. */
  limit?: number
  /** It asks for the query word by word. */
  isVerbatim?: boolean
}

/** Counting stops here; beyond it a term's frequency is extrapolated from how densely its newest hits lie. */
const COUNTED_MAX = 400

const hex = (text: string) => Buffer.from(text).toString('hex')
/** As SQLite's lower(), which the index was made with, knows it: ASCII only. */
const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The expression that keeps a search inside the workspace and its filters, answered by the index itself. */
export function scopeExpression(workspaceId: string, filters: Filters): string {
  const tokens = [`w${hex(workspaceId)}x`]
  if (filters.sessionId !== undefined) tokens.push(`i${hex(filters.sessionId)}x`)
  if (filters.type !== undefined) tokens.push(`t${hex(filters.type)}x`)
  if (filters.author !== undefined) tokens.push(`a${hex(lower(filters.author))}x`)
  if (filters.source !== undefined) tokens.push(`s${hex(lower(filters.source))}x`)
  return tokens.map((token) => `"${token}"`).join(' AND ')
}

/** In how many messages of the scope each expression is found; the last number is the size of the scope. */
export async function estimateFrequencies(
  database: Database,
  scope: string,
  matches: readonly string[],
): Promise<number[]> {
  const queries = [...matches.map((match) => `${scope} AND (${match})`), scope]
  const [row] = await database.query(
    `SELECT
       (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rowid DESC LIMIT 1) AS highest,
       (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rowid LIMIT 1) AS lowest,
       (SELECT json_group_array(counted) FROM (
         SELECT (SELECT json_array(count(*), min(rowid)) FROM (
           SELECT rowid FROM messages_fts WHERE messages_fts MATCH query.value ORDER BY rowid DESC LIMIT ${COUNTED_MAX}
         )) AS counted FROM json_each(?2) AS query ORDER BY query.key
       )) AS counts`,
    [scope, JSON.stringify(queries)],
  )
  const span = Number(row?.highest ?? 0) - Number(row?.lowest ?? 0) + 1
  const counts = (JSON.parse(String(row?.counts ?? '[]')) as string[]).map(
    (text) => JSON.parse(text) as [number, number],
  )
  return counts.map(([count, lowest]) =>
    count < COUNTED_MAX ? count : Math.round((count * span) / (Number(row?.highest) - lowest + 1)),
  )
}

/** The best `limit` by the sum of the lookups' weights, newest first among equals. */
export async function findCandidates(
  database: Database,
  options: {workspaceId: string; scope: string; lookups: readonly Lookup[]; filters: Filters; limit: number},
): Promise<FoundRow[]> {
  const {scope, lookups, filters} = options
  const args: unknown[] = []
  const selects = lookups.map(({match, weight, limit}, index) => {
    args.push(`${scope} AND (${match})`)
    const select = `SELECT rowid AS id, ${weight.toFixed(4)} AS weight, ${2 ** index} AS bits FROM messages_fts WHERE messages_fts MATCH ?`
    return limit === undefined ? select : `SELECT * FROM (${select} ORDER BY rowid DESC LIMIT ${limit})`
  })
  const {joins, conditions} = filterSql(filters, args)
  args.push(options.workspaceId)
  // Filters that the index does not hold are applied before the cut; without them only the best rows are looked up.
  const isFiltered = joins !== '' || conditions.length > 0
  const sql = `WITH hit (id, weight, bits) AS MATERIALIZED (${selects.join(' UNION ALL ')}),
    best (id, weight, bits) AS MATERIALIZED (
      SELECT hit.id, sum(hit.weight), sum(hit.bits) FROM hit ${isFiltered ? `JOIN messages m ON m.id = hit.id ${joins}` : ''}
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      GROUP BY hit.id ORDER BY 2 DESC, 1 DESC LIMIT ${options.limit}
    )
    SELECT json_group_array(json_array(id, bits, session_id, author, timestamp_ms, octets)) AS found FROM (
      SELECT best.id, best.bits, m.session_id, m.author, m.timestamp_ms, octet_length(m.content) AS octets
      FROM best CROSS JOIN messages m ON m.id = best.id WHERE m.workspace_id = ?
      ORDER BY best.weight DESC, best.id DESC
    )`
  // One row of JSON: the client takes ten times as long to build a thousand row objects.
  const [row] = await database.query(sql, args)
  const found = JSON.parse(String(row?.found ?? '[]')) as [
    number,
    number,
    string,
    string | null,
    number | null,
    number | null,
  ][]
  return found.map(([id, bits, sessionId, author, timestampMs, octets]) => ({
    id,
    sessionId,
    octets: octets ?? 0,
    timestampMs,
    author,
    ...foundBy(bits, lookups),
  }))
}

/** Bit i: the row was found by lookup i. */
function foundBy(bits: number, lookups: readonly Lookup[]): {terms: Set<number>; isVerbatim: boolean} {
  const found = lookups.filter((_, index) => Math.floor(bits / 2 ** index) % 2 === 1)
  return {
    terms: new Set(found.flatMap(({terms}) => terms)),
    isVerbatim: found.some(({isVerbatim}) => isVerbatim === true),
  }
}

function filterSql(filters: Filters, args: unknown[]): {joins: string; conditions: string[]} {
  const conditions: string[] = []
  let joins = ''
  if (filters.project !== undefined) {
    joins = 'JOIN sessions s ON s.workspace_id = m.workspace_id AND s.session_id = m.session_id'
    conditions.push('s.project = ?')
    args.push(filters.project)
  }
  if (filters.sinceMs !== undefined) {
    conditions.push('m.timestamp_ms >= ?')
    args.push(filters.sinceMs)
  }
  if (filters.untilMs !== undefined) {
    conditions.push('m.timestamp_ms < ?')
    args.push(filters.untilMs)
  }
  return {joins, conditions}
}

export async function countSessionMessages(
  database: Database,
  workspaceId: string,
  sessionIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database.query(
    `SELECT session_id, stored_count FROM sessions WHERE workspace_id = ? AND session_id IN (SELECT value FROM json_each(?))`,
    [workspaceId, JSON.stringify(sessionIds)],
  )
  return new Map(rows.map((row) => [String(row.session_id), Number(row.stored_count)]))
}

export interface Neighbours {
  before: number[]
  after: number[]
}

/** Two to each side in the conversation, nearest first. */
export async function findNeighbours(
  database: Database,
  ids: readonly number[],
): Promise<Map<number, Neighbours>> {
  const side = (comparison: string, order: string) => `(
    SELECT json_group_array(id) FROM (
      SELECT n.id FROM messages n WHERE n.workspace_id = m.workspace_id AND n.session_id = m.session_id
        AND (n.timestamp_ms, n.id) ${comparison} (m.timestamp_ms, m.id)
      ORDER BY n.timestamp_ms ${order}, n.id ${order} LIMIT 2
    ))`
  const rows = await database.query(
    `SELECT m.id, ${side('<', 'DESC')} AS before, ${side('>', 'ASC')} AS after
     FROM json_each(?) AS wanted CROSS JOIN messages m ON m.id = wanted.value`,
    [JSON.stringify(ids)],
  )
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {before: JSON.parse(String(row.before)) as number[], after: JSON.parse(String(row.after)) as number[]},
    ]),
  )
}

export interface TextRow {
  id: number
  uuid: string
  sessionId: string
  timestampMs: number | null
  author: string | null
  content: string
}

export async function readTexts(
  database: Database,
  query: {workspaceId: string; ids: readonly number[]; charsMax: number},
): Promise<TextRow[]> {
  const rows = await database.query(
    `SELECT m.id, m.uuid, m.session_id, m.timestamp_ms, m.author, substr(m.content, 1, :charsMax) AS content
     FROM json_each(:ids) AS wanted CROSS JOIN messages m ON m.id = wanted.value WHERE m.workspace_id = :workspaceId`,
    {...query, ids: JSON.stringify(query.ids)},
  )
  return rows.map((row) => ({
    id: Number(row.id),
    uuid: String(row.uuid),
    sessionId: String(row.session_id),
    timestampMs: numberOrNull(row.timestamp_ms),
    author: textOrNull(row.author),
    content: textOrNull(row.content) ?? '',
  }))
}

/** What a hit says of its message, beside the text. */
export type HitRow = Omit<SearchHit, 'snippet' | 'rank' | 'why' | 'understoodDate'> & {id: number}

/** The rows of these ids; of a message that forks repeat, each id gives its own copy. */
export async function readHitRows(database: Database, ids: readonly number[]): Promise<Map<number, HitRow>> {
  const rows = await database.query(
    `SELECT m.id, m.uuid, m.session_id, m.type, m.role, m.timestamp, m.model, s.project, m.author, m.source, m.tool, m.status
     FROM json_each(?) AS wanted CROSS JOIN messages m ON m.id = wanted.value ${SESSION_JOIN}`,
    [JSON.stringify(ids)],
  )
  return new Map(rows.map((row) => [Number(row.id), toHitRow(row)]))
}

function toHitRow(row: Row): HitRow {
  return {
    id: Number(row.id),
    uuid: String(row.uuid),
    sessionId: String(row.session_id),
    type: String(row.type),
    role: textOrNull(row.role),
    timestamp: textOrNull(row.timestamp),
    model: textOrNull(row.model),
    project: textOrNull(row.project),
    author: textOrNull(row.author),
    source: textOrNull(row.source),
    tool: textOrNull(row.tool),
    status: textOrNull(row.status),
  }
}

/** Of each uuid the id of its first copy. */
export async function findFirstCopies(
  database: Database,
  query: {workspaceId: string; uuids: readonly string[]},
): Promise<Map<string, number>> {
  const rows = await database.query(
    `SELECT wanted.value AS uuid, (
       SELECT min(m.id) FROM messages m WHERE m.workspace_id = :workspaceId AND m.uuid = wanted.value
     ) AS id FROM json_each(:uuids) AS wanted`,
    {workspaceId: query.workspaceId, uuids: JSON.stringify(query.uuids)},
  )
  return new Map(rows.map((row) => [String(row.uuid), Number(row.id)]))
}

export async function hasMessagesWithin(
  database: Database,
  workspaceId: string,
  windows: readonly {fromMs: number; toMs: number}[],
): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM json_each(?) AS w WHERE EXISTS (
       SELECT 1 FROM messages WHERE workspace_id = ?
         AND timestamp_ms >= w.value ->> 'fromMs' AND timestamp_ms < w.value ->> 'toMs'
     ) LIMIT 1`,
    [JSON.stringify(windows), workspaceId],
  )
  return rows.length > 0
}
