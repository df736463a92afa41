import type {Row, Transaction} from '@libsql/client'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'

type Ask = (sql: string) => Promise<Row[]>

/** What release 0.11.7 made. A database that was cut off while being made may lack any of them. */
const LEGACY_FTS_SHADOWS = [
  'messages_fts_data',
  'messages_fts_idx',
  'messages_fts_docsize',
  'messages_fts_config',
]

/** 0.11.7's tables without our record of migrations: `messages` or `sessions` with the columns it gave them. */
export async function isLegacySchema(ask: Ask): Promise<boolean> {
  const messages = await columnsOf(ask, 'messages')
  if (messages.size > 0)
    return messages.has('uuid') && messages.has('session_id') && !messages.has('recorded_at')
  const sessions = await columnsOf(ask, 'sessions')
  return sessions.has('session_id') && sessions.has('message_count') && !sessions.has('workspace_id')
}

/** Renames the old tables and drops the old index and triggers: content is in `messages`, the index is made anew. */
export async function setLegacyTablesAside(transaction: Transaction): Promise<void> {
  const triggers = await transaction.execute(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('messages', 'sessions')",
  )
  for (const {name} of triggers.rows) await transaction.execute(`DROP TRIGGER ${quoteName(String(name))}`)
  await dropLegacyIndex(transaction)
  for (const table of ['messages', 'sessions']) {
    const exists = await columnsOf(asker(transaction), table)
    if (exists.size > 0) await transaction.execute(`ALTER TABLE ${table} RENAME TO legacy_${table}`)
  }
}

/** An index that is damaged can't be dropped as a table: then its entry is taken out of the schema by hand. */
async function dropLegacyIndex(transaction: Transaction): Promise<void> {
  try {
    await transaction.execute('DROP TABLE IF EXISTS messages_fts')
  } catch {
    await transaction.execute('PRAGMA writable_schema = ON')
    await transaction.execute("DELETE FROM sqlite_master WHERE name = 'messages_fts'")
    await transaction.execute('PRAGMA writable_schema = RESET')
  }
  for (const table of LEGACY_FTS_SHADOWS) await transaction.execute(`DROP TABLE IF EXISTS ${table}`)
}

/**
 * Sessions first, so that projects are there when the messages' triggers look for them. 0.11.7's sessions had no
 * workspace: each one goes to every workspace that holds a message of it, or to the default one.
 */
export async function copyLegacyRows(transaction: Transaction): Promise<void> {
  const ask = asker(transaction)
  const messages = await columnsOf(ask, 'legacy_messages')
  const sessions = await columnsOf(ask, 'legacy_sessions')
  const workspace = legacyWorkspace(messages)
  if (sessions.size > 0) {
    const homes =
      messages.size > 0
        ? `LEFT JOIN (SELECT DISTINCT m.session_id AS sid, ${workspace} AS ws FROM legacy_messages m) h ON h.sid = s.session_id`
        : `LEFT JOIN (SELECT NULL AS sid, NULL AS ws) h ON 0`
    await transaction.execute(`
      INSERT INTO sessions (workspace_id, session_id, project, first_message_at, last_message_at, message_count)
      SELECT coalesce(h.ws, '${DEFAULT_WORKSPACE}'), s.session_id, ${pick(sessions, 's', 'project')},
        ${pick(sessions, 's', 'first_message_at')}, ${pick(sessions, 's', 'last_message_at')},
        coalesce(${pick(sessions, 's', 'message_count')}, 0)
      FROM legacy_sessions s ${homes} WHERE s.session_id IS NOT NULL ORDER BY s.rowid`)
  }
  if (messages.size > 0) await copyLegacyMessages(transaction, messages, workspace)
  // Messages first: they refer to sessions, and foreign keys are on.
  await transaction.execute('DROP TABLE IF EXISTS legacy_messages')
  await transaction.execute('DROP TABLE IF EXISTS legacy_sessions')
}

/** What a message had beside its ids and its type. */
export const LEGACY_MESSAGE_COLUMNS = [
  'parent_uuid',
  'role',
  'content',
  'model',
  'input_tokens',
  'output_tokens',
  'timestamp',
]

/** The workspace of a row `m`; databases older than April 2026 know none. */
export function legacyWorkspace(columns: Set<string>): string {
  return columns.has('workspace_id')
    ? `coalesce(m.workspace_id, '${DEFAULT_WORKSPACE}')`
    : `'${DEFAULT_WORKSPACE}'`
}

async function copyLegacyMessages(
  transaction: Transaction,
  messages: Set<string>,
  workspace: string,
): Promise<void> {
  const kept = LEGACY_MESSAGE_COLUMNS
  await transaction.execute(`
    INSERT INTO messages (id, workspace_id, session_id, uuid, type, ${kept.join(', ')}, recorded_at)
    SELECT m.id, ${workspace}, m.session_id, m.uuid, coalesce(${pick(messages, 'm', 'type')}, 'user'),
      ${kept.map((column) => pick(messages, 'm', column)).join(', ')}, NULL
    FROM legacy_messages m ORDER BY m.id`)
}

export function pick(columns: Set<string>, alias: string, column: string): string {
  return columns.has(column) ? `${alias}.${column}` : 'NULL'
}

export function asker(transaction: Transaction): Ask {
  return async (sql) => (await transaction.execute(sql)).rows
}

export async function columnsOf(ask: Ask, table: string): Promise<Set<string>> {
  const rows = await ask(`SELECT name FROM pragma_table_info('${table}')`)
  return new Set(rows.map((row) => String(row.name)))
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
