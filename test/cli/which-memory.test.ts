import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, expect, onTestFinished, test} from 'vitest'
import {runBinary} from '../helpers/run-binary.ts'
import {SAMPLE_MESSAGES} from '../helpers/sample-messages.ts'
import {seedMemory} from '../helpers/seed-memory.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

let home: TempHome
beforeEach(async () => {
  home = tempHome()
  await seedMemory(home, SAMPLE_MESSAGES)
})

async function startServer(
  options: {home?: TempHome; env?: Record<string, string>} = {},
): Promise<ServerProcess> {
  const server = await startServerProcess({home: (options.home ?? home).bmfote, env: options.env})
  onTestFinished(() => server.stop())
  return server
}

/** Where a command finds the memory, as `stats` says it. */
async function memoryOf(env: Record<string, string> = {}): Promise<string | undefined> {
  const {stdout, stderr} = await runBinary(['stats'], {home, env})
  return /^memory +(.*)$/m.exec(stdout)?.[1] ?? stderr
}

const file = () => join(home.bmfote, 'memory.db')

test('without a server it is the file', async () => {
  expect(await memoryOf()).toBe(file())
})

test('a server that runs over the file is asked instead', async () => {
  const server = await startServer()
  expect(await memoryOf()).toBe(server.url)
})

test('a server that was killed is not waited for', async () => {
  const server = await startServer()
  await server.kill()
  expect(await memoryOf()).toBe(file())
})

test('a server that wants a token is asked by those who have it, the others read the file', async () => {
  const server = await startServer({env: {API_TOKEN: 'secret'}})
  expect(await memoryOf()).toBe(file())
  expect(await memoryOf({BMFOTE_TOKEN: 'secret'})).toBe(server.url)
})

test('a server that is named is asked, whatever is here', async () => {
  const elsewhere = tempHome()
  const server = await startServer({home: elsewhere, env: {API_TOKEN: 'secret'}})
  const named = {BMFOTE_URL: server.url, BMFOTE_TOKEN: 'secret'}

  expect(await memoryOf(named)).toBe(server.url)
  expect((await runBinary(['search', 'retry'], {home, env: named})).stdout).toBe('')
})

test('the settings of a laptop name it too, and the environment overrules them', async () => {
  const elsewhere = tempHome()
  const server = await startServer({home: elsewhere})
  mkdirSync(join(home.path, '.claude'))
  writeFileSync(join(home.path, '.claude', 'bmfote.env'), `BMFOTE_URL=${server.url}\n`)

  expect(await memoryOf()).toBe(server.url)
  expect(await memoryOf({BMFOTE_URL: ''})).toBe(file())
})

test('a server that does not answer, and a wrong token, are told', async () => {
  const unreachable = await runBinary(['search', 'x'], {home, env: {BMFOTE_URL: 'http://127.0.0.1:9'}})
  expect(unreachable).toMatchObject({exitCode: 1, stdout: ''})
  expect(unreachable.stderr).toContain("http://127.0.0.1:9 can't be reached")

  const server = await startServer({env: {API_TOKEN: 'secret'}})
  const env = {BMFOTE_URL: server.url, BMFOTE_TOKEN: 'wrong'}
  expect(await runBinary(['search', 'x'], {home, env})).toMatchObject({exitCode: 1, stdout: ''})
})
