import {
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {createClient} from '@libsql/client/node'
import {describe, expect, onTestFinished, test} from 'vitest'
import {createLegacyDatabase} from '../helpers/legacy-database.ts'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {startSqld} from '../helpers/sqld.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

const TOKEN = 'token-of-the-maintenance-tests'

/**
 * Each message has a word of its own to be found by. By the binary, not by this process: libSQL gives a file up when its
 * garbage is collected, and until then it counts as open.
 */
async function fill(home: TempHome, count = 30): Promise<string> {
  const lines = Array.from({length: count}, (_, index) => ({
    session_id: `s-${index % 3}`,
    uuid: `m-${index}`,
    content: `deploy item${index}end of the webshop`,
  }))
  writeFileSync(join(home.path, 'history.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const {exitCode, stderr} = await runBinary(['import', 'jsonl', 'history.jsonl'], {home})
  if (exitCode !== 0) throw new Error(stderr)
  return join(home.bmfote, 'memory.db')
}

/** What another program, or a fault, does to the file behind our back. */
async function execute(path: string, ...statements: string[]): Promise<void> {
  const client = createClient({url: `file:${path}`})
  for (const sql of statements) await client.execute(sql)
  client.close()
}

async function found(home: TempHome, word: string): Promise<number> {
  const hits = readJson(await runBinary(['search', word, '--json'], {home}))
  return (hits as unknown[]).length
}

/** By the content, word by word: a search may find what is only near. */
async function holds(home: TempHome, content: string): Promise<boolean> {
  const {stdout} = await runBinary(['export'], {home})
  return stdout.includes(content)
}

async function serve(home: TempHome, env: Record<string, string> = {}) {
  const server = await startServerProcess({home: home.bmfote, env})
  onTestFinished(server.kill)
  return server
}

const asJson = async (args: string[], home: TempHome, env?: Record<string, string>) => {
  const result = await runBinary([...args, '--json'], {home, env})
  return {...result, body: readJson(result) as Record<string, unknown>}
}

describe('server status', () => {
  test('of no server: a sentence, the way out, and 1', async () => {
    const home = tempHome()
    const {exitCode, body} = await asJson(['server', 'status'], home)

    expect(exitCode).toBe(1)
    expect(body).toMatchObject({is_well: false, next: expect.stringContaining('bmfote server start')})
  })

  test('of the one that runs here: what it is, what it holds, and when it was last backed up', async () => {
    const home = tempHome()
    await fill(home)
    const server = await serve(home, {API_TOKEN: TOKEN})
    await runBinary(['server', 'backup', 'b.db'], {home})

    const {exitCode, body} = await asJson(['server', 'status'], home, {API_TOKEN: TOKEN})
    expect(exitCode).toBe(0)
    expect(body).toMatchObject({
      is_well: true,
      url: server.url,
      mode: 'file',
      database: join(home.bmfote, 'memory.db'),
      messages: 30,
      sessions: 3,
      writes_under_way: 0,
      waiting: {events: 0},
      last_backup: {file: join(home.path, 'b.db')},
    })
    expect(body.database_bytes).toBeGreaterThan(10_000)
    const text = await runBinary(['server', 'status'], {home, env: {API_TOKEN: TOKEN}})
    expect(text.stdout).toContain('30 messages of 3 sessions')
    expect(text.stdout).not.toContain(TOKEN)
  })

  test('with a wrong token: it is up, and the token is what is wrong', async () => {
    const home = tempHome()
    const server = await serve(home, {API_TOKEN: TOKEN})

    const {exitCode, body} = await asJson(['server', 'status'], home, {
      BMFOTE_URL: server.url,
      BMFOTE_TOKEN: 'another',
    })
    expect(exitCode).toBe(1)
    expect(body).toMatchObject({is_well: false, trouble: expect.stringContaining('token')})
  })

  test('of an address where nobody is', async () => {
    const home = tempHome()
    const {exitCode, body} = await asJson(['server', 'status'], home, {BMFOTE_URL: 'http://127.0.0.1:9'})

    expect(exitCode).toBe(1)
    expect(body).toMatchObject({is_well: false, trouble: 'It does not answer.'})
  })
})

describe('server backup', () => {
  test('is one whole file, for its owner alone, and leaves nothing else behind', async () => {
    const home = tempHome()
    await fill(home)
    await serve(home)

    const {exitCode, body} = await asJson(['server', 'backup', 'b.db'], home)
    expect(exitCode).toBe(0)
    expect(body).toMatchObject({messages: 30, sessions: 3, mode: 'file', problems: []})
    const file = join(home.path, 'b.db')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const check = await asJson(['server', 'check', '--database', file], home)
    expect(check.body).toMatchObject({problems: [], counts: {messages: 30}})
    expect(readdirSync(home.path).filter((name) => /b\.db-|bmfote-backup/.test(name))).toEqual([])
  })

  test('replaces nothing unless it is told to', async () => {
    const home = tempHome()
    await fill(home)
    writeFileSync(join(home.path, 'b.db'), 'mine')

    const refused = await runBinary(['server', 'backup', 'b.db'], {home})
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('--force')
    expect(readFileSync(join(home.path, 'b.db'), 'utf8')).toBe('mine')
    expect((await runBinary(['server', 'backup', 'b.db', '--force'], {home})).exitCode).toBe(0)
  })

  test('never goes where the database itself is', async () => {
    const home = tempHome()
    const path = await fill(home)

    const refused = await runBinary(['server', 'backup', path, '--force'], {home})
    expect(refused.stderr).toContain('is the database itself')
    expect((await runBinary(['server', 'check'], {home})).exitCode).toBe(0)
  })

  test('of what is no memory is none', async () => {
    const home = tempHome()
    await execute(join(home.path, 'other.db'), 'CREATE TABLE accounts (id INTEGER)')

    const refused = await runBinary(['server', 'backup', 'b.db', '--database', 'other.db'], {home})
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('database of another program')
    expect(existsSync(join(home.path, 'b.db'))).toBe(false)
  })

  test('of a remote database is fetched into a file, which restores to a memory on this machine', async () => {
    const home = tempHome()
    const sqld = await startSqld({auth: true})
    onTestFinished(sqld.close)
    const remote = {TURSO_DATABASE_URL: sqld.url, TURSO_AUTH_TOKEN: sqld.token(), API_TOKEN: TOKEN}
    const server = await serve(home, remote)
    const client = {BMFOTE_URL: server.url, BMFOTE_TOKEN: TOKEN}
    await runBinary(['remember', 'the remote database remembers'], {home, env: client})

    const {body} = await asJson(['server', 'backup', 'b.db'], home, remote)
    expect(body).toMatchObject({mode: 'remote', messages: 1, problems: []})
    expect(JSON.stringify(body)).not.toContain(remote.TURSO_AUTH_TOKEN)
    const status = await asJson(['server', 'status'], home, client)
    expect(status.body).toMatchObject({mode: 'remote', primary_reachable: true, messages: 1})
    await server.stop()
    const elsewhere = tempHome()
    copyFileSync(join(home.path, 'b.db'), join(elsewhere.path, 'b.db'))
    expect((await runBinary(['server', 'restore', 'b.db'], {home: elsewhere})).exitCode).toBe(0)
    expect(await found(elsewhere, 'remote database')).toBe(1)
  })
})

test('behind a replica, status tells how far behind it is, and a backup is of the primary', async () => {
  const home = tempHome()
  const sqld = await startSqld({auth: true})
  onTestFinished(sqld.close)
  const replica = join(home.path, 'replica.db')
  const env = {TURSO_DATABASE_URL: sqld.url, TURSO_AUTH_TOKEN: sqld.token(), BMFOTE_REPLICA: replica}
  const server = await serve(home, env)
  const client = {BMFOTE_URL: server.url}
  await runBinary(['remember', 'through the replica'], {home, env: client})

  const {exitCode, body} = await asJson(['server', 'status'], home, client)
  expect(exitCode).toBe(0)
  expect(body).toMatchObject({mode: 'replica', database: replica, primary_url: sqld.url, messages: 1})
  expect(body.sync_lag_seconds).toBeGreaterThanOrEqual(0)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^bmfote_sync_lag_seconds \d/m)
  expect(metrics).toMatch(/^bmfote_primary_reachable 1$/m)
  const backup = await asJson(['server', 'backup', 'b.db'], home, env)
  expect(backup.body).toMatchObject({mode: 'replica', messages: 1, problems: []})
  const check = await asJson(['server', 'check'], home, env)
  expect(check.body).toMatchObject({mode: 'replica', problems: []})
})

describe('server check', () => {
  test('counts what is there', async () => {
    const home = tempHome()
    await fill(home)
    const {exitCode, body} = await asJson(['server', 'check'], home)

    expect(exitCode).toBe(0)
    expect(body).toMatchObject({
      problems: [],
      counts: {messages: 30, sessions: 3, workspaces: 1, deleted: 0},
      is_outdated: false,
    })
  })

  test('finds what the index misses and what it has too much, and --repair mends it', async () => {
    const home = tempHome()
    const path = await fill(home)
    await execute(
      path,
      "DELETE FROM messages_fts WHERE rowid IN (SELECT id FROM messages WHERE uuid IN ('m-1', 'm-2'))",
      'DROP TRIGGER messages_ad',
      "DELETE FROM messages WHERE uuid = 'm-3'",
      "UPDATE sessions SET stored_count = 99 WHERE session_id = 's-1'",
      "DELETE FROM sessions WHERE session_id = 's-2'",
    )
    expect(await found(home, 'item1end')).toBe(0)

    const wrong = await asJson(['server', 'check'], home)
    expect(wrong.exitCode).toBe(1)
    expect(wrong.body.problems).toEqual([
      '2 messages are not in the search index, and are never found.',
      '1 entries of the search index lead nowhere.',
      '2 sessions have a wrong count.',
      '10 messages belong to sessions that are not there.',
    ])
    const mended = await asJson(['server', 'check', '--repair'], home)
    expect(mended.exitCode).toBe(0)
    expect(mended.body).toMatchObject({problems: [], counts: {messages: 29, sessions: 3}})
    expect(mended.body.repaired).toHaveLength(4)
    expect(await found(home, 'item1end')).toBe(1)
  })

  test('an index that is damaged in itself is made anew', async () => {
    const home = tempHome()
    const path = await fill(home)
    await execute(path, 'UPDATE messages_fts_data SET block = zeroblob(40) WHERE id > 10')

    const wrong = await asJson(['server', 'check'], home)
    expect(wrong.exitCode).toBe(1)
    expect(wrong.body.problems).toContainEqual(expect.stringContaining('search index is damaged'))
    expect((await runBinary(['server', 'check', '--repair'], {home})).exitCode).toBe(0)
    expect(await found(home, 'item7end')).toBe(1)
  })

  test('a damaged file is said to be one, and not mended', async () => {
    const home = tempHome()
    const path = await fill(home, 500)
    // The pages of the messages themselves; what the index has can be made anew.
    const client = createClient({url: `file:${path}`})
    const {rows} = await client.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'")
    await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    client.close()
    const bytes = readFileSync(path)
    const root = (Number(rows[0]?.rootpage) - 1) * bytes.readUInt16BE(16)
    bytes.fill(0xff, root, root + 1_000)
    writeFileSync(path, bytes)

    const {exitCode, stdout, stderr} = await runBinary(['server', 'check', '--repair'], {home})
    expect(exitCode).toBe(1)
    expect(stdout + stderr).toContain('damaged')
  })

  test('mends an index of a remote database too', async () => {
    const home = tempHome()
    const sqld = await startSqld()
    onTestFinished(sqld.close)
    const env = {TURSO_DATABASE_URL: sqld.url, API_TOKEN: TOKEN}
    const server = await serve(home, env)
    await runBinary(['remember', 'a needle in the stack'], {
      home,
      env: {BMFOTE_URL: server.url, BMFOTE_TOKEN: TOKEN},
    })
    await sqld.execute('DELETE FROM messages_fts')

    expect((await asJson(['server', 'check'], home, env)).exitCode).toBe(1)
    expect((await asJson(['server', 'check', '--repair'], home, env)).body).toMatchObject({
      mode: 'remote',
      problems: [],
    })
  })
})

describe('server restore', () => {
  async function withBackup(): Promise<{home: TempHome; path: string}> {
    const home = tempHome()
    const path = await fill(home)
    await runBinary(['server', 'backup', 'b.db'], {home})
    await runBinary(['remember', 'zephyrine'], {home})
    return {home, path}
  }

  test('puts the backup in place and keeps what was there', async () => {
    const {home, path} = await withBackup()
    expect(await holds(home, 'zephyrine')).toBe(true)

    const {exitCode, body} = await asJson(['server', 'restore', 'b.db', '--yes'], home)
    expect(exitCode).toBe(0)
    expect(body).toMatchObject({applied: true, messages: 30, place: path})
    expect(await holds(home, 'zephyrine')).toBe(false)
    expect(await found(home, 'item5end')).toBe(1)
    const kept = String(body.kept_as)
    const old = await asJson(['server', 'check', '--database', kept], home)
    expect(old.body).toMatchObject({problems: [], counts: {messages: 31}})
  })

  test.runIf(process.getuid?.() === 0)('of root belongs to whom the database belonged to', async () => {
    const {home, path} = await withBackup()
    chownSync(path, 4321, 4321)

    await runBinary(['server', 'restore', 'b.db', '--yes'], {home})
    expect(statSync(path)).toMatchObject({uid: 4321, gid: 4321})
  })

  test('what the old database had in its WAL is not applied to the new one', async () => {
    const {home, path} = await withBackup()
    const server = await serve(home)
    await runBinary(['remember', 'quagmire'], {home})
    await server.kill()
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)

    const {body} = await asJson(['server', 'restore', 'b.db', '--yes'], home)
    expect(await holds(home, 'quagmire')).toBe(false)
    const old = await asJson(['server', 'check', '--database', String(body.kept_as)], home)
    expect(old.body).toMatchObject({problems: [], counts: {messages: 32}})
  })

  test('asks first, and without anybody to ask does nothing', async () => {
    const {home} = await withBackup()
    const {exitCode, stderr} = await runBinary(['server', 'restore', 'b.db'], {home})

    expect(exitCode).toBe(2)
    expect(stderr).toContain('--yes')
    expect(await holds(home, 'zephyrine')).toBe(true)
  })

  test('is refused while a server runs on that database', async () => {
    const {home} = await withBackup()
    const server = await serve(home)

    const {exitCode, stderr} = await runBinary(['server', 'restore', 'b.db', '--yes'], {home})
    expect(exitCode).toBe(1)
    expect(stderr).toContain(server.url)
  })

  test('is refused while any other process has the database open', async () => {
    const {home, path} = await withBackup()
    // Another BMFOTE_HOME, so that no file of ours tells of it.
    const elsewhere = tempHome()
    const server = await startServerProcess({home: elsewhere.bmfote, args: ['--database', path]})
    onTestFinished(server.kill)

    const {exitCode, stderr} = await runBinary(['server', 'restore', 'b.db', '--yes'], {home})
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Another process')
    await server.stop()
    expect(await holds(home, 'zephyrine')).toBe(true)
    expect(readdirSync(home.bmfote).filter((name) => /restore|replaced/.test(name))).toEqual([])
  })

  test.each<[string, string, (file: string, home: TempHome) => Promise<void> | void]>([
    ['text', 'not a bmfote database', (file) => writeFileSync(file, 'not a database '.repeat(100))],
    ['an empty file', 'empty', (file) => writeFileSync(file, '')],
    [
      'a database of another program',
      'another program',
      (file) => execute(file, 'CREATE TABLE accounts (id INTEGER)'),
    ],
    [
      'one of a newer version',
      'newer bmfote',
      async (file, home) => {
        copyFileSync(await fill(home), file)
        await execute(file, "INSERT INTO bmfote_migrations VALUES (9999, 'later', '2030-01-01')")
      },
    ],
    [
      'one that was cut off',
      '',
      async (file, home) => {
        copyFileSync(await fill(home, 500), file)
        truncateSync(file, 100_000)
      },
    ],
    [
      'one whose index is wrong',
      '--repair',
      async (file, home) => {
        copyFileSync(await fill(home), file)
        await execute(file, 'DELETE FROM messages_fts WHERE rowid = 1')
      },
    ],
  ])('%s is refused, and replaces nothing', async (_name, sentence, make) => {
    const {home, path} = await withBackup()
    const file = join(home.path, 'bad.db')
    await make(file, tempHome())
    const before = readFileSync(path)

    const {exitCode, stderr} = await runBinary(['server', 'restore', 'bad.db', '--yes'], {home})
    expect(exitCode).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('.bmfote-restore')
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(home.bmfote).filter((name) => name.includes('restore'))).toEqual([])
  })

  test('a database of release 0.11.7 is restored, and brought up to date at the next start', async () => {
    const home = tempHome()
    await createLegacyDatabase(join(home.path, 'old.db'), 10)

    const {exitCode, body} = await asJson(['server', 'restore', 'old.db'], home)
    expect(exitCode).toBe(0)
    expect(body).toMatchObject({applied: true, is_outdated: true})
    const stats = await asJson(['stats'], home)
    // Ten, and one whose session was never stored.
    expect(stats.body).toMatchObject({messages: 11})
  })
})

describe('server token', () => {
  test('prints a token that a shell can take, a new one each time', async () => {
    const home = tempHome()
    const one = await runBinary(['server', 'token'], {home})
    const two = await runBinary(['server', 'token'], {home})

    expect(one.stdout).toMatch(/^[0-9a-f]{64}\n$/)
    expect(two.stdout).not.toBe(one.stdout)
    expect(one.stderr).toContain('fly secrets set API_TOKEN=')
  })

  test('says that one is set, and never which', async () => {
    const home = tempHome()
    const {stdout, stderr} = await runBinary(['server', 'token'], {home, env: {API_TOKEN: TOKEN}})

    expect(stderr).toContain('API_TOKEN is set here (ends in …ests)')
    expect(stdout + stderr).not.toContain(TOKEN)
  })
})
