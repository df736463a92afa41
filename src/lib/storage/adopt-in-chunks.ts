import {randomUUID} from 'node:crypto'
import type {BmfoteError} from '../model/errors.ts'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'
import {asker, columnsOf, LEGACY_MESSAGE_COLUMNS, legacyWorkspace, pick} from './adopt-legacy.ts'
import type {Database, InStatement, Transaction} from './database.ts'
import {isTombstoned} from './write-messages.ts'

/** Whoever has this table has rows of release 0.11.7 that wait to be taken over, and one server at a time does it. */
export const ADOPTION_TABLE = 'bmfote_adoption'

/** Rows of one transaction: a second at most, for a remote server takes the lock away after five. */
const MESSAGES_AT_ONCE = 500
const SESSIONS_AT_ONCE = 100

/** A server that was killed keeps the others off for so long; one that lives says so with each chunk. */
const LEASE_SECONDS = 20
const RETRY_MS = 5_000

/**
 * In the transaction that makes our tables. The newest row goes over at once, so that what is written from now on gets
 * a higher number than all that is still to come.
 */
export async function beginAdoption(transaction: Transaction): Promise<void> {
  await transaction.execute(`CREATE TABLE ${ADOPTION_TABLE} (
    id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT, leased_until REAL NOT NULL, sessions_to INTEGER NOT NULL)`)
  await transaction.execute(`INSERT INTO ${ADOPTION_TABLE} VALUES (1, NULL, 0, 0)`)
  const columns = await columnsOf(asker(transaction), 'legacy_messages')
  if (columns.size > 0) await transaction.execute(copyMessages(columns, 1, 'true'))
}

export interface AdoptionOptions {
  onDone?: () => void
  onTrouble?: (error: BmfoteError) => void
}

/**
 * Takes the rows of release 0.11.7 over where that can't be done in one transaction: newest first, some at a time, each
 * time with what is taken over leaving the old table. Killed at any moment, the next server goes on; meanwhile the
 * memory answers with what it has.
 */
export class LegacyAdoption {
  readonly #database: Database
  readonly #options: AdoptionOptions
  readonly #owner: string
  #isStopped = false
  #wake?: () => void
  #running?: Promise<void>

  constructor(database: Database, options: AdoptionOptions = {}) {
    this.#database = database
    this.#options = options
    this.#owner = randomUUID()
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** What was begun is finished; the rest waits for the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#wake?.()
    await this.#running
  }

  /** One chunk. `waiting`: another server is at it. */
  async step(): Promise<'more' | 'waiting' | 'done'> {
    const begun = await this.#database.query(`SELECT 1 FROM sqlite_master WHERE name = '${ADOPTION_TABLE}'`)
    if (begun.length === 0) return 'done'
    const messages = await this.#columns('legacy_messages')
    const sessions = await this.#columns('legacy_sessions')
    const isMine = `EXISTS (SELECT 1 FROM ${ADOPTION_TABLE} WHERE owner = '${this.#owner}')`
    const results = await this.#database.write(
      [
        this.#lease(),
        ...(sessions.size > 0 ? copySessions(sessions, messages, isMine) : []),
        ...(messages.size > 0 ? moveMessages(messages, isMine) : []),
        readState(sessions, messages),
      ],
      {repeatable: true},
    )
    const [state] = results.at(-1)?.rows ?? []
    if (state?.owner !== this.#owner) return 'waiting'
    if (Number(state.is_left) === 1) return 'more'
    // The messages refer to the sessions, and a remote server holds them to it: so they go first.
    const tables = ['legacy_messages', 'legacy_sessions', ADOPTION_TABLE]
    await this.#database.write(
      tables.map((table) => `DROP TABLE IF EXISTS ${table}`),
      {repeatable: true},
    )
    return 'done'
  }

  #lease(): string {
    return `UPDATE ${ADOPTION_TABLE} SET owner = '${this.#owner}', leased_until = unixepoch('subsec') + ${LEASE_SECONDS}
      WHERE owner = '${this.#owner}' OR leased_until < unixepoch('subsec')`
  }

  async #columns(table: string): Promise<Set<string>> {
    return columnsOf((sql) => this.#database.query(sql), table)
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const outcome = await this.step()
        if (outcome === 'done') return this.#options.onDone?.()
        if (outcome === 'waiting') await this.#pause()
      } catch (error) {
        // The network, a full database: it is tried again, for the rows wait where they are.
        this.#options.onTrouble?.(error as BmfoteError)
        await this.#pause()
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** The newest so many of what is still there. */
function window(count: number): string {
  return `m.id IN (SELECT id FROM legacy_messages ORDER BY id DESC LIMIT ${count})`
}

/**
 * What has come anew in the meantime is younger and stays; only what it leaves open is filled in. What was deleted in
 * the meantime stays away.
 */
function copyMessages(columns: Set<string>, count: number, condition: string): string {
  const workspace = legacyWorkspace(columns)
  const kept = LEGACY_MESSAGE_COLUMNS
  return `INSERT INTO messages (id, workspace_id, session_id, uuid, type, ${kept.join(', ')}, recorded_at)
    SELECT iif(EXISTS (SELECT 1 FROM messages taken WHERE taken.id = m.id), NULL, m.id), ${workspace}, m.session_id,
      m.uuid, coalesce(${pick(columns, 'm', 'type')}, 'user'),
      ${kept.map((column) => pick(columns, 'm', column)).join(', ')}, NULL
    FROM legacy_messages m WHERE ${condition} AND ${window(count)}
      AND NOT (${isTombstoned(workspace, 'm.session_id', 'm.uuid', timestampMs(columns))})
    ORDER BY m.id
    ON CONFLICT (workspace_id, session_id, uuid) DO UPDATE SET
      ${kept.map((column) => `${column} = coalesce(${column}, excluded.${column})`).join(', ')}`
}

/** Only what is there now, or was deleted there, leaves the old table. */
function dropCopied(columns: Set<string>, count: number, condition: string): string {
  const workspace = legacyWorkspace(columns)
  return `DELETE FROM legacy_messages AS m WHERE ${condition} AND ${window(count)} AND (EXISTS (
      SELECT 1 FROM messages x WHERE x.workspace_id = ${workspace} AND x.session_id = m.session_id AND x.uuid = m.uuid
    ) OR ${isTombstoned(workspace, 'm.session_id', 'm.uuid', timestampMs(columns))})`
}

function timestampMs(columns: Set<string>): string {
  const timestamp = pick(columns, 'm', 'timestamp')
  return `CASE WHEN ${timestamp} GLOB '[0-9]*'
    THEN CAST(round((julianday(${timestamp}) - 2440587.5) * 86400000) AS INTEGER) END`
}

function moveMessages(columns: Set<string>, condition: string): InStatement[] {
  return [
    copyMessages(columns, MESSAGES_AT_ONCE, condition),
    dropCopied(columns, MESSAGES_AT_ONCE, condition),
  ]
}

/** Each session goes to every workspace that has a message of it, or to the default one. */
function copySessions(columns: Set<string>, messageColumns: Set<string>, condition: string): InStatement[] {
  const home = messageColumns.size > 0 ? legacyWorkspace(messageColumns) : 'NULL'
  const messages = messageColumns.size > 0 ? 'LEFT JOIN legacy_messages m ON m.session_id = s.session_id' : ''
  const workspace = `coalesce(${home}, '${DEFAULT_WORKSPACE}')`
  return [
    `INSERT INTO sessions (workspace_id, session_id, project, first_message_at, last_message_at, message_count)
      SELECT ${workspace}, s.session_id, ${pick(columns, 's', 'project')}, ${pick(columns, 's', 'first_message_at')},
        ${pick(columns, 's', 'last_message_at')}, coalesce(${pick(columns, 's', 'message_count')}, 0)
      FROM legacy_sessions s ${messages}
      WHERE ${condition} AND s.rowid IN (${NEXT_SESSIONS}) AND s.session_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tombstones t WHERE t.uuid IS NULL AND t.session_id = s.session_id AND t.workspace_id = ${workspace})
      GROUP BY s.rowid, ${workspace}
      ON CONFLICT (workspace_id, session_id) DO UPDATE SET
        project = coalesce(project, excluded.project),
        first_message_at = coalesce(first_message_at, excluded.first_message_at),
        last_message_at = coalesce(last_message_at, excluded.last_message_at),
        message_count = max(message_count, excluded.message_count)`,
    `UPDATE ${ADOPTION_TABLE} SET sessions_to = coalesce((SELECT max(rowid) FROM (${NEXT_SESSIONS})), sessions_to)
      WHERE ${condition}`,
  ]
}

const SESSIONS_LEFT = `SELECT rowid FROM legacy_sessions WHERE rowid > (SELECT sessions_to FROM ${ADOPTION_TABLE})`
const NEXT_SESSIONS = `${SESSIONS_LEFT} ORDER BY rowid LIMIT ${SESSIONS_AT_ONCE}`

function readState(sessions: Set<string>, messages: Set<string>): string {
  const left = [
    ...(sessions.size > 0 ? [`EXISTS (${SESSIONS_LEFT})`] : []),
    ...(messages.size > 0 ? ['EXISTS (SELECT 1 FROM legacy_messages)'] : []),
  ]
  return `SELECT owner, ${left.join(' OR ') || '0'} AS is_left FROM ${ADOPTION_TABLE}`
}
