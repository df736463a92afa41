import {expect, test} from 'vitest'
import {Client} from './client.ts'
import {zonedNow} from './clock.ts'
import {recordExchange} from './record-exchange.ts'
import type {WireMessage} from './wire-message.ts'

type Answer = (path: string, init?: RequestInit) => Response | Promise<Response>

function setUp(
  answer: Answer,
  options: {timeout?: number} = {},
): {client: Client; asked: string[]; warnings: string[]} {
  const asked: string[] = []
  const warnings: string[] = []
  const client = new Client({
    url: 'http://memory.example/',
    logger: {warn: (text) => void warnings.push(text)},
    fetch: async (url, init) => {
      const path = String(url).replace('http://memory.example', '')
      asked.push(`${init?.method} ${path.replace(/\?.*/, '')}`)
      return answer(path, init)
    },
    ...options,
  })
  return {client, asked, warnings}
}

function stored(init?: RequestInit): Response {
  const messages = JSON.parse(String(init?.body)) as WireMessage[]
  return Response.json({results: messages.map(({uuid}) => ({uuid, status: 'ok'}))})
}

test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1e20, 0.5])(
  'a timeout of %d is no trouble',
  async (timeout) => {
    const {client, warnings} = setUp(() => Response.json([]), {timeout})

    expect(await client.search('x')).toEqual([])
    expect(warnings).toEqual([])
  },
)

test('a redirect is named, and not followed: it would make a GET of a POST, and may lead the token elsewhere', async () => {
  const {client, warnings} = setUp(
    () => new Response(null, {status: 301, headers: {location: 'https://memory.example/'}}),
  )

  expect(await client.recent()).toEqual([])
  expect(warnings).toEqual([
    'bmfote: recent: The server at http://memory.example is somewhere else: https://memory.example/. Give the address that it redirects to.',
  ])
})

test.each([
  ['that is away', () => Promise.reject(new TypeError('fetch failed'))],
  ['that does not take the token', () => Response.json({error: 'unauthorized'}, {status: 401})],
  ['that is no memory', () => Response.json({hello: 'world'})],
])(
  'a server %s is warned of once, also where only tools ask; the model is told to go on',
  async (_, answer) => {
    const {client, warnings} = setUp(answer)
    const away = {text: expect.stringMatching(/can't be reached right now/), isError: true}

    expect(await client.callTool('search_memory', {query: 'x'})).toEqual(away)
    expect(await client.callTool('get_recent', {})).toEqual(away)
    expect(warnings).toEqual([expect.stringMatching(/^bmfote: search_memory: /)])
  },
)

test('what a tool was asked for and is not there is for the model, and no warning', async () => {
  const {client, warnings} = setUp(() =>
    Response.json({code: 'not_found', message: 'There is no message u.'}, {status: 404}),
  )

  const {text, isError} = await client.callTool('get_context', {uuid: 'u'})
  expect({isError, isAway: text.includes('right now')}).toEqual({isError: true, isAway: false})
  expect(warnings).toEqual([])
})

test('an old server is recalled from by its search, and asked only once whether it is one', async () => {
  const {client, asked} = setUp((path) =>
    path.startsWith('/api/recall') ? Response.json({detail: 'Not Found'}, {status: 404}) : Response.json([]),
  )
  await client.recall({query: 'x'})
  await client.recall({query: 'x'})

  expect(asked).toEqual(['GET /api/recall', 'GET /api/search', 'GET /api/search'])
})

test('an old server is sent no more of a message than it takes', async () => {
  const bodies: WireMessage[] = []
  const {client} = setUp((path, init) => {
    if (path === '/api/messages/batch') return Response.json({detail: 'Not Found'}, {status: 404})
    if (path === '/api/messages') bodies.push(JSON.parse(String(init?.body)))
    return Response.json({uuid: 'u', status: 'ok'})
  })
  await client.session('acme').recordUser(`${'x'.repeat(60_000)}`)
  await client.flush()

  expect(bodies[0]?.content).toHaveLength(50_000)
  expect(bodies[0]?.content).toMatch(/\[cut: 60000 characters\]$/)
})

test('what can not be a message breaks nothing', async () => {
  const {client, warnings} = setUp((_, init) => stored(init))
  const session = client.session('acme')
  const round: {self?: unknown} = {}
  round.self = round
  for (const odd of [
    null,
    undefined,
    5,
    [null],
    [{type: 'tool_use', name: 'x', input: round}],
    {content: [[]]},
    round,
  ]) {
    await recordExchange(session, odd as string, odd as string)
  }
  await session.recordUser('half a pair \ud83d')

  expect(await client.flush()).toBe(0)
  expect(warnings).toEqual([])
})

test('the time is told with its offset', () => {
  const now = new Date('2026-05-20T10:00:00Z')

  expect(new Date(zonedNow(now)).getTime()).toBe(now.getTime())
  expect(zonedNow(now)).toMatch(/^2026-05-\d\dT\d\d:00:00\.000[+-]\d\d:\d\d$/)
})
