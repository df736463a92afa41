import {createClient} from '@libsql/client/sqlite3'

export interface RawMessage {
  uuid: string
  content: string
  sessionId?: string
  workspaceId?: string
}

/** Rows as an older release or another client has left them: past everything that is done on the way in. */
export async function storeRaw(path: string, messages: readonly RawMessage[]): Promise<void> {
  const client = createClient({url: `file:${path}`})
  await client.batch(
    messages.map(({uuid, content, sessionId = 's', workspaceId = 'bmfote-default'}) => ({
      sql: `INSERT INTO messages (workspace_id, session_id, uuid, content, timestamp)
        VALUES (?, ?, ?, ?, '2026-01-01T00:00:00Z')`,
      args: [workspaceId, sessionId, uuid, content],
    })),
    'write',
  )
  client.close()
}
