import {execFile, spawnSync} from 'node:child_process'
import {userInfo} from 'node:os'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {OWNER} from '../callers.ts'
import {createTestServer, type TestServer} from '../test-server.ts'
import {type ManagedAgents, startManagedAgents} from './start-managed-agents.ts'

const TOKEN = 'the-token-of-the-memory'
const PROGRAM = fileURLToPath(new URL('read_with_python.py', import.meta.url))
const PYTHON_ENV = fileURLToPath(new URL('../../../scripts/python-env.mjs', import.meta.url))
const INSTALL_MS_MAX = 600_000

let memory: TestServer
let api: ManagedAgents

beforeEach(async () => {
  memory = await createTestServer({token: TOKEN})
  api = await startManagedAgents({pageSize: 2})
})
afterEach(async () => {
  await api.close()
  await memory.close()
})

test(
  'the official Python SDK, told to be strict, reads every answer and every event',
  async () => {
    const python = findPython()
    if (!python) return
    await memory.memory.recordMessages(OWNER, [
      {uuid: 'fact-1', sessionId: 'planning', type: 'assistant', content: 'The harbour opens at six.'},
    ])
    const mcpUrl = `${await memory.app.listen({host: '127.0.0.1', port: 0})}/mcp/`
    const read = () => run(python, [PROGRAM, api.url, api.key, mcpUrl, TOKEN, 'When does the harbour open?'])

    expect(await read()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The harbour opens at six.'),
    })
    expect(api.violations).toEqual([])
    // Strict it is: what is not as its types say makes it fail.
    api.faults.add({kind: 'garbage', on: 'POST /v1/agents', status: 200})
    expect(await read()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('APIResponseValidationError'),
    })
  },
  INSTALL_MS_MAX + 60_000,
)

/** Without Python there is nothing to try; in CI that is a failure, for there it must not go unnoticed. */
function findPython(): string | undefined {
  // The tests run with a HOME of their own, but what is installed once belongs to the person's cache.
  const env = {...process.env, HOME: userInfo().homedir}
  const {status, stdout, stderr} = spawnSync(process.execPath, [PYTHON_ENV], {encoding: 'utf8', env})
  if (status === 0) return stdout.trim()
  if (process.env.CI) throw new Error(stderr)
  process.stderr.write(`Not tried with the Python SDK: ${stderr.trim()}\n`)
  return undefined
}

function run(program: string, args: string[]): Promise<{code: number; stdout: string; stderr: string}> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      resolve({code: error ? Number(error.code) : 0, stdout, stderr})
    })
  })
}
