import {copyFileSync, existsSync, readdirSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createClient} from '@libsql/client/sqlite3'
import {describe, expect, test} from 'vitest'
import {OWNER} from '../../../test/helpers/callers.ts'
import {createLegacyDatabase, type LegacyOptions} from '../../../test/helpers/legacy-database.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {openLocalMemory} from '../memory/local-memory.ts'
import {openWorkerMemory} from '../memory/worker-memory.ts'
import {openDatabaseFile} from './file-database.ts'
import {type MigrateReport, migrate} from './migrate.ts'
import {MIGRATIONS} from './migrations.generated.ts'

const now = () => new Date()

async function schemaOf(path: string): Promise<string[]> {
  const database = await openDatabaseFile(path)
  const rows = await database.query('SELECT type, name, sql FROM sqlite_master ORDER BY type, name')
  await database.close()
  return rows.map((row) => `${row.type} ${row.name} ${row.sql}`)
}

async function openReporting(path: string) {
  const reports: MigrateReport[] = []
  const memory = await openLocalMemory({path, onMigrated: (report) => reports.push(report)})
  return {memory, reports}
}

const backupsIn = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.bak'))

describe('a new database', () => {
  test('gets the whole schema, readable by its owner alone, and no copy', async () => {
    const folder = tempFolder()
    const path = join(folder, 'deep', 'memory.db')

    const {memory, reports} = await openReporting(path)
    await memory.close()

    expect(reports).toEqual([{from: 0, to: MIGRATIONS.at(-1)?.version, adoptedLegacy: false}])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
    expect(backupsIn(join(folder, 'deep'))).toEqual([])
  })

  test('closed, it is whole in its one file', async () => {
    const folder = tempFolder()
    const memory = await openLocalMemory({path: join(folder, 'memory.db')})
    await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'kept', content: 'in the file itself'}])
    await memory.close()

    copyFileSync(join(folder, 'memory.db'), join(folder, 'copy.db'))
    const copy = await openLocalMemory({path: join(folder, 'copy.db')})
    const message = await copy.getMessage(OWNER, {uuid: 'kept'})
    await copy.close()

    expect(message?.content).toBe('in the file itself')
  })

  test('a second start changes nothing', async () => {
    const path = join(tempFolder(), 'memory.db')
    await (await openLocalMemory({path})).close()
    const before = await schemaOf(path)

    const {memory, reports} = await openReporting(path)
    await memory.close()

    expect(reports).toEqual([])
    expect(await schemaOf(path)).toEqual(before)
  })

  test('many starts at once make one schema', async () => {
    const path = join(tempFolder(), 'memory.db')

    const memories = await Promise.all(
      [1, 2, 3, 4].map(() => openWorkerMemory({database: {mode: 'file', path}, readers: 0})),
    )
    await Promise.all(memories.map((memory) => memory.close()))

    const database = await openDatabaseFile(path)
    const rows = await database.query('SELECT version FROM bmfote_migrations')
    await database.close()
    expect(rows.map((row) => Number(row.version))).toEqual(MIGRATIONS.map((migration) => migration.version))
  })
})

describe('a later migration', () => {
  const next = {
    version: 9_001,
    name: 'notes',
    sql: 'CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES (1);',
  }

  test('keeps a copy of the file as it was, then changes it', async () => {
    const folder = tempFolder()
    const path = join(folder, 'memory.db')
    const memory = await openLocalMemory({path})
    await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'kept', content: 'in the copy'}])
    await memory.close()

    const database = await openDatabaseFile(path)
    const report = await migrate(database, {now, migrations: [...MIGRATIONS, next]})
    await database.close()

    expect(report.backupPath && existsSync(report.backupPath)).toBe(true)
    const copy = await openLocalMemory({path: report.backupPath ?? ''})
    expect((await copy.getMessage(OWNER, {uuid: 'kept'}))?.content).toBe('in the copy')
    await copy.close()
  })

  test('that fails leaves the version before, whole', async () => {
    const path = join(tempFolder(), 'memory.db')
    await (await openLocalMemory({path})).close()
    const before = await schemaOf(path)
    const broken = {...next, sql: 'CREATE TABLE notes (text TEXT); INSERT INTO nowhere VALUES (1);'}

    const database = await openDatabaseFile(path)
    await expect(migrate(database, {now, migrations: [...MIGRATIONS, broken]})).rejects.toThrow()
    await database.close()

    expect(await schemaOf(path)).toEqual(before)
    await (await openLocalMemory({path})).close()
  })

  test('a database newer than the binary is refused with a sentence', async () => {
    const path = join(tempFolder(), 'memory.db')
    const database = await openDatabaseFile(path)
    await migrate(database, {now, migrations: [...MIGRATIONS, next]})
    await database.close()

    await expect(openLocalMemory({path})).rejects.toMatchObject({
      code: 'database_too_new',
      message: expect.stringContaining('newer bmfote (schema 9001'),
    })
  })
})

describe('what is not ours', () => {
  test('a database of another program is refused and not touched', async () => {
    const path = join(tempFolder(), 'other.db')
    const client = createClient({url: `file:${path}`})
    await client.execute('CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT)')
    client.close()

    await expect(openLocalMemory({path})).rejects.toMatchObject({code: 'database_foreign'})

    expect(await schemaOf(path)).toHaveLength(1)
  })

  test('a file that is no database is refused and not touched', async () => {
    const path = join(tempFolder(), 'notes.txt')
    writeFileSync(path, 'Dear diary, '.repeat(1_000))

    await expect(openLocalMemory({path})).rejects.toMatchObject({code: 'database_foreign'})
  })
})

describe('a database of release 0.11.7', () => {
  const COUNT = 500

  test('is taken over whole: rows, projects, workspaces, search', async () => {
    const folder = tempFolder()
    const path = join(folder, 'memory.db')
    await createLegacyDatabase(path, COUNT)

    const {memory, reports} = await openReporting(path)

    expect(reports[0]).toMatchObject({from: 0, adoptedLegacy: true})
    expect(await memory.getStats(OWNER, {})).toMatchObject({messages: COUNT + 1})
    expect(await memory.getStats(OWNER, {workspaceId: 'team'})).toMatchObject({
      messages: COUNT / 5,
      sessions: 2,
    })
    expect(await memory.getMessage(OWNER, {uuid: 'legacy-7'})).toMatchObject({
      sessionId: 's1',
      parentUuid: 'legacy-6',
      type: 'user',
      content: 'legacy row number 7 about marmalade',
      model: 'claude-old',
      inputTokens: 7,
      outputTokens: 14,
      timestamp: '2026-03-01T00:07:00',
      revision: 1,
    })
    expect(await memory.getMessage(OWNER, {uuid: 'bare'})).toMatchObject({content: '', timestamp: null})
    expect(await memory.searchMessages(OWNER, {query: 'marmalade', limit: 100})).toHaveLength(100)
    const sessions = await memory.listSessions(OWNER, {})
    expect(sessions.find((session) => session.sessionId === 's0')).toMatchObject({project: 'acme'})
    expect(sessions.find((session) => session.sessionId === 'empty')).toMatchObject({
      project: 'idle',
      messageCount: 3,
    })
    await memory.close()
    expect(backupsIn(folder)).toHaveLength(1)
  })

  test('a second start changes nothing and keeps no second copy', async () => {
    const folder = tempFolder()
    const path = join(folder, 'memory.db')
    await createLegacyDatabase(path, COUNT)
    await (await openLocalMemory({path})).close()
    const before = await schemaOf(path)

    const {memory, reports} = await openReporting(path)
    const stats = await memory.getStats(OWNER, {})
    await memory.close()

    expect(reports).toEqual([])
    expect(stats.messages).toBe(COUNT + 1)
    expect(await schemaOf(path)).toEqual(before)
    expect(backupsIn(folder).map((file) => statSync(join(folder, file)).mode & 0o777)).toEqual([0o600])
  })

  const halfWritten: [string, LegacyOptions, number][] = [
    ['older than April 2026, without workspaces', {workspaces: false}, COUNT + 1],
    ['without its index', {without: ['fts']}, COUNT + 1],
    ['with its index but without its triggers', {without: ['triggers']}, COUNT + 1],
    ['without its sessions', {without: ['sessions', 'triggers']}, COUNT + 1],
    ['with nothing but sessions', {without: ['messages', 'fts']}, 0],
  ]
  for (const [what, options, messages] of halfWritten) {
    test(`${what}, gives every row`, async () => {
      const path = join(tempFolder(), 'memory.db')
      await createLegacyDatabase(path, COUNT, options)

      const {memory} = await openReporting(path)
      const stats = await memory.getStats(OWNER, {})
      const hits = await memory.searchMessages(OWNER, {query: 'marmalade'})
      await memory.close()

      expect(stats.messages).toBe(messages)
      expect(hits).toHaveLength(messages > 0 ? 20 : 0)
    })
  }

  test('with a damaged index, gives every row', async () => {
    const path = join(tempFolder(), 'memory.db')
    await createLegacyDatabase(path, COUNT)
    const client = createClient({url: `file:${path}`})
    await client.execute('DROP TABLE messages_fts_data')
    client.close()

    const {memory} = await openReporting(path)
    const stats = await memory.getStats(OWNER, {})
    const hits = await memory.searchMessages(OWNER, {query: 'marmalade'})
    await memory.close()

    expect(stats.messages).toBe(COUNT + 1)
    expect(hits).toHaveLength(20)
  })

  test('its own clients go on writing by plain SQL, and what they write is found', async () => {
    const path = join(tempFolder(), 'memory.db')
    await createLegacyDatabase(path, 3)
    const {memory} = await openReporting(path)

    const client = createClient({url: `file:${path}`})
    await client.execute(`INSERT INTO messages (uuid, session_id, type, role, content, timestamp)
      VALUES ('plain', 'from-sql', 'user', 'user', 'a row by plain SQL, with tangerines', '2026-03-03T00:00:00')`)
    await client.execute(`UPDATE messages SET content = 'now with pears' WHERE uuid = 'legacy-1'`)
    client.close()

    expect((await memory.searchMessages(OWNER, {query: 'tangerines'}))[0]).toMatchObject({
      sessionId: 'from-sql',
    })
    expect((await memory.searchMessages(OWNER, {query: 'pears'}))[0]).toMatchObject({uuid: 'legacy-1'})
    expect(await memory.listSessions(OWNER, {})).toContainEqual(
      expect.objectContaining({sessionId: 'from-sql', messageCount: 1}),
    )
    await memory.close()
  })
})
