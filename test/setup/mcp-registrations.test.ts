import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import {StdioClientTransport} from '@modelcontextprotocol/client/stdio'
import {parse} from 'jsonc-parser'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {runBinary} from '../helpers/run-binary.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {createTempHome, type TempHome, tempHome} from '../helpers/temp-home.ts'

const TOKEN = 'a-long-random-token'

/** A file that registers our server, and the source that what is remembered through it carries. */
const FILES = [
  {path: '.claude.json', source: 'claude-code'},
  {path: '.cursor/mcp.json', source: 'cursor'},
  {path: '.config/devin/mcp_config.json', source: 'windsurf'},
  {path: '.codeium/windsurf/mcp_config.json', source: 'windsurf'},
  {path: '.codeium/windsurf-next/mcp_config.json', source: 'windsurf'},
]

interface Registration {
  url?: string
  serverUrl?: string
  headers?: Record<string, string>
  command?: string
  args?: string[]
  env?: Record<string, string>
}

let serverHome: TempHome
let server: ServerProcess

beforeAll(async () => {
  serverHome = createTempHome()
  server = await startServerProcess({home: serverHome.bmfote, env: {API_TOKEN: TOKEN}})
})
afterAll(async () => {
  await server.stop()
  serverHome.remove()
})

describe.each([
  ['with a server', () => ['--url', server.url, '--token', TOKEN]],
  ['with the local file', () => ['--local']],
])('%s', (_name, connection) => {
  test.each(FILES)('$path: a client that goes by it calls all five tools', async ({path, source}) => {
    const home = tempHome()
    for (const folder of [
      '.claude',
      '.cursor',
      '.config/devin',
      '.codeium/windsurf',
      '.codeium/windsurf-next',
    ]) {
      mkdirSync(join(home.path, folder), {recursive: true})
    }
    const names = ['claude-code', 'cursor', 'windsurf']
    const workspace = `of ${path}`
    const flags = ['--author', 'Zoë', '--workspace', workspace]
    const {exitCode} = await runBinary(['setup', ...names, ...connection(), ...flags], {home})
    expect(exitCode).toBe(0)

    const client = await connect(readRegistration(home, path), home)
    const call = async (name: string, args: object) => {
      const {structuredContent, isError} = await client.callTool({name, arguments: {...args}})
      expect(isError).not.toBe(true)
      return structuredContent as Record<string, unknown>
    }
    await client.listTools()
    const {uuid, workspace_id} = await call('remember', {
      content: 'Error: the quokka needs port 4242',
      topic: 'ports',
    })
    expect(workspace_id).toBe(workspace)
    expect((await call('search_memory', {query: 'quokka port'})).hits).toMatchObject([
      {uuid, source, author: 'Zoë'},
    ])
    expect((await call('get_recent', {})).messages).toMatchObject([{uuid, source, author: 'Zoë'}])
    expect(await call('get_context', {uuid})).toMatchObject({message: {uuid}})
    expect(await call('find_error', {error_text: 'the quokka needs port 4242'})).toHaveProperty('errors')
    await client.close()
  })
})

/** As the tool reads its file: expanded, with its own environment, in which nothing of ours is. */
function readRegistration(home: TempHome, path: string): Registration {
  const text = readFileSync(join(home.path, path), 'utf8')
  const expanded = text.replace(/\$\{userHome\}/g, home.path).replace(/\$\{env:\w+\}/g, '')
  expect(expanded).toBe(text)
  const {mcpServers}: {mcpServers: Record<string, Registration>} = parse(expanded)
  expect(Object.keys(mcpServers)).toEqual(['bmfote-memory'])
  return mcpServers['bmfote-memory'] ?? {}
}

async function connect(registration: Registration, home: TempHome): Promise<Client> {
  const {url, serverUrl, headers, command, args, env} = registration
  const address = url ?? serverUrl
  const {PATH = '', TMPDIR = ''} = home.env
  const transport =
    address === undefined
      ? new StdioClientTransport({command: command ?? '', args, env: {PATH, TMPDIR, HOME: home.path, ...env}})
      : new StreamableHTTPClientTransport(new URL(address), {requestInit: {headers}})
  const client = new Client({name: 'test-client', version: '1.0.0'})
  await client.connect(transport)
  return client
}
