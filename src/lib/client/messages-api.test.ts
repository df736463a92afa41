import {expect, test, vi} from 'vitest'
import {Client} from './client.ts'
import {betaTools, handleToolUse, isMemoryTool, runTools, TOOL_SPECS} from './messages-api.ts'

/** A client whose server finds one hit, and whose requests are kept. */
function setUp(): {client: Client; asked: string[]} {
  const asked: string[] = []
  const client = new Client({
    url: 'http://memory.example',
    fetch: async (url, init) => {
      asked.push(`${init?.method} ${String(url)}`)
      const bodies = typeof init?.body === 'string' ? JSON.parse(init.body) : []
      if (init?.method === 'POST')
        return Response.json({results: bodies.map(({uuid}: {uuid: string}) => ({uuid, status: 'ok'}))})
      return Response.json([
        {uuid: 'u', session_id: 's', snippet: 'the port is 4242', content: 'it is 4242', type: 'user'},
      ])
    },
  })
  return {client, asked}
}

const call = (name: string, input: unknown = {}) => ({
  type: 'tool_use' as const,
  id: `id-${name}`,
  name,
  input,
})

test('the tools are those of the MCP server', () => {
  expect(TOOL_SPECS.map(({name}) => name)).toEqual([
    'search_memory',
    'find_error',
    'get_context',
    'get_recent',
    'remember',
  ])
  expect(isMemoryTool('remember')).toBe(true)
  expect(isMemoryTool('Bash')).toBe(false)
})

test('a loop answers the calls of both, yours and the memory’s, until there are none', async () => {
  const {client} = setUp()
  const responses = [
    {
      content: [
        {type: 'text', text: 'Looking.'},
        call('search_memory', {query: 'port'}),
        call('add', {a: 1, b: 2}),
        call('fail'),
      ],
      stop_reason: 'tool_use',
    },
    {content: [{type: 'text', text: '4242'}], stop_reason: 'end_turn'},
  ]
  const seen: unknown[][] = []
  const messages = [{role: 'user' as const, content: 'Which port?'}]

  const response = await runTools(
    async (all) => {
      seen.push(structuredClone(all))
      return responses[seen.length - 1] ?? {content: []}
    },
    {
      client,
      messages,
      tools: {
        add: (input) => ({sum: (input as {a: number; b: number}).a + (input as {b: number}).b}),
        fail: () => {
          throw new Error('broken')
        },
      },
    },
  )

  expect(response).toBe(responses[1])
  expect(messages).toHaveLength(1)
  expect(seen[1]?.slice(1)).toEqual([
    {role: 'assistant', content: responses[0]?.content},
    {
      role: 'user',
      content: [
        {type: 'tool_result', tool_use_id: 'id-search_memory', content: expect.stringContaining('4242')},
        {type: 'tool_result', tool_use_id: 'id-add', content: '{"sum":3}'},
        {type: 'tool_result', tool_use_id: 'id-fail', content: 'broken', is_error: true},
      ],
    },
  ])
})

test('an answer that only looks like one does not break the agent', async () => {
  const client = new Client({
    url: 'http://memory.example',
    fetch: async () => Response.json([{uuid: 'u', session_id: 's'}]),
  })

  expect(await handleToolUse(call('get_recent'), client)).toMatchObject({
    is_error: true,
    content: "The memory can't be reached right now. Go on without it.",
  })
})

test('a loop ends after its rounds, whatever the model wants', async () => {
  const {client} = setUp()
  const ask = vi.fn(async () => ({content: [call('get_recent')]}))
  await runTools(ask, {client, messages: [{role: 'user' as const, content: 'x'}], maxRounds: 3})

  expect(ask).toHaveBeenCalledTimes(3)
})

test("a tool of the SDK's runner gives text, and throws what the model is to read as an error", async () => {
  const {client} = setUp()
  const [search] = betaTools(client)

  expect(search).toMatchObject({type: 'custom', name: 'search_memory', input_schema: {type: 'object'}})
  expect(await search?.run({query: 'port'})).toContain('4242')
  await expect(search?.run({})).rejects.toThrow('The argument "query" is missing.')
})

test('the workspace of the client holds for its tools, unless the agent names another', async () => {
  const {asked} = setUp()
  const client = new Client({
    url: 'http://memory.example',
    workspace: 'mine',
    fetch: async (url) => {
      asked.push(String(url))
      return Response.json([])
    },
  })
  await handleToolUse(call('get_recent'), client)
  await handleToolUse(call('get_recent', {workspace: 'theirs'}), client)

  expect(asked.map((url) => /workspace_id=(\w+)/.exec(url)?.[1])).toEqual(['mine', 'theirs'])
})
