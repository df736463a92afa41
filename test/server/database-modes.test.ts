import {copyFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createClient} from '@libsql/client/sqlite3'
import {afterAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {startFaultProxy} from '../helpers/fault-proxy.ts'
import {BINARY, runBinary, startBinary} from '../helpers/run-binary.ts'
import {type ServerProcess, type ServerProcessOptions, startServerProcess} from '../helpers/server-process.ts'
import {startSqld} from '../helpers/sqld.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {tempHome} from '../helpers/temp-home.ts'

const sqld = await startSqld({auth: true})
const proxy = await startFaultProxy(sqld.port)
afterAll(async () => {
  await proxy.close()
  await sqld.close()
})
beforeEach(() => sqld.empty())

const TOKEN = 'the-token'
const remote = () => ({TURSO_DATABASE_URL: `${proxy.url}`, TURSO_AUTH_TOKEN: sqld.token(), API_TOKEN: TOKEN})

async function start(options: ServerProcessOptions): Promise<ServerProcess> {
  const server = await startServerProcess(options)
  onTestFinished(() => server.kill())
  return server
}

async function call(server: ServerProcess, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return response.json()
}

const record = (server: ServerProcess, uuid: string, more: Record<string, unknown> = {}) =>
  call(server, '/api/messages', {session_id: 's', uuid, content: `the words of ${uuid}`, ...more})

describe('the binary alone, away from everything it was built from', () => {
  const modes: [string, (folder: string) => Record<string, string>, string][] = [
    ['file', () => ({API_TOKEN: TOKEN}), 'skipped'],
    ['remote', () => remote(), 'skipped'],
    ['replica', (folder) => ({...remote(), BMFOTE_REPLICA: join(folder, 'replica.db')}), 'synced'],
  ]

  test.each(modes)('keeps the memory in a %s database', async (mode, environment, sync) => {
    const home = tempFolder()
    const binary = join(home, 'bmfote')
    copyFileSync(BINARY, binary)
    const env = environment(home)
    const first = await start({home, binary, env})
    await record(first, 'u1')
    expect(await call(first, '/api/search?q=words')).toMatchObject([{uuid: 'u1'}])
    expect(await call(first, '/api/sync', {})).toMatchObject({status: sync})
    expect(await call(first, '/api/status')).toMatchObject({mode})
    await first.stop()

    const second = await start({home, binary, env})

    expect(await call(second, '/api/message/u1')).toMatchObject({content: 'the words of u1'})
    await second.stop()
  })

  test('with a replica, says nothing on stdout but that it runs, also while the primary is away', async () => {
    const home = tempHome()
    const env = {...remote(), BMFOTE_REPLICA: join(home.path, 'replica.db')}
    const child = startBinary(['server', 'start', '--port', '0'], {home, env})
    onTestFinished(() => void child.kill('SIGKILL'))
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    await expect.poll(() => stdout, {timeout: 30_000}).toContain('Ctrl-C stops it')
    const url = /http:\/\/\S+?(?=\s)/.exec(stdout)?.[0] ?? ''
    await proxy.set({kind: 'refuse'})
    onTestFinished(() => proxy.set({kind: 'none'}))

    const headers = {authorization: `Bearer ${TOKEN}`}
    const refused = await fetch(`${url}/api/remember`, {
      method: 'POST',
      headers: {...headers, 'content-type': 'application/json'},
      body: JSON.stringify({content: 'not now'}),
    })

    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await fetch(`${url}/api/recent`, {headers})).status).toBe(200)
    expect(await (await fetch(`${url}/api/sync`, {method: 'POST', headers})).json()).toMatchObject({
      status: 'skipped',
    })
    expect(stdout).not.toContain('ERROR')
    expect(stdout.trimEnd()).toMatch(/Ctrl-C stops it\.$/)
  })

  test('with a replica whose fetch hangs, goes on writing and ends when it is told to', async () => {
    const home = tempFolder()
    const server = await start({home, env: {...remote(), BMFOTE_REPLICA: join(home, 'replica.db')}})
    await proxy.set({kind: 'silent_replication'})
    onTestFinished(() => proxy.set({kind: 'none'}))
    await record(server, 'u1')
    await record(server, 'u2')
    await server.stop()

    expect(server.child.exitCode).toBe(0)
  })

  test('a second server on the same replica is refused', async () => {
    const home = tempHome()
    const env = {...remote(), BMFOTE_REPLICA: join(home.path, 'replica.db')}
    await start({home: home.bmfote, env})

    const second = await runBinary(['server', 'start', '--port', '0'], {
      home,
      env: {...env, BMFOTE_HOME: join(home.path, 'other')},
    })

    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain('Another process has the copy of the database')
  })

  test('a replica outlives its server being killed while it writes', async () => {
    const home = tempFolder()
    const path = join(home, 'replica.db')
    const env = {...remote(), BMFOTE_REPLICA: path}
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const server = await start({home, env})
      const write = async (writer: number) => {
        for (let n = 0; ; n++) {
          const uuid = `r${round}-w${writer}-${n}`
          await record(server, uuid)
          acknowledged.push(uuid)
        }
      }
      // Each writes until its server is gone.
      const writers = [0, 1, 2, 3].map((writer) => write(writer).catch(() => undefined))
      const target = acknowledged.length + 60
      await expect.poll(() => acknowledged.length, {timeout: 20_000}).toBeGreaterThan(target)
      await server.kill()
      await Promise.all(writers)
    }

    const server = await start({home, env})
    const stats = (await call(server, '/api/stats')) as {messages: number}
    await server.stop()
    const copy = createClient({url: `file:${path}`})
    const integrity = await copy.execute('PRAGMA integrity_check')
    const inCopy = await copy.execute('SELECT uuid FROM messages ORDER BY uuid')
    copy.close()
    const [inPrimary = []] = await sqld.execute('SELECT uuid FROM messages ORDER BY uuid')

    expect(integrity.rows[0]?.[0]).toBe('ok')
    expect(inCopy.rows.map((row) => row[0])).toEqual(inPrimary.flat())
    const stored = new Set(inPrimary.flat())
    expect(acknowledged.filter((uuid) => !stored.has(uuid))).toEqual([])
    expect(stats.messages).toBe(stored.size)
  })
})

describe('two servers on one remote database', () => {
  test('lose nothing, double nothing, and keep workspaces apart', async () => {
    const servers = await Promise.all([1, 2].map(() => start({home: tempFolder(), env: remote()})))

    await Promise.all(
      servers.map(async (server, index) => {
        for (let n = 0; n < 60; n++) {
          // Every third message comes to both, as a client does that was told to try again.
          const uuid = n % 3 === 0 ? `both-${n}` : `server${index}-${n}`
          const workspace = n % 2 === 0 ? 'even' : 'odd'
          expect(
            await record(server, uuid, {workspace_id: workspace, content: `thing ${n} of ${workspace}`}),
          ).toMatchObject({
            status: 'ok',
          })
        }
      }),
    )

    for (const server of servers) {
      expect(await call(server, '/api/stats?workspace_id=even')).toMatchObject({messages: 50, sessions: 1})
      expect(await call(server, '/api/stats?workspace_id=odd')).toMatchObject({messages: 50, sessions: 1})
      const hits = (await call(server, '/api/search?q=thing&limit=100&workspace_id=odd')) as {
        uuid: string
        snippet: string
      }[]
      expect(hits.length).toBeGreaterThan(20)
      expect(hits.filter(({snippet}) => !snippet.includes('odd'))).toEqual([])
      expect(await call(server, '/api/message/both-0?workspace_id=odd')).toMatchObject({code: 'not_found'})
    }
    expect(
      await sqld.execute('SELECT sum(stored_count), (SELECT max(revision) FROM messages) FROM sessions'),
    ).toEqual([[['100', '1']]])
  })
})

describe('what a folder has', () => {
  test('a .env that is not read is named, its values are not', async () => {
    const home = tempHome()
    writeFileSync(
      join(home.path, '.env'),
      'TURSO_DATABASE_URL=libsql://secret-place\nAPI_TOKEN=secret-word\nOTHER=x\n',
    )
    const child = startBinary(['server', 'start', '--port', '0'], {home})
    onTestFinished(() => void child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))

    await expect.poll(() => output, {timeout: 30_000}).toContain('Ctrl-C stops it')

    expect(output).toContain('The .env in this folder has TURSO_DATABASE_URL, API_TOKEN, and is not read.')
    expect(output).not.toMatch(/secret|OTHER/)
    expect(output).toContain('memory.db')
  })

  test('--env-file reads it, and says nothing then', async () => {
    const home = tempHome()
    const file = join(home.path, '.env')
    const lines = Object.entries(remote()).map(([name, value]) => `${name}=${value}`)
    writeFileSync(file, lines.join('\n'))
    const server = await start({home: home.bmfote, args: ['--env-file', file]})

    await record(server, 'u1')

    expect(await sqld.execute('SELECT uuid FROM messages')).toEqual([[['u1']]])
  })

  test('--env-file that is not there is a mistake', async () => {
    const result = await runBinary(['server', 'start', '--env-file', 'nowhere.env'], {home: tempHome()})

    expect(result.exitCode).toBe(2)
    expect(result.stderr).toContain("The file nowhere.env can't be read.")
  })
})
