import type {IntegrityReport} from './check-integrity.ts'
import type {Database, InStatement} from './database.ts'
import {toBmfoteError} from './database-error.ts'

/** Rows of one transaction: a server that works on the same database gets its turn in between. */
const CHUNK_ROWS = 500

/** `messages_fts_docsize` has a row for each message that the index holds. */
const NOT_INDEXED = 'id NOT IN (SELECT id FROM messages_fts_docsize)'

/**
 * Mends what follows from the messages: the index and the sessions. Messages themselves are never touched. May be
 * killed at any moment, and run again.
 */
export async function repairIntegrity(database: Database, found: IntegrityReport): Promise<void> {
  if (found.index !== 'ok') await emptyIndex(database)
  await database.write([
    'DELETE FROM messages_fts WHERE rowid IN (SELECT id FROM messages_fts_docsize WHERE id NOT IN (SELECT id FROM messages))',
  ])
  await indexMissing(database)
  await database.write(MEND_SESSIONS)
}

/** An index too damaged to be emptied is thrown away, and made again as it was made. */
async function emptyIndex(database: Database): Promise<void> {
  try {
    await database.write([`INSERT INTO messages_fts (messages_fts) VALUES ('delete-all')`])
  } catch (error) {
    if (toBmfoteError(error, database.place).code !== 'database_corrupt') throw error
    const [table] = await database.query("SELECT sql FROM sqlite_master WHERE name = 'messages_fts'")
    await database.write(['DROP TABLE messages_fts', String(table?.sql)])
  }
}

async function indexMissing(database: Database): Promise<void> {
  const columns = await indexColumns(database)
  let after = 0
  for (;;) {
    const rows = await database.query(
      `SELECT id FROM messages WHERE id > ? AND ${NOT_INDEXED} ORDER BY id LIMIT ${CHUNK_ROWS}`,
      [after],
    )
    if (rows.length === 0) return
    const ids = rows.map(({id}) => Number(id))
    await database.write([indexStatement(columns, ids)])
    after = ids.at(-1) ?? after
  }
}

/** Whatever was deleted, or indexed by its trigger, since it was found missing is left alone. */
function indexStatement(columns: string, ids: readonly number[]): InStatement {
  return {
    sql: `INSERT INTO messages_fts (rowid, ${columns}) SELECT id, ${columns} FROM search_rows
      WHERE id IN (SELECT value FROM json_each(?)) AND ${NOT_INDEXED}`,
    args: [JSON.stringify(ids)],
  }
}

/** The view `search_rows` gives each of them under its own name. */
async function indexColumns(database: Database): Promise<string> {
  const columns = await database.query("SELECT name FROM pragma_table_info('messages_fts')")
  return columns.map(({name}) => String(name)).join(', ')
}

const OF_SESSION = 'm.workspace_id = sessions.workspace_id AND m.session_id = sessions.session_id'

const MEND_SESSIONS: string[] = [
  `INSERT INTO sessions (workspace_id, session_id)
    SELECT DISTINCT workspace_id, session_id FROM messages m WHERE NOT EXISTS (
      SELECT 1 FROM sessions s WHERE s.workspace_id = m.workspace_id AND s.session_id = m.session_id)`,
  `UPDATE sessions SET
    stored_count = (SELECT count(*) FROM messages m WHERE ${OF_SESSION}),
    first_message_at = coalesce(first_message_at, (SELECT timestamp FROM messages m WHERE ${OF_SESSION}
      AND timestamp_ms IS NOT NULL ORDER BY timestamp_ms LIMIT 1)),
    last_message_at = coalesce(last_message_at, (SELECT timestamp FROM messages m WHERE ${OF_SESSION}
      AND timestamp_ms IS NOT NULL ORDER BY timestamp_ms DESC LIMIT 1))
  WHERE stored_count <> (SELECT count(*) FROM messages m WHERE ${OF_SESSION})`,
]
