import {describe, expect, test} from 'vitest'
import {openTestServer} from '../../../test/helpers/test-server.ts'

const TOKEN = 'a-long-random-word'
const bearer = {authorization: `Bearer ${TOKEN}`}

describe('the token', () => {
  test.each([
    ['as Bearer', `Bearer ${TOKEN}`],
    ['whatever the case of the scheme', `bearer ${TOKEN}`],
    ['with more than one space', `Bearer  ${TOKEN} `],
  ])('is taken %s', async (_name, authorization) => {
    const {app} = await openTestServer({token: TOKEN})

    expect((await app.inject({url: '/api/stats', headers: {authorization}})).statusCode).toBe(200)
  })

  test.each([
    ['none', undefined],
    ['an empty one', 'Bearer '],
    ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}x`],
    ['another scheme', `Basic ${TOKEN}`],
    ['no scheme', TOKEN],
  ])('%s is refused, in the words of the contract', async (_name, authorization) => {
    const {app} = await openTestServer({token: TOKEN})

    const answer = await app.inject({url: '/api/stats', headers: authorization ? {authorization} : {}})

    expect(answer.statusCode).toBe(401)
    expect(answer.json().error).toBe('unauthorized')
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  test('is asked for before a body is read', async () => {
    const {app} = await openTestServer({token: TOKEN})

    const answer = await app.inject({
      method: 'POST',
      url: '/api/messages',
      headers: {'content-type': 'application/json'},
      payload: '{broken',
    })

    expect(answer.statusCode).toBe(401)
  })

  test('in the query string is no token', async () => {
    const {app} = await openTestServer({token: TOKEN})

    expect((await app.inject(`/api/stats?token=${TOKEN}&access_token=${TOKEN}`)).statusCode).toBe(401)
  })
})

describe('the rate limit', () => {
  test('answers 429, says when to come back, and spares the open routes', async () => {
    const {app} = await openTestServer({token: TOKEN, flags: {rateLimitPerMinute: 3}})
    const ask = () => app.inject({url: '/api/stats', headers: bearer})

    const statuses = [await ask(), await ask(), await ask()].map(({statusCode}) => statusCode)
    const refused = await ask()

    expect(statuses).toEqual([200, 200, 200])
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({error: 'More than 3 requests in a minute.', code: 'rate_limited'})
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await app.inject('/health')).statusCode).toBe(200)
  })

  test('counts REST and MCP together, and each principal for itself', async () => {
    const principal = (id: string) => ({id, read: 'all', write: 'all', restore: false}) as const
    const {app} = await openTestServer({
      token: TOKEN,
      flags: {rateLimitPerMinute: 2},
      authenticate: async (token) => (token ? principal(token) : null),
    })
    const as = (name: string) => ({headers: {authorization: `Bearer ${name}`}})

    await app.inject({url: '/api/stats', ...as('ana')})
    await app.inject({method: 'POST', url: '/mcp', ...as('ana'), payload: {}})

    expect((await app.inject({url: '/api/recent', ...as('ana')})).statusCode).toBe(429)
    expect((await app.inject({url: '/api/recent', ...as('ben')})).statusCode).toBe(200)
  })

  test('is none where it is 0, and none without a token', async () => {
    const unlimited = await openTestServer({token: TOKEN, flags: {rateLimitPerMinute: 0}})
    const local = await openTestServer({flags: {rateLimitPerMinute: 1}})

    for (let index = 0; index < 3; index++) {
      expect((await unlimited.app.inject({url: '/api/stats', headers: bearer})).statusCode).toBe(200)
      expect((await local.app.inject('/api/stats')).statusCode).toBe(200)
    }
  })
})

describe('CORS', () => {
  const flags = {corsOrigins: ['https://notes.example.com']}
  const preflight = (origin: string) => ({
    method: 'OPTIONS' as const,
    url: '/api/search',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  })

  test('lets the pages of a listed origin in, without cookies', async () => {
    const {app} = await openTestServer({token: TOKEN, flags})

    const before = await app.inject(preflight('https://notes.example.com'))
    const answer = await app.inject({
      url: '/api/stats',
      headers: {...bearer, origin: 'https://notes.example.com'},
    })

    expect(before.statusCode).toBe(204)
    expect(before.headers).toMatchObject({
      'access-control-allow-origin': 'https://notes.example.com',
      'access-control-allow-headers': 'authorization',
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBe('https://notes.example.com')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  test('tells the pages of other origins nothing', async () => {
    const {app} = await openTestServer({token: TOKEN, flags})

    const before = await app.inject(preflight('https://evil.example.com'))

    expect(before.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('is off where no origin is listed', async () => {
    const {app} = await openTestServer({token: TOKEN})

    const before = await app.inject(preflight('https://notes.example.com'))
    const answer = await app.inject({
      url: '/api/stats',
      headers: {...bearer, origin: 'https://notes.example.com'},
    })

    expect(before.statusCode).toBe(405)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('without a token, web pages of others are kept out', () => {
  const routes = ['/api/search?q=x', '/health', '/', '/mcp', '/nothing']

  test.each(routes)('%s answers no foreign Host: a name that was rebound to this machine', async (url) => {
    const {app} = await openTestServer()

    const answer = await app.inject({url, headers: {host: 'evil.example.com:8026'}})

    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({code: 'forbidden'})
  })

  test.each(routes)('%s answers no foreign Origin', async (url) => {
    const {app} = await openTestServer()

    for (const origin of [
      'https://evil.example.com',
      'null',
      'http://127.0.0.1.evil.example.com',
      'nonsense',
    ]) {
      const answer = await app.inject({url, headers: {host: '127.0.0.1:8026', origin}})
      expect([origin, answer.statusCode]).toEqual([origin, 403])
    }
  })

  test.each(['localhost:8026', '127.0.0.1:8026', '[::1]:8026', 'localhost', '127.0.0.2'])(
    'Host %s is ours',
    async (host) => {
      const {app} = await openTestServer()

      expect((await app.inject({url: '/api/stats', headers: {host}})).statusCode).toBe(200)
    },
  )

  test('pages of this machine, and of listed origins, are let in', async () => {
    const {app} = await openTestServer({flags: {corsOrigins: ['https://notes.example.com']}})

    for (const origin of ['http://localhost:3000', 'http://[::1]:9', 'https://notes.example.com']) {
      const answer = await app.inject({url: '/api/stats', headers: {origin}})
      expect([origin, answer.statusCode]).toEqual([origin, 200])
    }
  })
})

describe('with a token', () => {
  test('any Host is served: the address is the operator’s to choose', async () => {
    const {app} = await openTestServer({token: TOKEN})

    const answer = await app.inject({url: '/api/stats', headers: {...bearer, host: 'memory.example.com'}})

    expect(answer.statusCode).toBe(200)
  })

  test('MCP checks the Origin all the same', async () => {
    const {app} = await openTestServer({token: TOKEN, flags: {corsOrigins: ['https://notes.example.com']}})
    const ask = async (origin: string) => {
      const headers = {...bearer, host: 'memory.example.com', origin}
      return (await app.inject({method: 'GET', url: '/mcp', headers})).statusCode
    }

    expect(await ask('https://evil.example.com')).toBe(403)
    expect(await ask('https://memory.example.com')).toBe(405)
    expect(await ask('https://notes.example.com')).toBe(405)
  })
})

describe('the request id', () => {
  test('is made where there is none', async () => {
    const {app} = await openTestServer()

    const [one, two] = [await app.inject('/health'), await app.inject('/health')]

    expect(one.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(two.headers['x-request-id']).not.toBe(one.headers['x-request-id'])
  })

  test('of the sender is kept, also on refusals', async () => {
    const {app} = await openTestServer()

    const answer = await app.inject({url: '/api/search', headers: {'x-request-id': 'trace-1:2.3_4'}})

    expect(answer.statusCode).toBe(400)
    expect(answer.headers['x-request-id']).toBe('trace-1:2.3_4')
  })

  test.each(['a b', 'x'.repeat(129), '<script>', ''])('%j is not kept', async (id) => {
    const {app} = await openTestServer()

    const answer = await app.inject({url: '/health', headers: {'x-request-id': id}})

    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

test('nobody keeps an answer in a cache, or takes it for another type', async () => {
  const {app} = await openTestServer()

  const answer = await app.inject('/api/recent')

  expect(answer.headers).toMatchObject({'cache-control': 'no-store', 'x-content-type-options': 'nosniff'})
})
