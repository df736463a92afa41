import {join} from 'node:path'
import {createClient} from '@libsql/client/sqlite3'
import {expect, test} from 'vitest'
import {openDatabaseFile} from '../../src/lib/storage/file-database.ts'
import {migrate} from '../../src/lib/storage/migrate.ts'
import {MIGRATIONS} from '../../src/lib/storage/migrations.generated.ts'
import {OWNER} from '../helpers/callers.ts'
import {memoryWith} from '../helpers/search-memory.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const INSERT = `INSERT INTO messages (session_id, uuid, content, author, timestamp) VALUES (?, ?, ?, 'lea', ?)`

/** A file of the release before this search, and rows in it that its own index knew as whole words only. */
async function createFirstVersion(path: string): Promise<void> {
  const database = await openDatabaseFile(path)
  await migrate(database, {now: () => new Date(), migrations: MIGRATIONS.slice(0, 1)})
  await database.write([
    {sql: INSERT, args: ['s', 'camel', 'it was parseLedgerRow()', '2026-01-01T00:00:00Z']},
    {sql: INSERT, args: ['s', 'chinese', '证书轮换由小林负责', '2026-01-02T00:00:00Z']},
    {sql: INSERT, args: ['s', 'emoji', 'done 🦩', '2026-01-03T00:00:00Z']},
    {sql: INSERT, args: ['t', 'prose', 'the ledgers were balanced', '2026-01-04T00:00:00Z']},
    {sql: INSERT, args: ['t', 'gone', 'the ledger of the heron', '2026-01-05T00:00:00Z']},
    {sql: INSERT, args: ['t', 'bare', '', '2026-01-05T00:00:00Z']},
    {sql: `DELETE FROM messages WHERE uuid = 'gone'`, args: []},
  ])
  await database.close()
}

test('a database of schema 1 comes up to date by being opened, and everything in it is found', async () => {
  const path = join(tempFolder(), 'memory.db')
  await createFirstVersion(path)

  const {memory, find} = await memoryWith([], {path})

  expect((await find('ledger row'))[0]).toBe('camel')
  expect(await find('轮换')).toEqual(['chinese'])
  expect(await find('🦩')).toEqual(['emoji'])
  expect(await find('balancing ledgers author:lea since:2026-01-04')).toEqual(['prose'])
  expect(await find('heron')).not.toContain('gone')
  expect((await memory.getStats(OWNER, {})).messages).toBe(5)
  await memory.remember(OWNER, {content: 'and the ledger goes on'})
  expect(await find('ledger goes on')).toHaveLength(3)
})

test('rows that any client writes, changes and deletes by plain SQL are found as they are', async () => {
  const path = join(tempFolder(), 'memory.db')
  const {find} = await memoryWith([], {path})
  const client = createClient({url: `file:${path}`})

  await client.execute({sql: INSERT, args: ['s', 'camel', 'it was parseLedgerRow()', '2026-01-01T00:00:00Z']})
  await client.execute({sql: INSERT, args: ['s', 'chinese', '证书轮换由小林负责', '2026-01-02T00:00:00Z']})
  expect(await find('ledger row author:lea')).toEqual(['camel'])
  expect(await find('轮换')).toEqual(['chinese'])

  await client.execute(`UPDATE messages SET content = 'now heronNestBox' WHERE uuid = 'camel'`)
  expect(await find('parseLedgerRow')).not.toContain('camel')
  expect(await find('nest box')).toEqual(['camel'])

  await client.execute(`UPDATE messages SET author = 'tom' WHERE uuid = 'camel'`)
  expect(await find('nest box author:tom')).toEqual(['camel'])

  await client.execute(`DELETE FROM messages WHERE uuid = 'camel'`)
  expect(await find('nest box')).toEqual([])
  client.close()
})
