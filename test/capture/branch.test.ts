import {join} from 'node:path'
import {expect, test} from 'vitest'
import {exportJsonl} from '../../src/lib/capture/export-jsonl.ts'
import {importJsonl} from '../../src/lib/capture/import-jsonl.ts'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {openDatabaseFile} from '../../src/lib/storage/file-database.ts'
import {migrate} from '../../src/lib/storage/migrate.ts'
import {MIGRATIONS} from '../../src/lib/storage/migrations.generated.ts'
import {OWNER} from '../helpers/callers.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const BRANCHES = MIGRATIONS.findIndex(({name}) => name === 'branch')

test('a database of the schema before learns branches by being opened, and what is in it may be given one', async () => {
  const path = join(tempFolder(), 'memory.db')
  const database = await openDatabaseFile(path)
  await migrate(database, {now: () => new Date(), migrations: MIGRATIONS.slice(0, BRANCHES)})
  const old = `INSERT INTO messages (session_id, uuid, content, timestamp) VALUES ('s', 'old', 'from before', '2026-01-01T00:00:00Z')`
  await database.write([{sql: old, args: []}])
  await database.close()

  const memory = await openLocalMemory({path})
  expect(await memory.getMessage(OWNER, {uuid: 'old'})).toMatchObject({content: 'from before', branch: null})

  await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'old', branch: 'main'}])
  await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'old', branch: 'later'}])
  expect(await memory.getMessage(OWNER, {uuid: 'old'})).toMatchObject({branch: 'main', revision: 1})
  await memory.close()
})

test('an export carries the branch into another memory', async () => {
  const folder = tempFolder()
  const from = await openLocalMemory({path: join(folder, 'from.db')})
  const to = await openLocalMemory({path: join(folder, 'to.db')})
  await from.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'hello', branch: 'fix/retry'}])

  await importJsonl(to, OWNER, asFile(exportJsonl(from, OWNER)))

  expect(await to.getMessage(OWNER, {uuid: 'u'})).toMatchObject({content: 'hello', branch: 'fix/retry'})
  await from.close()
  await to.close()
})

async function* asFile(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
