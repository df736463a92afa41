import {type Client, createClient} from '@libsql/client/sqlite3'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {DEFAULT_WORKSPACE} from '../../src/lib/model/limits.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {generateMessages} from '../messages/conversations.ts'
import type {Needle} from './needles.ts'

const BATCH = 2_000
/** A needle stands at the end of a message that is otherwise like the others, but not too long a one. */
const HAY_CHARS_MAX = 800
/** Bytes of index that are gathered in memory before they are written: the more, the less there is to merge. */
const HASH_BYTES = 64_000_000
const HASH_BYTES_DEFAULT = 1_048_576

/**
 * Writes so many messages, with the needles spread evenly among them: by inserting rows, which the triggers index as they
 * index all others, and without waiting for the disk.
 */
export async function fillMemory(path: string, options: {messages: number; needles: readonly Needle[]}) {
  await (await openLocalMemory({path})).close()
  const client = createClient({url: `file:${path}`, concurrency: 1})
  for (const pragma of ['synchronous = OFF', 'journal_mode = WAL', 'cache_size = -400000'])
    await client.execute(`PRAGMA ${pragma}`)
  await configureIndex(client, HASH_BYTES)
  const started = performance.now()
  const projects = new Map<string, string>()
  let batch: NewMessage[] = []
  let made = 0
  for (const message of withNeedles(options)) {
    made++
    if (message.project) projects.set(message.sessionId, message.project)
    batch.push(message)
    if (batch.length < BATCH && made < options.messages) continue
    await insertMessages(client, batch)
    batch = []
    if (made % 100_000 === 0) console.error(`${made} messages in ${seconds(started)} s`)
  }
  await nameProjects(client, projects)
  await configureIndex(client, HASH_BYTES_DEFAULT)
  await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  client.close()
  console.error(`${made} messages filled in ${seconds(started)} s`)
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1_000).toFixed(0)
}

function configureIndex(client: Client, hashBytes: number) {
  return client.execute(`INSERT INTO messages_fts (messages_fts, rank) VALUES ('hashsize', ${hashBytes})`)
}

function* withNeedles(options: {messages: number; needles: readonly Needle[]}): Generator<NewMessage> {
  const every = Math.max(1, Math.floor(options.messages / (options.needles.length + 1)))
  let made = 0
  let planted = 0
  for (const message of generateMessages({count: options.messages, seed: 11, lengths: 'transcript'})) {
    const needle = ++made % every === 0 ? options.needles[planted++] : undefined
    yield needle ? withNeedle(message, needle) : message
  }
}

function withNeedle(message: NewMessage, {uuid, text}: Needle): NewMessage {
  return {...message, uuid, content: `${message.content?.slice(0, HAY_CHARS_MAX)}\n${text}`}
}

const FIELDS = [
  'sessionId',
  'uuid',
  'type',
  'role',
  'content',
  'timestamp',
  'author',
  'source',
  'tool',
  'status',
] as const
const COLUMNS = 'session_id, uuid, type, role, content, timestamp, author, source, tool, status'

async function insertMessages(client: Client, messages: readonly NewMessage[]): Promise<void> {
  const values = FIELDS.map((_, index) => `row.value ->> ${index}`).join(', ')
  await client.batch(
    [
      {
        sql: `INSERT INTO messages (workspace_id, ${COLUMNS}) SELECT ?, ${values} FROM json_each(?) AS row`,
        args: [
          DEFAULT_WORKSPACE,
          JSON.stringify(messages.map((message) => FIELDS.map((field) => message[field] ?? null))),
        ],
      },
    ],
    'write',
  )
}

/** The triggers made the sessions, which don't know where they were had. */
async function nameProjects(client: Client, projects: ReadonlyMap<string, string>): Promise<void> {
  await client.execute({
    sql: `UPDATE sessions SET project = named.value FROM json_each(?) AS named WHERE session_id = named.key`,
    args: [JSON.stringify(Object.fromEntries(projects))],
  })
}
