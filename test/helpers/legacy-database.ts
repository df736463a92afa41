import {createClient} from '@libsql/client/node'

export interface LegacyOptions {
  /** Databases older than April 2026 lack the column. */
  workspaces?: boolean
  /** What was not there yet when the making was cut off. */
  without?: ('fts' | 'triggers' | 'sessions' | 'messages')[]
}

const MESSAGES = (workspaces: boolean) => `CREATE TABLE messages (
  id INTEGER PRIMARY KEY, uuid TEXT UNIQUE NOT NULL, session_id TEXT NOT NULL REFERENCES sessions(session_id),
  parent_uuid TEXT, type TEXT NOT NULL, role TEXT, content TEXT, model TEXT, input_tokens INTEGER,
  output_tokens INTEGER, timestamp TIMESTAMP${workspaces ? ", workspace_id TEXT NOT NULL DEFAULT 'bmfote-default'" : ''})`

const SESSIONS = `CREATE TABLE sessions (id INTEGER PRIMARY KEY, session_id TEXT UNIQUE NOT NULL, project TEXT,
  first_message_at TIMESTAMP, last_message_at TIMESTAMP, message_count INTEGER DEFAULT 0)`

const FTS = `CREATE VIRTUAL TABLE messages_fts USING fts5(content, content=messages, content_rowid=id)`

const TRIGGERS = [
  `CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN
     INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content); END`,
  `CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN
     INSERT INTO messages_fts(messages_fts, rowid, content) VALUES ('delete', old.id, old.content); END`,
  `CREATE TRIGGER messages_au AFTER UPDATE ON messages BEGIN
     INSERT INTO messages_fts(messages_fts, rowid, content) VALUES ('delete', old.id, old.content);
     INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content); END`,
]

/**
 * A database as release 0.11.7 made and filled it: three sessions, one of them without messages, `count` messages in
 * two workspaces, one message without date and content, one whose session was never stored. `path` is a file, or the
 * address of a server.
 */
export async function createLegacyDatabase(
  path: string,
  count: number,
  options: LegacyOptions = {},
): Promise<void> {
  const {workspaces = true, without = []} = options
  const client = createClient({url: path.startsWith('http') ? path : `file:${path}`})
  await client.execute('PRAGMA foreign_keys = OFF')
  if (!without.includes('sessions')) {
    await client.execute(SESSIONS)
    await client.execute(`INSERT INTO sessions (session_id, project, first_message_at, last_message_at, message_count)
      VALUES ('s0', 'acme', '2026-03-01T00:00:00', '2026-03-02T00:00:00', ${count}), ('s1', NULL, NULL, NULL, 0),
        ('empty', 'idle', NULL, NULL, 3)`)
  }
  if (!without.includes('messages')) {
    await client.execute(MESSAGES(workspaces))
    await client.execute('CREATE INDEX idx_messages_session ON messages(session_id)')
  }
  if (!without.includes('fts')) await client.execute(FTS)
  if (!without.includes('triggers') && !without.includes('fts'))
    for (const sql of TRIGGERS) await client.execute(sql)
  if (!without.includes('messages')) await fillMessages(client, count, workspaces)
  client.close()
}

async function fillMessages(client: ReturnType<typeof createClient>, count: number, workspaces: boolean) {
  await client.execute('PRAGMA foreign_keys = OFF')
  const workspace = workspaces ? `, iif(value % 5 = 0, 'team', 'bmfote-default')` : ''
  await client.execute({
    sql: `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?)
      INSERT INTO messages (uuid, session_id, parent_uuid, type, role, content, model, input_tokens, output_tokens,
        timestamp${workspaces ? ', workspace_id' : ''})
      SELECT 'legacy-' || value, 's' || (value % 2), 'legacy-' || (value - 1), iif(value % 2, 'user', 'assistant'),
        NULL, 'legacy row number ' || value || ' about marmalade', 'claude-old', value, value * 2,
        strftime('%Y-%m-%dT%H:%M:%S', '2026-03-01', '+' || value || ' minutes')${workspace} FROM n`,
    args: [count],
  })
  // A file kept what a server refuses: a message of a session that was never stored.
  if (client.protocol === 'http')
    await client.execute(`INSERT INTO sessions (session_id) VALUES ('orphaned')`)
  await client.execute(`INSERT INTO messages (uuid, session_id, type) VALUES ('bare', 'orphaned', 'user')`)
}
