import type {SearchHit} from '../model/search-result.ts'
import type {Database, Row} from './database.ts'
import {numberOrNull, SESSION_JOIN, textOrNull} from './message-row.ts'

export interface Neighbours {
  before: number[]
  after: number[]
}

/** What a hit says of its message, beside the text. */
export type HitRow = Omit<SearchHit, 'snippet' | 'rank' | 'why' | 'understoodDate'>

/** A message that is read closely. */
export interface TextRow {
  id: number
  timestampMs: number | null
  content: string
  hit: HitRow
  /** Its first copy, where forks repeat it; else its own. */
  firstId: number
}

/**
 * The neighbours of some messages, two to each side in the conversation, nearest first, and the texts of some: in one
 * round trip.
 */
export async function readClosely(
  database: Database,
  query: {
    workspaceId: string
    neighboursOf: readonly number[]
    texts: readonly number[]
    charsMax: number
  },
): Promise<{neighbours: Map<number, Neighbours>; texts: Map<number, TextRow>}> {
  const {workspaceId, neighboursOf, texts, charsMax} = query
  const [near = [], read = []] = await database.queryAll([
    {sql: NEIGHBOURS, args: [JSON.stringify(neighboursOf)]},
    {sql: TEXTS, args: {workspaceId, ids: JSON.stringify(texts), charsMax}},
  ])
  return {
    neighbours: new Map(near.map((row) => [Number(row.id), toNeighbours(row)])),
    texts: new Map(read.map((row) => [Number(row.id), toText(row)])),
  }
}

export async function readTexts(
  database: Database,
  query: {workspaceId: string; ids: readonly number[]; charsMax: number},
): Promise<Map<number, TextRow>> {
  const rows = await database.query(TEXTS, {...query, ids: JSON.stringify(query.ids)})
  return new Map(rows.map((row) => [Number(row.id), toText(row)]))
}

const neighbours = (comparison: string, order: string) => `(
  SELECT json_group_array(id) FROM (
    SELECT n.id FROM messages n WHERE n.workspace_id = m.workspace_id AND n.session_id = m.session_id
      AND (n.timestamp_ms, n.id) ${comparison} (m.timestamp_ms, m.id)
    ORDER BY n.timestamp_ms ${order}, n.id ${order} LIMIT 2
  ))`

const NEIGHBOURS = `SELECT m.id, ${neighbours('<', 'DESC')} AS before, ${neighbours('>', 'ASC')} AS after
  FROM json_each(?) AS wanted CROSS JOIN messages m ON m.id = wanted.value`

const TEXTS = `SELECT m.id, m.uuid, m.session_id, m.type, m.role, m.timestamp, m.timestamp_ms, m.model, s.project,
    m.author, m.source, m.tool, m.status, substr(m.content, 1, :charsMax) AS content,
    (SELECT min(f.id) FROM messages f WHERE f.workspace_id = m.workspace_id AND f.uuid = m.uuid) AS first_id
  FROM json_each(:ids) AS wanted CROSS JOIN messages m ON m.id = wanted.value ${SESSION_JOIN}
  WHERE m.workspace_id = :workspaceId`

function toNeighbours(row: Row): Neighbours {
  return {
    before: JSON.parse(String(row.before)) as number[],
    after: JSON.parse(String(row.after)) as number[],
  }
}

function toText(row: Row): TextRow {
  return {
    id: Number(row.id),
    timestampMs: numberOrNull(row.timestamp_ms),
    content: textOrNull(row.content) ?? '',
    hit: toHitRow(row),
    firstId: Number(row.first_id),
  }
}

function toHitRow(row: Row): HitRow {
  return {
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
