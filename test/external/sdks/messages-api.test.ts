import Anthropic from '@anthropic-ai/sdk'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {betaTools, Client, recordExchange, recordStream} from '../../../src/lib/client/node.ts'
import {type ServerProcess, startServerProcess} from '../../helpers/server-process.ts'
import {tempFolder} from '../../helpers/temp-folder.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
} from '../claude/stand-in-api.ts'

let api: StandInApi

beforeAll(async () => {
  api = await startStandInApi(answer)
})
afterAll(() => api.close())

function answer(request: ApiRequest): Answer {
  const words = lastWords(request)
  const known = /The code word is (\w+)/.exec(words)?.[1]
  if (request.tools && !words.includes('tool_result')) {
    return {
      blocks: [
        {type: 'text', text: 'I will look.'},
        {type: 'tool_use', name: 'search_memory', input: {query: 'code word'}},
      ],
    }
  }
  return {blocks: [{type: 'text', text: known ? `It is ${known}.` : 'Noted.'}]}
}

async function setUp(): Promise<{server: ServerProcess; client: Client; anthropic: Anthropic}> {
  const server = await startServerProcess({home: tempFolder()})
  return {
    server,
    client: new Client({url: server.url}),
    anthropic: new Anthropic({baseURL: api.url, apiKey: 'sk-ant-test-000'}),
  }
}

test("the official SDK's own tool runner answers from memory", async () => {
  const {server, client, anthropic} = await setUp()
  await client.remember('The code word is Zanzibar', {project: 'acme'})
  await client.flush()

  const message = await anthropic.beta.messages.toolRunner({
    model: 'claude-sonnet-5-5',
    max_tokens: 100,
    tools: betaTools(client),
    messages: [{role: 'user', content: 'What is the code word?'}],
  })

  expect(message.content).toMatchObject([{type: 'text', text: 'Noted.'}])
  const last = api.requests.at(-1)
  expect(lastWords(last as ApiRequest)).toContain('Zanzibar')
  await client.close()
  await server.kill()
})

test('a stream of either kind is recorded once, when it ends', async () => {
  const {server, client, anthropic} = await setUp()
  const session = client.session('acme')
  const params = {model: 'claude-sonnet-5-5', max_tokens: 100}

  const raw = await anthropic.messages.create({
    ...params,
    messages: [{role: 'user', content: 'one'}],
    stream: true,
  })
  for await (const event of recordStream(session, 'one', raw)) expect(event.type).toBeTruthy()
  const helper = anthropic.messages.stream({...params, messages: [{role: 'user', content: 'two'}]})
  await recordExchange(session, 'two', helper)
  await session.close()

  const messages = await client.recent({sessionId: session.sessionId})
  expect(messages.map(({content}) => content)).toEqual(['Noted.', 'two', 'Noted.', 'one'])
  await server.kill()
})

test('a stream that breaks is recorded as far as it came, and breaks for the program as it did', async () => {
  const {server, client, anthropic} = await setUp()
  const session = client.session('acme')
  const stream = await anthropic.messages.create({
    model: 'claude-sonnet-5-5',
    max_tokens: 100,
    messages: [{role: 'user', content: 'one'}],
    stream: true,
  })
  for await (const event of recordStream(session, 'one', stream)) {
    if (event.type === 'content_block_delta') break
  }
  await session.close()

  expect(stream.controller.signal.aborted).toBe(true)
  const messages = await client.recent({sessionId: session.sessionId})
  expect(messages.map(({content}) => content)).toEqual(['Noted.', 'one'])
  await server.kill()
})
