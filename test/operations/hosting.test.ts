import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {expect, onTestFinished, test} from 'vitest'
import {runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {startSqld} from '../helpers/sqld.ts'
import {tempHome} from '../helpers/temp-home.ts'
import {readRepositoryFile} from '../repo/source-files.ts'

/** What docs/hosting.md says of trouble, for the part of it that is of our making; and its lines, as they are typed. */
const TOKEN = 'token-of-the-hosting-tests'
const hosting = readRepositoryFile('docs/hosting.md')

async function remoteServer() {
  const sqld = await startSqld({auth: true})
  onTestFinished(sqld.close)
  const home = tempHome()
  const env = {TURSO_DATABASE_URL: sqld.url, TURSO_AUTH_TOKEN: sqld.token(), API_TOKEN: TOKEN}
  return {sqld, home, env}
}

const get = (url: string, token = TOKEN) => fetch(url, {headers: {authorization: `Bearer ${token}`}})

test('the two lines of Verify do as they are typed', async () => {
  const {home, env} = await remoteServer()
  const server = await startServerProcess({home: home.bmfote, env})
  onTestFinished(server.kill)
  const section = /## 4\. Verify\n\n```sh\n([\s\S]*?)```/.exec(hosting)?.[1] ?? ''
  const lines = section.trim().split('\n')

  expect(lines).toHaveLength(2)
  const type = async (line = '') => {
    const typed = line.replace('https://your-domain', server.url).replace('curl', 'curl --silent')
    const {stdout} = await promisify(execFile)('sh', ['-c', typed], {env: {...home.env, API_TOKEN: TOKEN}})
    return JSON.parse(stdout)
  }
  expect(await type(lines[0])).toEqual({status: 'ok'})
  expect(await type(lines[1])).toMatchObject({messages: 0, sessions: 0})
})

test('connection refused: without API_TOKEN it does not start, and says so in the words of the table', async () => {
  const home = tempHome()
  const {exitCode, stderr} = await runBinary(['server', 'start', '--host', '0.0.0.0', '--port', '0'], {home})

  expect(exitCode).toBe(1)
  const sentence = stderr.split('\n')[0] ?? ''
  expect(sentence).not.toBe('')
  expect(hosting).toContain(sentence)
  expect(stderr).toContain('API_TOKEN')
})

test('a remote database without API_TOKEN: the same', async () => {
  const {home, env} = await remoteServer()
  const {exitCode, stderr} = await runBinary(['server', 'start'], {home, env: {...env, API_TOKEN: ''}})

  expect(exitCode).toBe(1)
  expect(stderr).toContain('does not start without a token')
})

test('401: another token than the server has', async () => {
  const home = tempHome()
  const server = await startServerProcess({home: home.bmfote, env: {API_TOKEN: TOKEN}})
  onTestFinished(server.kill)

  const answer = await get(`${server.url}/api/stats`, 'another')
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({error: 'unauthorized', next: expect.stringContaining('Bearer')})
})

test('a database without tables: the server makes them, and counts what is there', async () => {
  const {home, env, sqld} = await remoteServer()
  const server = await startServerProcess({home: home.bmfote, env})
  onTestFinished(server.kill)

  expect((await get(`${server.url}/api/stats`)).status).toBe(200)
  const [[version] = []] = await sqld.execute('SELECT count(*) FROM bmfote_migrations')
  expect(Number(version?.[0])).toBeGreaterThan(0)
})

test('a database of another program is refused, and left as it was', async () => {
  const {home, env, sqld} = await remoteServer()
  await sqld.execute('CREATE TABLE accounts (id INTEGER)')

  const {exitCode, stderr} = await runBinary(['server', 'start', '--port', '0'], {home, env})
  expect(exitCode).toBe(1)
  expect(stderr).toContain('database of another program')
  const [tables = []] = await sqld.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
  expect(tables.flat()).toEqual(['accounts'])
})

test('tables that go away under a running server are an error, never zeros', async () => {
  const {home, env, sqld} = await remoteServer()
  const server = await startServerProcess({home: home.bmfote, env})
  onTestFinished(server.kill)
  await sqld.empty()

  const stats = await get(`${server.url}/api/stats`)
  expect(stats.status).toBeGreaterThanOrEqual(500)
  expect(await stats.json()).not.toHaveProperty('messages')
  expect((await fetch(`${server.url}/health`)).status).toBe(503)
})

test('health is 503 while the database does not answer, and 200 when it does again', async () => {
  const {home, env, sqld} = await remoteServer()
  const server = await startServerProcess({home: home.bmfote, env})
  onTestFinished(server.kill)
  await sqld.kill()

  const ill = await fetch(`${server.url}/health`)
  expect(ill.status).toBe(503)
  expect(await ill.json()).toEqual({
    status: 'unhealthy',
    error: 'The database does not answer (unavailable).',
  })
  const status = await runBinary(['server', 'status'], {
    home,
    env: {BMFOTE_URL: server.url, BMFOTE_TOKEN: TOKEN},
  })
  expect(status.exitCode).toBe(1)
  await sqld.restart()
  await expect.poll(async () => (await fetch(`${server.url}/health`)).status, {timeout: 20_000}).toBe(200)
})
