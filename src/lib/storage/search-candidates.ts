import type {Database} from './database.ts'
import {SESSION_JOIN} from './message-row.ts'
import type {Scope} from './search-scope.ts'

export interface Lookup {
  /** FTS5 expression without the scope. */
  match: string
  weight: number
  /** Indexes of the terms that a message has which is found by it. */
  terms: readonly number[]
  /** So many only; undefined: all. */
  limit?: number
  /** Which those are, best first; they count the less the later they come. Default: the newest, all alike. */
  order?: 'bm25'
  /** Only messages with higher ids are looked at, which bounds the work. */
  afterId?: number
  /** It asks for the query word by word. */
  isVerbatim?: boolean
}

export interface FoundRow {
  id: number
  sessionId: string
  /** Messages of its session. */
  sessionSize: number
  octets: number
  /** Null also where it was not asked for. */
  timestampMs: number | null
  /** Indexes of the terms that the index has found in it. */
  terms: ReadonlySet<number>
  /** It has the query word by word. */
  isVerbatim: boolean
}

export interface CandidateQuery {
  scope: Scope
  /** Share of all messages that other workspaces have. */
  othersShare: number
  lookups: readonly Lookup[]
  limit: number
  /** Whether to read when each was said, for which the whole of a long row is read. */
  withTime: boolean
}

/** How many of the messages in the whole index may be of other workspaces for them to be sorted out afterwards. */
const OTHERS_SHARE_MAX = 0.1
/** Rows that are looked up at most for those of them that fit a filter. */
const FILTERED_ROWS_MAX = 10_000

/** The best `limit` by the sum of the lookups' weights, newest first among equals. */
export async function findCandidates(database: Database, query: CandidateQuery): Promise<FoundRow[]> {
  // To meet every entry with all those of the workspace takes the index several times as long as to find it.
  if (query.scope.isWorkspace && query.othersShare <= OTHERS_SHARE_MAX) {
    const {rows, dropped} = await findWithin(database, query, null)
    if (dropped <= OTHERS_SHARE_MAX * rows.length) return rows
  }
  return (await findWithin(database, query, query.scope.match)).rows
}

async function findWithin(
  database: Database,
  query: CandidateQuery,
  within: string | null,
): Promise<{rows: FoundRow[]; dropped: number}> {
  const ranked = await runLookups(database, query, within)
  const rows: FoundRow[] = []
  let read = 0
  // What doesn't fit the filter makes room for what comes after it.
  while (read < ranked.length && rows.length < query.limit && read < FILTERED_ROWS_MAX) {
    const page = ranked.slice(read, read + Math.max(query.limit, read))
    rows.push(...(await readRows(database, query, page)))
    read += page.length
  }
  return {rows: rows.slice(0, query.limit), dropped: read - rows.length}
}

interface Ranked {
  id: number
  weight: number
  /** Bit i: it was found by lookup i. */
  bits: number
}

/** Summed up here: SQLite takes several times as long to group. */
async function runLookups(
  database: Database,
  {scope, lookups}: CandidateQuery,
  within: string | null,
): Promise<Ranked[]> {
  const args: unknown[] = []
  const columns = lookups.map(
    (lookup, index) =>
      `(SELECT json_group_array(id) FROM (${lookupSql(lookup, {within, scope, args})})) AS found${index}`,
  )
  const [row] = await database.query(`SELECT ${columns.join(', ')}`, args)
  const ranked = new Map<number, Ranked>()
  for (const [index, {weight, order}] of lookups.entries()) {
    const ids = JSON.parse(String(row?.[`found${index}`] ?? '[]')) as number[]
    const bit = 2 ** index
    for (const [place, id] of ids.entries()) {
      const worth = order === 'bm25' ? weight * (1 - place / ids.length) : weight
      const known = ranked.get(id)
      if (known) {
        known.weight += worth
        known.bits += bit
      } else ranked.set(id, {id, weight: worth, bits: bit})
    }
  }
  return [...ranked.values()].sort((a, b) => b.weight - a.weight || b.id - a.id)
}

function lookupSql(
  {match, limit, order, afterId}: Lookup,
  {within, scope, args}: {within: string | null; scope: Scope; args: unknown[]},
): string {
  args.push(within === null ? match : `${within} AND (${match})`)
  const select = 'SELECT messages_fts.rowid AS id FROM messages_fts'
  const after = afterId === undefined ? '' : `AND messages_fts.rowid > ${afterId}`
  if (limit === undefined) return `${select} WHERE messages_fts MATCH ? ${after}`
  // What is limited must be of what fits, or what fits is cut off by what doesn't.
  const filter = filterSql(scope)
  if (filter) args.push(...filter.values)
  const sorted = order === 'bm25' ? 'messages_fts.rank' : 'messages_fts.rowid DESC'
  const joins = filter ? `CROSS JOIN messages m ON m.id = messages_fts.rowid ${SESSION_JOIN}` : ''
  return `${select} ${joins} WHERE messages_fts MATCH ? ${after} ${filter ? `AND ${filter.where}` : ''}
    ORDER BY ${sorted} LIMIT ${limit}`
}

function filterSql({conditions}: Scope) {
  if (conditions.length === 0) return null
  return {
    where: conditions.map(({sql}) => sql).join(' AND '),
    values: conditions.map(({value}) => value),
  }
}

/** Those of them that fit the filter, in their order. */
async function readRows(
  database: Database,
  {scope, lookups, withTime}: CandidateQuery,
  ranked: readonly Ranked[],
): Promise<FoundRow[]> {
  const filter = filterSql(scope)
  const [row] = await database.query(
    `SELECT json_group_array(json_array(m.id, m.session_id, s.stored_count, octet_length(m.content),
         ${withTime ? 'm.timestamp_ms' : 'NULL'})) AS found
     FROM json_each(?) AS wanted CROSS JOIN messages m ON m.id = wanted.value ${SESSION_JOIN}
     WHERE m.workspace_id = ? ${filter ? `AND ${filter.where}` : ''}`,
    [JSON.stringify(ranked.map(({id}) => id)), scope.workspaceId, ...(filter?.values ?? [])],
  )
  // One row of JSON: the client takes ten times as long to build a thousand row objects.
  const tuples = JSON.parse(String(row?.found ?? '[]')) as Tuple[]
  const found = new Map(tuples.map((tuple) => [tuple[0], tuple]))
  const explained = new Map<number, Pick<FoundRow, 'terms' | 'isVerbatim'>>()
  return ranked.flatMap(({id, bits}) => {
    const tuple = found.get(id)
    if (!tuple) return []
    const by = explained.get(bits) ?? foundBy(bits, lookups)
    explained.set(bits, by)
    const [, sessionId, sessionSize, octets, timestampMs] = tuple
    return [{id, sessionId, sessionSize: sessionSize ?? 1, octets: octets ?? 0, timestampMs, ...by}]
  })
}

type Tuple = [id: number, sessionId: string, size: number | null, octets: number | null, ms: number | null]

function foundBy(bits: number, lookups: readonly Lookup[]): {terms: Set<number>; isVerbatim: boolean} {
  const found = lookups.filter((_, index) => Math.floor(bits / 2 ** index) % 2 === 1)
  return {
    terms: new Set(found.flatMap(({terms}) => terms)),
    isVerbatim: found.some(({isVerbatim}) => isVerbatim === true),
  }
}
