import type {Database} from './database.ts'
import {toBmfoteError} from './database-error.ts'

export interface IntegrityReport {
  /** `ok`, or what SQLite says of the file; a remote database's file is its server's to check. */
  file: string
  /** `ok`, or what FTS5 says of its own structure. */
  index: string
  /** Messages that the index does not know: they would never be found. */
  missingFromIndex: number
  /** Entries of the index whose message is gone. */
  orphansInIndex: number
  /** Sessions whose count of stored messages is not what is stored. */
  wrongSessionCounts: number
  /** Messages of a session that is not there: no list of sessions leads to them. */
  messagesWithoutSession: number
  counts: {messages: number; sessions: number; workspaces: number; deleted: number}
}

/** Reads the whole file: seconds for a million messages. The schema must be this version's. */
export async function checkIntegrity(database: Database): Promise<IntegrityReport> {
  const file = await checkFile(database)
  const index = await checkIndexStructure(database)
  const count = async (sql: string) => Number((await database.query(sql))[0]?.count ?? 0)
  return {
    file,
    index,
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
    messagesWithoutSession: await count(
      `SELECT count(*) AS count FROM messages m WHERE NOT EXISTS (
        SELECT 1 FROM sessions s WHERE s.workspace_id = m.workspace_id AND s.session_id = m.session_id)`,
    ),
    counts: {
      messages: await count('SELECT count(*) AS count FROM messages'),
      sessions: await count('SELECT count(*) AS count FROM sessions'),
      workspaces: await count('SELECT count(DISTINCT workspace_id) AS count FROM messages'),
      deleted: await count('SELECT count(*) AS count FROM tombstones'),
    },
  }
}

export function isWhole(report: IntegrityReport): boolean {
  const {counts: _counts, file, index, ...wrong} = report
  return file === 'ok' && index === 'ok' && Object.values(wrong).every((count) => count === 0)
}

/** `ok`, or what SQLite says of the file's own structure. Holds for any SQLite file, whoever made it. */
export async function checkFile(database: Database): Promise<string> {
  // A libSQL server takes no such question: what it keeps the pages in is its own affair.
  if (database.mode !== 'file') return 'ok'
  try {
    const rows = await database.query(`PRAGMA integrity_check(${FINDINGS_MAX})`)
    const findings = rows.map((row) => String(Object.values(row)[0]))
    // SQLite asks FTS5 too, whose index can be made anew, unlike the file.
    return findings.find((finding) => !/\bFTS5 table\b/.test(finding)) ?? 'ok'
  } catch (error) {
    // Some damage keeps SQLite from even asking itself.
    const {message, code} = toBmfoteError(error, database.place)
    if (code === 'database_corrupt') return message
    throw error
  }
}

/** The first that is told; a file with more is as damaged as one with one. */
const FINDINGS_MAX = 10

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
