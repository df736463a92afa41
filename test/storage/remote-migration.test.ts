import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeEach, describe, expect, test, vi} from 'vitest'
import {
  type LocalMemory,
  openStoredMemory,
  type StoredMemoryOptions,
} from '../../src/lib/memory/local-memory.ts'
import {LegacyAdoption} from '../../src/lib/storage/adopt-in-chunks.ts'
import {MIGRATIONS} from '../../src/lib/storage/migrations.generated.ts'
import {openRemoteDatabase} from '../../src/lib/storage/remote-database.ts'
import {OWNER} from '../helpers/callers.ts'
import {createLegacyDatabase} from '../helpers/legacy-database.ts'
import {startSqld} from '../helpers/sqld.ts'

const sqld = await startSqld()
afterAll(() => sqld.close())
beforeEach(() => sqld.empty())

const LOCATION = {mode: 'remote', url: sqld.url} as const
const open = (options?: StoredMemoryOptions): Promise<LocalMemory> => openStoredMemory(LOCATION, options)

async function column(sql: string): Promise<unknown[]> {
  const [rows = []] = await sqld.execute(sql)
  return rows.map(([value]) => value)
}

const versions = () => column('SELECT version FROM bmfote_migrations ORDER BY version')
const LATEST = MIGRATIONS.map(({version}) => String(version))

describe('the schema of a remote database', () => {
  test('is made by the server itself, also when several start at once', async () => {
    const memories = await Promise.all([1, 2, 3, 4].map(() => open()))
    await Promise.all(
      memories.map((memory, n) =>
        memory.recordMessages(OWNER, [{sessionId: 's', uuid: `u${n}`, content: 'x'}]),
      ),
    )

    expect(await versions()).toEqual(LATEST)
    expect(await memories[0]?.getStats(OWNER, {})).toMatchObject({messages: 4, sessions: 1})
    await Promise.all(memories.map((memory) => memory.close()))
  })

  test('can be made by schema/current.sql, twice too, and is up to date then', async () => {
    const script = await readFile(new URL('../../schema/current.sql', import.meta.url), 'utf8')
    const database = await openRemoteDatabase(LOCATION)
    for (const _ of [1, 2]) {
      await database.transaction(async (transaction) => transaction.executeMultiple(script))
    }
    await database.close()
    const applied = await column('SELECT applied_at FROM bmfote_migrations ORDER BY version')
    const reports: unknown[] = []

    const memory = await open({onMigrated: (report) => reports.push(report)})
    await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'by current.sql'}])

    expect(reports).toEqual([])
    expect(await versions()).toEqual(LATEST)
    expect(applied.every((date) => Math.abs(Date.parse(String(date)) - Date.now()) < 60_000)).toBe(true)
    expect(await memory.searchMessages(OWNER, {query: 'current.sql'})).toHaveLength(1)
    await memory.close()
  })

  test('of another program is refused and left alone', async () => {
    await sqld.execute('CREATE TABLE messages (id INTEGER PRIMARY KEY, subject TEXT)')

    await expect(open()).rejects.toMatchObject({code: 'database_foreign'})
    expect(await column("SELECT name FROM sqlite_master WHERE type = 'table'")).toEqual(['messages'])
  })

  test('of a newer bmfote is refused', async () => {
    await (await open()).close()
    await sqld.execute("INSERT INTO bmfote_migrations VALUES (9999, 'future', '2030-01-01')")

    await expect(open()).rejects.toMatchObject({code: 'database_too_new'})
  })

  test('that goes away under a running server is an error, never zeros', async () => {
    const memory = await open()
    await sqld.empty()

    await expect(memory.getStats(OWNER, {})).rejects.toMatchObject({code: 'database_foreign'})
    await expect(memory.searchMessages(OWNER, {query: 'x'})).rejects.toMatchObject({code: 'database_foreign'})
    await expect(memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u'}])).rejects.toMatchObject({
      code: 'database_foreign',
    })
    await memory.close()
  })
})

describe('a remote database of release 0.11.7', () => {
  const COUNT = 1_800
  const legacyTables = () =>
    column("SELECT name FROM sqlite_master WHERE name GLOB 'legacy_*' OR name = 'bmfote_adoption'")
  const untilTakenOver = () =>
    vi.waitFor(async () => expect(await legacyTables()).toEqual([]), {timeout: 25_000})

  async function expectWhole(): Promise<void> {
    const memory = await open()
    expect(await memory.getStats(OWNER, {})).toMatchObject({messages: COUNT + 1, sessions: 6})
    expect(await memory.getStats(OWNER, {workspaceId: 'team'})).toMatchObject({messages: COUNT / 5})
    expect(await memory.getMessage(OWNER, {uuid: 'legacy-7', context: 0})).toMatchObject({
      content: 'legacy row number 7 about marmalade',
      project: null,
      inputTokens: 7,
      recordedAt: null,
    })
    expect(await memory.searchMessages(OWNER, {query: `number ${COUNT - 1}`})).not.toEqual([])
    const [session] = await memory.listSessions(OWNER, {project: 'acme'})
    expect(session).toMatchObject({sessionId: 's0', messageCount: COUNT})
    await memory.close()
  }

  test('is taken over, and serves meanwhile, its newest messages first', async () => {
    await createLegacyDatabase(sqld.url, COUNT)
    const memory = await open({adoption: {}})

    await memory.recordMessages(OWNER, [{sessionId: 's1', uuid: 'new', content: 'said meanwhile'}])
    const meanwhile = await memory.searchMessages(OWNER, {query: 'said meanwhile'})
    await untilTakenOver()
    await memory.deleteMessages(OWNER, {uuid: 'new'})
    await memory.close()

    expect(meanwhile).toHaveLength(1)
    await expectWhole()
    const [orders] = await sqld.execute("SELECT min(id), max(id) FROM messages WHERE uuid GLOB 'legacy-*'")
    expect(orders).toEqual([['1', String(COUNT)]])
  })

  test('by several servers at once, is taken over once', async () => {
    await createLegacyDatabase(sqld.url, COUNT)

    const memories = await Promise.all([1, 2, 3].map(() => open({adoption: {}})))
    await untilTakenOver()
    await Promise.all(memories.map((memory) => memory.close()))

    await expectWhole()
  })

  test('goes on where a server was killed, once that one no longer counts', async () => {
    await createLegacyDatabase(sqld.url, COUNT)
    const program = fileURLToPath(new URL('../helpers/adopt-child.ts', import.meta.url))
    const child = spawn(process.execPath, [program, sqld.url], {stdio: 'inherit'})
    const exited = once(child, 'exit')
    await vi.waitFor(
      async () => expect(Number((await column('SELECT count(*) FROM messages'))[0])).toBeGreaterThan(1),
      {timeout: 25_000, interval: 5},
    )
    child.kill('SIGKILL')
    await exited
    await sqld.execute('UPDATE bmfote_adoption SET leased_until = 0').catch(() => undefined)

    const memory = await open({adoption: {}})
    await untilTakenOver()
    await memory.close()

    await expectWhole()
  })

  test('refuses deletions meanwhile, and takes nothing from what is newer', async () => {
    await createLegacyDatabase(sqld.url, 1_000)
    const memory = await open()
    await memory.recordMessages(OWNER, [{sessionId: 's1', uuid: 'legacy-3', content: 'said anew'}])
    const refusal = memory.deleteMessages(OWNER, {before: '2099-01-01'})
    await expect(refusal).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('0.11.7'),
    })
    const database = await openRemoteDatabase(LOCATION)
    const adoption = new LegacyAdoption(database)
    while ((await adoption.step()) !== 'done');
    await database.close()

    expect(await memory.deleteMessages(OWNER, {uuid: 'legacy-7'})).toEqual({deleted: 1})
    expect(await memory.getMessage(OWNER, {uuid: 'legacy-7'})).toBeNull()
    expect(await memory.getMessage(OWNER, {uuid: 'legacy-3'})).toMatchObject({
      content: 'said anew',
      inputTokens: 3,
      model: 'claude-old',
    })
    expect(await memory.getStats(OWNER, {})).toMatchObject({messages: 1_000})
    await memory.close()
  })

  test('is left to the server that holds the lease', async () => {
    await createLegacyDatabase(sqld.url, 1_000)
    await (await open()).close()
    const database = await openRemoteDatabase(LOCATION)
    const [first, second] = [new LegacyAdoption(database), new LegacyAdoption(database)]

    expect(await first.step()).toBe('more')
    expect(await second.step()).toBe('waiting')
    expect(await first.step()).toBe('more')
    await database.close()
  })
})
