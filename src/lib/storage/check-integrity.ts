import type {Database} from './database.ts'
import {toBmfoteError} from './database-error.ts'

export interface IntegrityReport {
  /** `ok`, or what SQLite says of the file. */
  file: string
  /** `ok`, or what FTS5 says of its own structure. */
  index: string
  /** Messages that the index does not know: they would never be found. */
  missingFromIndex: number
  /** Entries of the index whose message is gone. */
  orphansInIndex: number
  /** Sessions whose count of stored messages is not what is stored. */
  wrongSessionCounts: number
}

/** Reads the whole file: seconds for a million messages. */
export async function checkIntegrity(database: Database): Promise<IntegrityReport> {
  const [file] = await database.query('PRAGMA integrity_check')
  const count = async (sql: string) => Number((await database.query(sql))[0]?.count ?? 0)
  return {
    file: String(Object.values(file ?? {})[0]),
    index: await checkIndexStructure(database),
    missingFromIndex: await count(
      'SELECT count(*) AS count FROM messages WHERE id NOT IN (SELECT id FROM messages_fts_docsize)',
    ),
    orphansInIndex: await count(
      'SELECT count(*) AS count FROM messages_fts_docsize WHERE id NOT IN (SELECT id FROM messages)',
    ),
    wrongSessionCounts: await count(
      `SELECT count(*) AS count FROM sessions s WHERE stored_count <> (
        SELECT count(*) FROM messages m WHERE m.workspace_id = s.workspace_id AND m.session_id = s.session_id)`,
    ),
  }
}

async function checkIndexStructure(database: Database): Promise<string> {
  try {
    await database.write([`INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')`])
    return 'ok'
  } catch (error) {
    const {message, code} = toBmfoteError(error, database.place)
    if (code === 'database_corrupt') return message
    throw error
  }
}
