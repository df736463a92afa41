import type {Database} from './database.ts'

export interface Filters {
  type?: string
  author?: string
  source?: string
  sessionId?: string
  project?: string
  sinceMs?: number
  untilMs?: number
}

/** What a search may see. */
export interface Scope {
  workspaceId: string
  filters: Filters
  /** The FTS5 expression that keeps a search inside the workspace and its filters, answered by the index itself. */
  match: string
  /** The workspace and nothing narrower. */
  isWorkspace: boolean
  /** What the index does not answer, as SQL over `m` (messages) and `s` (sessions). */
  conditions: readonly {sql: string; value: unknown}[]
  /** There is a condition of which the expression above says nothing: a large project, a long time. */
  isBroad: boolean
}

/** Days of a period, or sessions of a project, that are given to the index as alternatives; more take it too long. */
const ALTERNATIVES_MAX = 64
const DAY_MS = 86_400_000

const hex = (text: string) => Buffer.from(text).toString('hex')
/** As SQLite's lower(), which the index was made with, knows it: ASCII only. */
const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Null when nothing can be in it: a project that has no session. */
export async function openScope(
  database: Database,
  workspaceId: string,
  filters: Filters,
): Promise<Scope | null> {
  const tokens = [`w${hex(workspaceId)}x`]
  if (filters.sessionId !== undefined) tokens.push(`i${hex(filters.sessionId)}x`)
  if (filters.type !== undefined) tokens.push(`t${hex(filters.type)}x`)
  if (filters.author !== undefined) tokens.push(`a${hex(lower(filters.author))}x`)
  if (filters.source !== undefined) tokens.push(`s${hex(lower(filters.source))}x`)
  const groups = tokens.map((token) => [token])
  const {project, sinceMs, untilMs} = filters
  let isBroad = false
  if (project !== undefined || sinceMs !== undefined || untilMs !== undefined) {
    const {sessions, days} = await readAlternatives(database, workspaceId, filters)
    if (sessions?.length === 0 || days === 0) return null
    if (sessions) groups.push(sessions.map((id) => `i${hex(id)}x`))
    if (Array.isArray(days)) groups.push(days)
    const isTimed = sinceMs !== undefined || untilMs !== undefined
    isBroad = (project !== undefined && sessions === null) || (isTimed && days === null)
  }
  return {
    workspaceId,
    filters,
    match: groups.map((group) => `(${group.map((token) => `"${token}"`).join(' OR ')})`).join(' AND '),
    isWorkspace: groups.length === 1 && !isBroad,
    conditions: conditionsOf(filters),
    isBroad,
  }
}

/** Null where there are too many for the index. */
async function readAlternatives(
  database: Database,
  workspaceId: string,
  {project, sinceMs, untilMs}: Filters,
): Promise<{sessions: string[] | null; days: string[] | 0 | null}> {
  const [row] = await database.query(
    `SELECT (SELECT json_group_array(session_id) FROM (
         SELECT session_id FROM sessions WHERE workspace_id = :workspaceId AND project = :project LIMIT ${ALTERNATIVES_MAX + 1}
       )) AS sessions,
       (SELECT min(timestamp_ms) FROM messages WHERE workspace_id = :workspaceId) AS first,
       (SELECT max(timestamp_ms) FROM messages WHERE workspace_id = :workspaceId) AS last`,
    {workspaceId, project: project ?? null},
  )
  const sessions = JSON.parse(String(row?.sessions ?? '[]')) as string[]
  const isTimed = sinceMs !== undefined || untilMs !== undefined
  const first = Math.max(sinceMs ?? Number.NEGATIVE_INFINITY, Number(row?.first ?? 0))
  const last = Math.min((untilMs ?? Number.POSITIVE_INFINITY) - 1, Number(row?.last ?? -1))
  return {
    sessions: project !== undefined && sessions.length <= ALTERNATIVES_MAX ? sessions : null,
    days: isTimed ? dayTokens(first, last) : null,
  }
}

function dayTokens(firstMs: number, lastMs: number): string[] | 0 | null {
  if (lastMs < firstMs) return 0
  const [first, last] = [Math.floor(firstMs / DAY_MS), Math.floor(lastMs / DAY_MS)]
  if (last - first >= ALTERNATIVES_MAX) return null
  return Array.from({length: last - first + 1}, (_, index) => {
    const day = new Date((first + index) * DAY_MS).toISOString().slice(0, 10)
    return `d${day.replaceAll('-', '')}x`
  })
}

function conditionsOf({project, sinceMs, untilMs}: Filters): {sql: string; value: unknown}[] {
  const conditions: {sql: string; value: unknown}[] = []
  if (project !== undefined) conditions.push({sql: 's.project = ?', value: project})
  if (sinceMs !== undefined) conditions.push({sql: 'm.timestamp_ms >= ?', value: sinceMs})
  if (untilMs !== undefined) conditions.push({sql: 'm.timestamp_ms < ?', value: untilMs})
  return conditions
}
