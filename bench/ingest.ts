import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Client, createClient} from '@libsql/client/sqlite3'
import {ApiClient} from '../src/lib/client/api-client.ts'
import type {NewMessageBody} from '../src/lib/client/protocol.ts'
import {openLocalMemory} from '../src/lib/memory/local-memory.ts'
import {toWire} from '../src/lib/memory/wire.ts'
import type {NewMessage} from '../src/lib/model/message.ts'
import {SHARED_PRINCIPAL} from '../src/lib/model/principal.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {inTurn, printTable, type Row} from './measure.ts'
import {generateMessages} from './messages/conversations.ts'

const BATCH = 1_000
const RAW_ROWS_PER_STATEMENT = 250
const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}

/**
 * Rows a second through the batch route of the built binary and through the memory in this process, against the same
 * rows in multi-row INSERTs by the plain client into the same schema, triggers included.
 */
export async function benchIngest(options: {batches: number}): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bmfote-bench-ingest-'))
  const server = await startServerProcess({home: join(folder, 'server')})
  const local = await openLocalMemory({path: join(folder, 'local.db')})
  const raw = await openRaw(join(folder, 'raw.db'))
  const rawBeside = await openRaw(join(folder, 'raw-beside.db'))
  const api = new ApiClient({url: server.url})
  const batches = inBatches(options.batches)
  const bodies = batches.map((batch) => batch.map((message) => toWire(message) as NewMessageBody))
  try {
    const overHttp = await inTurn(
      options.batches,
      (round) => api.recordMessages(bodies[round] ?? []),
      (round) => insertRaw(raw, batches[round] ?? []),
    )
    const inProcess = await inTurn(
      options.batches,
      (round) => local.recordMessages(CALLER, batches[round] ?? []),
      (round) => insertRaw(rawBeside, batches[round] ?? []),
    )
    return [
      describe('ingest, batch route over HTTP', overHttp, '≥ 0.5'),
      describe('ingest, in process', inProcess),
    ]
  } finally {
    raw.close()
    rawBeside.close()
    await local.close()
    await server.stop()
    await rm(folder, {recursive: true, force: true})
  }
}

/** Speed, so the ratio is the baseline's time over ours: 1 is as fast as the plain client. */
function describe(what: string, times: {ours: number[]; baseline: number[]}, goal?: string): Row {
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0)
  const rowsPerSecond = (values: number[]) => Math.round((values.length * BATCH * 1_000) / total(values))
  return {
    what,
    ours: `${rowsPerSecond(times.ours)} rows/s`,
    baseline: 'plain client, same triggers',
    baselineFigure: `${rowsPerSecond(times.baseline)} rows/s`,
    ratio: total(times.baseline) / total(times.ours),
    goal,
  }
}

function inBatches(count: number): NewMessage[][] {
  const messages = generateMessages({count: count * BATCH, seed: 3})
  return Array.from({length: count}, () =>
    Array.from({length: BATCH}, () => messages.next().value as NewMessage),
  )
}

/** The file's schema is ours; after that the plain client alone touches it. */
async function openRaw(path: string): Promise<Client> {
  await (await openLocalMemory({path})).close()
  return createClient({url: `file:${path}`, concurrency: 1})
}

const RAW_COLUMNS = [
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
  'source',
  'machine',
  'tool',
  'status',
  'branch',
] as const

async function insertRaw(client: Client, messages: NewMessage[]): Promise<void> {
  const row = `(${RAW_COLUMNS.map(() => '?').join(', ')})`
  const statements = []
  for (let start = 0; start < messages.length; start += RAW_ROWS_PER_STATEMENT) {
    const part = messages.slice(start, start + RAW_ROWS_PER_STATEMENT).map((message) => toWire(message))
    statements.push({
      sql: `INSERT INTO messages (${RAW_COLUMNS.join(', ')}) VALUES ${part.map(() => row).join(', ')}`,
      args: part.flatMap((message) => RAW_COLUMNS.map((column) => message[column] ?? null)),
    })
  }
  await client.batch(statements, 'write')
}

if (import.meta.main) printTable('Ingest', await benchIngest({batches: 20}))
