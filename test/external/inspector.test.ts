import {join} from 'node:path'
import {afterAll, beforeAll, expect, inject, test} from 'vitest'
import {BINARY} from '../helpers/run-binary.ts'
import {type BinaryServer, type ProgramResult, runNode, startServerBinary} from './program.ts'

const TOKEN = 'inspector-token'

let server: BinaryServer
beforeAll(async () => {
  server = await startServerBinary({API_TOKEN: TOKEN})
})
afterAll(() => server.stop())

function inspect(...args: string[]): Promise<ProgramResult> {
  const cwd = join(inject('strangers'), 'node_modules/@modelcontextprotocol/inspector')
  const cli = ['clients/launcher/build/index.js', '--cli', ...args, '--format', 'json']
  return runNode(cli, {cwd, env: {HOME: server.home.path, BMFOTE_HOME: server.home.bmfote}})
}

const overHttp = () => [
  `${server.url}/mcp`,
  ...['--transport', 'http', '--header', `Authorization: Bearer ${TOKEN}`, '--stored-auth-only'],
]
const call = (name: string, ...args: string[]) => [
  ...['--method', 'tools/call', '--tool-name', name],
  ...args.flatMap((arg) => ['--tool-arg', arg]),
]

test('the inspector lists the tools', async () => {
  const {exitCode, output} = await inspect(...overHttp(), '--method', 'tools/list', '--strict')

  expect(exitCode).toBe(0)
  expect(JSON.parse(output).result.tools.map(({name}: {name: string}) => name)).toEqual([
    'search_memory',
    'find_error',
    'get_context',
    'get_recent',
    'remember',
  ])
})

test('the inspector remembers and finds again', async () => {
  const written = await inspect(...overHttp(), ...call('remember', 'content=The port is 4242', 'project=zoo'))
  const found = await inspect(...overHttp(), ...call('search_memory', 'query=which port'))

  expect([written.exitCode, found.exitCode]).toEqual([0, 0])
  const {uuid} = JSON.parse(written.output).result.structuredContent
  expect(JSON.parse(found.output).result.structuredContent.hits).toMatchObject([{uuid, project: 'zoo'}])
})

test('the inspector gets a wrong argument as the tool’s error', async () => {
  const {exitCode} = await inspect(...overHttp(), ...call('get_context', 'uuid=none'))

  expect(exitCode).toBe(5)
})

test('the inspector is kept out without the token', async () => {
  const {exitCode} = await inspect(
    `${server.url}/mcp`,
    '--transport',
    'http',
    '--method',
    'tools/list',
    '--stored-auth-only',
  )

  expect(exitCode).toBe(3)
})

test('the inspector speaks to the binary over stdio', async () => {
  const {exitCode, output} = await inspect(BINARY, 'mcp', '--method', 'tools/list')

  expect(exitCode).toBe(0)
  expect(JSON.parse(output).result.tools).toHaveLength(5)
})
