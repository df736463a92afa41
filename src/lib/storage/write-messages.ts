import type {InStatement, InValue} from '@libsql/client'
import type {NormalMessage} from '../model/normalize-message.ts'
import type {Database} from './database.ts'

/** Who writes, why and through which request: every way into the tables carries it. */
export interface WriteContext {
  writtenBy: string
  reason: string
  requestId: string
}

/** Rows of one transaction: enough to make the cost per statement vanish, few enough to keep memory small. */
const ROWS_MAX = 5_000
/** And their text. A remote server takes the lock away after five seconds, and Chinese is slow to index. */
const CHARS_MAX = {file: 4_000_000, remote: 500_000, replica: 500_000}

interface Pending {
  rows: unknown[][]
  chars: number
  resolve: (deleted: boolean[]) => void
  reject: (error: unknown) => void
}

/**
 * The one way in for messages. Calls that arrive while another is being committed share the next transaction: the
 * cost of a commit is its flush to disk, whatever it holds.
 */
export class MessageWriter {
  readonly #database: Database
  readonly #charsMax: number
  readonly #now: () => Date
  #pending: Pending[] = []
  #scheduled = false
  #flushing?: Promise<void>

  constructor(database: Database, now: () => Date) {
    this.#database = database
    this.#charsMax = CHARS_MAX[database.mode]
    this.#now = now
  }

  /** Tells for each message, in order, whether it was deleted earlier and so stays away. Durable on resolution. */
  write(messages: readonly NormalMessage[], context: WriteContext): Promise<boolean[]> {
    if (messages.length === 0) return Promise.resolve([])
    const recordedAt = this.#now().toISOString()
    const parts = splitRows(
      messages.map((message) => toRow(message, context, recordedAt)),
      this.#charsMax,
    )
    return Promise.all(parts.map((part) => this.#enqueue(part))).then((deleted) => deleted.flat())
  }

  #enqueue(part: {rows: unknown[][]; chars: number}): Promise<boolean[]> {
    return new Promise((resolve, reject) => {
      this.#pending.push({...part, resolve, reject})
      this.#schedule()
    })
  }

  /** Resolves when everything that was asked to be written is, or has failed. */
  async drain(): Promise<void> {
    while (this.#pending.length > 0 || this.#flushing) await (this.#flushing ?? new Promise(setImmediate))
  }

  /** libSQL blocks the thread, so what came in meanwhile is only seen after a turn of the event loop. */
  #schedule(): void {
    if (this.#scheduled || this.#pending.length === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = undefined
        this.#scheduled = false
        this.#schedule()
      })
    })
  }

  async #flush(): Promise<void> {
    const group = takeGroup(this.#pending, this.#charsMax)
    try {
      const deleted = await insertRows(
        this.#database,
        group.flatMap((pending) => pending.rows),
      )
      let offset = 0
      for (const pending of group) {
        const start = offset
        offset += pending.rows.length
        pending.resolve(pending.rows.map((_, index) => deleted.has(start + index)))
      }
    } catch (error) {
      for (const pending of group) pending.reject(error)
    }
  }
}

function takeGroup(pending: Pending[], charsMax: number): Pending[] {
  let rows = 0
  let chars = 0
  const end = pending.findIndex((next, index) => {
    rows += next.rows.length
    chars += next.chars
    return index > 0 && (rows > ROWS_MAX || chars > charsMax)
  })
  return pending.splice(0, end === -1 ? pending.length : end)
}

/** What is too long for one transaction goes in several; each is all or nothing. */
function splitRows(rows: unknown[][], charsMax: number): {rows: unknown[][]; chars: number}[] {
  const parts: {rows: unknown[][]; chars: number}[] = []
  for (const row of rows) {
    const chars = row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0)
    const last = parts.at(-1)
    if (last && last.chars + chars <= charsMax && last.rows.length < ROWS_MAX) {
      last.rows.push(row)
      last.chars += chars
    } else parts.push({rows: [row], chars})
  }
  return parts
}

const COLUMNS = [
  'workspace_id',
  'session_id',
  'uuid',
  'parent_uuid',
  'type',
  'role',
  'content',
  'model',
  'input_tokens',
  'output_tokens',
  'timestamp',
  'author',
  'written_by',
  'source',
  'machine',
  'tool',
  'status',
  'branch',
  'recorded_at',
  'revision',
] as const
const TIMESTAMP_MS_INDEX = COLUMNS.length
const PROJECT_INDEX = COLUMNS.length + 1

function toRow(message: NormalMessage, context: WriteContext, recordedAt: string): unknown[] {
  const {isRestored} = message
  return [
    message.workspaceId,
    message.sessionId,
    message.uuid,
    message.parentUuid ?? null,
    message.type,
    message.role ?? null,
    message.content ?? null,
    message.model ?? null,
    message.inputTokens ?? null,
    message.outputTokens ?? null,
    message.timestamp ?? null,
    message.author ?? null,
    isRestored ? (message.writtenBy ?? null) : context.writtenBy,
    message.source ?? null,
    message.machine ?? null,
    message.tool ?? null,
    message.status ?? null,
    message.branch ?? null,
    isRestored ? (message.recordedAt ?? null) : recordedAt,
    isRestored ? (message.revision ?? 1) : 1,
    message.timestampMs,
    message.project ?? null,
  ]
}

/** Deleted earlier: this very message, in this session or in all, or its session up to a moment after it was said. */
export function isTombstoned(
  workspaceId: string,
  sessionId: string,
  uuid: string,
  timestampMs: string,
): string {
  return `EXISTS (
    SELECT 1 FROM tombstones t WHERE t.workspace_id = ${workspaceId} AND t.uuid = ${uuid}
      AND (t.session_id IS NULL OR t.session_id = ${sessionId})
  ) OR EXISTS (
    SELECT 1 FROM tombstones t WHERE t.uuid IS NULL AND t.workspace_id = ${workspaceId}
      AND t.session_id = ${sessionId} AND t.deleted_ms >= ${timestampMs}
  )`
}

const FIND_TOMBSTONED = `SELECT j.key AS position FROM json_each(?1) j
  WHERE ${isTombstoned('j.value->>0', 'j.value->>1', 'j.value->>2', 'j.value->>3')}`

/** Rows of one statement: the cost is per statement, and a statement has 32,766 parameters at most. */
const STATEMENT_ROWS_MAX = 250

/** A row's values: its columns, then what only the tombstones ask for. */
const ROW_VALUES = [...COLUMNS, 'timestamp_ms'] as const
const ROW_PLACEHOLDERS = `(${ROW_VALUES.map(() => '?').join(', ')})`

/**
 * A row that is here already is only touched when something about it is new, so that a repeated import leaves table
 * and index alone.
 */
function upsertSql(rowCount: number): string {
  return `INSERT INTO messages (${COLUMNS.join(', ')})
  SELECT ${COLUMNS.map((_, index) => `column${index + 1}`).join(', ')}
  FROM (VALUES ${Array.from({length: rowCount}, () => ROW_PLACEHOLDERS).join(', ')})
  WHERE NOT (${isTombstoned('column1', 'column2', 'column3', `column${ROW_VALUES.length}`)})
  ON CONFLICT (workspace_id, session_id, uuid) DO UPDATE SET
    content = coalesce(excluded.content, content),
    model = coalesce(excluded.model, model),
    input_tokens = coalesce(excluded.input_tokens, input_tokens),
    output_tokens = coalesce(excluded.output_tokens, output_tokens),
    author = coalesce(author, excluded.author),
    source = coalesce(source, excluded.source),
    machine = coalesce(machine, excluded.machine),
    tool = coalesce(tool, excluded.tool),
    status = coalesce(status, excluded.status),
    branch = coalesce(branch, excluded.branch),
    revision = revision + (excluded.content IS NOT NULL AND excluded.content IS NOT content)
  WHERE (excluded.content IS NOT NULL AND excluded.content IS NOT content)
    OR (excluded.model IS NOT NULL AND excluded.model IS NOT model)
    OR (excluded.input_tokens IS NOT NULL AND excluded.input_tokens IS NOT input_tokens)
    OR (excluded.output_tokens IS NOT NULL AND excluded.output_tokens IS NOT output_tokens)
    OR (author IS NULL AND excluded.author IS NOT NULL)
    OR (source IS NULL AND excluded.source IS NOT NULL)
    OR (machine IS NULL AND excluded.machine IS NOT NULL)
    OR (tool IS NULL AND excluded.tool IS NOT NULL)
    OR (status IS NULL AND excluded.status IS NOT NULL)
    OR (branch IS NULL AND excluded.branch IS NOT NULL)`
}

/** After the rows, so that a session whose every message stays deleted is not made again by its label. */
const LABEL_SESSIONS = `UPDATE sessions SET project = j.project
  FROM (SELECT value->>0 AS workspace_id, value->>1 AS session_id, value->>2 AS project FROM json_each(?1)) j
  WHERE sessions.workspace_id = j.workspace_id AND sessions.session_id = j.session_id AND sessions.project IS NULL`

/** The positions of the rows that stay deleted. */
async function insertRows(database: Database, rows: unknown[][]): Promise<Set<number>> {
  const keys = rows.map((row) => [row[0], row[1], row[2], row[TIMESTAMP_MS_INDEX]])
  const statements: InStatement[] = [{sql: FIND_TOMBSTONED, args: [JSON.stringify(keys)]}]
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS_MAX) {
    const part = rows.slice(start, start + STATEMENT_ROWS_MAX)
    statements.push({
      sql: upsertSql(part.length),
      args: part.flatMap((row) => row.slice(0, ROW_VALUES.length)) as InValue[],
    })
  }
  const labels = sessionLabels(rows)
  if (labels.length > 0) statements.push({sql: LABEL_SESSIONS, args: [JSON.stringify(labels)]})
  // An upsert: sent again, it finds its own row, and leaves it and its revision as they are.
  const [tombstoned] = await database.write(statements, {repeatable: true})
  return new Set(tombstoned?.rows.map((row) => Number(row.position)))
}

/** The first project that is named for each session. */
function sessionLabels(rows: unknown[][]): unknown[][] {
  const labels = new Map<string, unknown[]>()
  for (const row of rows) {
    const project = row[PROJECT_INDEX]
    const key = JSON.stringify([row[0], row[1]])
    if (project !== null && !labels.has(key)) labels.set(key, [row[0], row[1], project])
  }
  return [...labels.values()]
}
