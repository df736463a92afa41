import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {ApiClient} from '../src/lib/client/api-client.ts'
import {toWire} from '../src/lib/memory/wire.ts'
import {checkIntegrity, type IntegrityReport} from '../src/lib/storage/check-integrity.ts'
import {openDatabaseFile} from '../src/lib/storage/file-database.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {generateMessages} from './messages/conversations.ts'

export interface KillReport {
  kills: number
  acknowledged: number
  /** Acknowledged, and not in the table: must be 0. */
  lost: number
  stored: number
  integrity: IntegrityReport
}

const BATCH = 200
const SENDERS = 4

/**
 * Sends `messages` messages in batches from several senders, and kills the server `kills` times meanwhile at random
 * moments, starting it again. A batch that got no answer is sent again, as every sender of ours does.
 */
export async function killDuringIngest(options: {
  messages: number
  kills: number
  seed?: number
}): Promise<KillReport> {
  const home = await mkdtemp(join(tmpdir(), 'bmfote-kill-'))
  try {
    const acknowledged = await ingestUnderKills(home, options)
    return {...(await inspect(join(home, 'memory.db'), acknowledged)), kills: options.kills}
  } finally {
    await rm(home, {recursive: true, force: true})
  }
}

async function ingestUnderKills(
  home: string,
  options: {messages: number; kills: number; seed?: number},
): Promise<Set<string>> {
  const acknowledged = new Set<string>()
  const batches = inBatches(options)
  let server = await startServerProcess({home})
  let done = false
  const send = async () => {
    for (const batch of batches) {
      while (!(await sendOnce(server.url, batch, acknowledged))) await wait(20)
    }
  }
  const killer = async () => {
    for (let kill = 1; kill <= options.kills && !done; kill++) {
      const target = (options.messages * kill) / (options.kills + 1)
      while (acknowledged.size < target) await wait(5)
      await wait(Math.random() * 30)
      await server.kill()
      server = await startServerProcess({home})
    }
  }
  const killing = killer()
  await Promise.all(Array.from({length: SENDERS}, send))
  done = true
  await killing
  await server.stop()
  return acknowledged
}

/** One iterator for all senders: each takes the next batch. */
function* inBatches(options: {messages: number; seed?: number}): Generator<object[]> {
  let batch: object[] = []
  for (const message of generateMessages({count: options.messages, seed: options.seed ?? 7})) {
    batch.push(toWire(message))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function sendOnce(url: string, batch: object[], acknowledged: Set<string>): Promise<boolean> {
  try {
    const {results} = await new ApiClient({url, timeoutMs: 20_000}).recordMessages(batch as never)
    for (const result of results) if (result.status === 'ok') acknowledged.add(result.uuid)
    return true
  } catch {
    return false
  }
}

async function inspect(path: string, acknowledged: Set<string>) {
  const database = await openDatabaseFile(path)
  const stored = await database.query('SELECT uuid FROM messages')
  const uuids = new Set(stored.map((row) => String(row.uuid)))
  const report = {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((uuid) => !uuids.has(uuid)).length,
    stored: stored.length,
    integrity: await checkIntegrity(database),
  }
  await database.close()
  return report
}
