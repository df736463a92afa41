import {randomUUID} from 'node:crypto'
import {fileURLToPath} from 'node:url'
import {Client, type ClientOptions, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import {StdioClientTransport} from '@modelcontextprotocol/client/stdio'
import {Client as OldClient} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport as OldStdioTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {StreamableHTTPClientTransport as OldHttpTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {QUOTED_NOTICE} from '../../src/lib/client/tools/quote.ts'
import {PRODUCT} from '../../src/lib/config/product.ts'
import {createTempHome, type TempHome} from '../helpers/temp-home.ts'
import {createTestServer, type TestServer} from '../helpers/test-server.ts'

const TOKEN = 'the-token'
const ME = {name: 'test-client', version: '1.0.0'}
const NAMES = ['search_memory', 'find_error', 'get_context', 'get_recent', 'remember']

/** The part that the official clients of both eras have in common. */
interface AnyClient {
  listTools(): Promise<{
    tools: {name: string; annotations?: object; outputSchema?: object; inputSchema: object}[]
  }>
  callTool(call: {name: string; arguments: Record<string, unknown>}): Promise<unknown>
  getInstructions(): string | undefined
  getServerVersion(): {name: string; version: string} | undefined
  close(): Promise<void>
}

interface Result {
  content: {type: string; text: string}[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}

interface Way {
  name: string
  connect(): Promise<AnyClient>
  /** The revision that the two agreed on. */
  speaks?: string
}

let server: TestServer
let url: string
let home: TempHome

beforeAll(async () => {
  server = await createTestServer({token: TOKEN})
  url = await server.app.listen({host: '127.0.0.1', port: 0})
  home = createTempHome()
})
afterAll(async () => {
  await server.close()
  home.remove()
})

const requestInit = {headers: {authorization: `Bearer ${TOKEN}`}}
const bun = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url))
const program = fileURLToPath(new URL('../../bin/run.ts', import.meta.url))
const stdio = () => ({command: bun, args: [program, 'mcp'], env: home.env, stderr: 'pipe' as const})

async function connect(
  options: ClientOptions,
  transport: StreamableHTTPClientTransport | StdioClientTransport,
) {
  const client = new Client(ME, options)
  await client.connect(transport)
  return client
}

async function connectOld(transport: OldHttpTransport | OldStdioTransport): Promise<AnyClient> {
  const client = new OldClient(ME)
  // Its own transport types disagree with each other under exact optional properties.
  await client.connect(transport as Parameters<typeof client.connect>[0])
  return client
}

const newest: ClientOptions = {versionNegotiation: {mode: {pin: '2026-07-28'}}}
const choosing: ClientOptions = {versionNegotiation: {mode: 'auto'}}
const http = (path: string) => new StreamableHTTPClientTransport(new URL(`${url}${path}`), {requestInit})
const oldHttp = (path: string) => new OldHttpTransport(new URL(`${url}${path}`), {requestInit})

const WAYS: Way[] = [
  {name: 'new client, 2026-07-28', connect: () => connect(newest, http('/mcp')), speaks: '2026-07-28'},
  {name: 'new client that chooses', connect: () => connect(choosing, http('/mcp')), speaks: '2026-07-28'},
  {name: 'new client, initialize', connect: () => connect({}, http('/mcp')), speaks: '2025-11-25'},
  {name: 'new client at /mcp/', connect: () => connect(newest, http('/mcp/'))},
  {name: 'old client', connect: () => connectOld(oldHttp('/mcp'))},
  {name: 'old client at /mcp/', connect: () => connectOld(oldHttp('/mcp/'))},
  {name: 'new client over stdio', connect: () => connect(newest, new StdioClientTransport(stdio()))},
  {name: 'new client over stdio, initialize', connect: () => connect({}, new StdioClientTransport(stdio()))},
  {name: 'old client over stdio', connect: () => connectOld(new OldStdioTransport(stdio()))},
]

describe.each(WAYS)('$name', ({connect, speaks}) => {
  let client: AnyClient
  beforeAll(async () => {
    client = await connect()
  })
  afterAll(() => client.close())

  const call = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({name, arguments: args})) as Result

  test('meets the server, and learns when to recall and when to remember', async () => {
    expect(client.getServerVersion()).toMatchObject({name: 'bmfote', version: PRODUCT.version})
    expect(client.getInstructions()).toMatch(/Recall[\s\S]+Remember/)
    expect(Buffer.byteLength(client.getInstructions() ?? '')).toBeLessThan(2_048)
    if (speaks) expect((client as Client).getNegotiatedProtocolVersion()).toBe(speaks)
  })

  test('lists five tools that say what they do to the world', async () => {
    const {tools} = await client.listTools()

    expect(tools.map(({name}) => name)).toEqual(NAMES)
    for (const {name, annotations, outputSchema} of tools) {
      expect(annotations).toMatchObject({
        readOnlyHint: name !== 'remember',
        destructiveHint: false,
        openWorldHint: false,
      })
      expect(outputSchema).toMatchObject({type: 'object'})
    }
  })

  test('remembers, finds it again, and reads it in its context', async () => {
    const workspace = randomUUID()
    await client.listTools()

    const remembered = await call('remember', {
      content: 'Error: the quokka service needs port 4242',
      topic: 'ports',
      project: 'zoo',
      workspace,
    })
    const {uuid, session_id} = remembered.structuredContent as {uuid: string; session_id: string}
    const found = await call('search_memory', {query: 'which port for the quokka?', limit: 5, workspace})
    const error = await call('find_error', {error_text: 'the quokka service needs port 4242', workspace})
    const recent = await call('get_recent', {limit: 3, workspace})
    const context = await call('get_context', {uuid, workspace})

    expect(remembered.content[0]?.text).toContain(uuid)
    expect(session_id).toBe('agent-memory-zoo')
    for (const {content, isError, structuredContent} of [found, error, recent, context]) {
      const text = content[0]?.text ?? ''
      expect(isError ?? false).toBe(false)
      expect(text).toContain(QUOTED_NOTICE)
      expect(text).toMatch(/^> .*4242/m)
      for (const part of [uuid, session_id, 'project zoo', 'source mcp']) expect(text).toContain(part)
      expect(JSON.stringify(structuredContent)).toContain(uuid)
    }
  })

  test.each([
    ['remember', {content: '  '}, 'There is nothing to remember: the content is empty.'],
    ['remember', {}, 'The argument "content" is missing.'],
    ['search_memory', {query: 5}, 'The argument "query" must be a string.'],
    ['search_memory', {query: 'x', type: 'system'}, 'The argument "type" must be one of: user, assistant.'],
    ['get_recent', {hours: 'all'}, 'The argument "hours" must be a number.'],
    ['get_context', {uuid: 'none'}, 'There is no message with the uuid none here.'],
  ])('%s with %j is answered in words', async (name, args, sentence) => {
    const {isError, content} = await call(name, args)

    expect(isError).toBe(true)
    expect(content[0]?.text).toContain(sentence)
  })

  test('limits are clamped, and nulls count as left out', async () => {
    for (const limit of [0, -5, 1e9, null]) {
      const {isError} = await call('search_memory', {query: 'x', limit, type: null, workspace: null})
      expect([limit, isError ?? false]).toEqual([limit, false])
    }
  })

  test('a tool that is not there is an error of the protocol', async () => {
    await expect(call('forget_everything', {})).rejects.toThrow('There is no tool')
  })
})

test('without the token no client gets in', async () => {
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`))

  await expect(new Client(ME, newest).connect(transport)).rejects.toThrow()
})
