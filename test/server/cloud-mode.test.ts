import {join} from 'node:path'
import {afterAll, describe, expect, onTestFinished, test} from 'vitest'
import {loadServerConfig, type ServerFlags} from '../../src/lib/config/server-config.ts'
import {startServer} from '../../src/lib/server/serve.ts'
import {startSqld} from '../helpers/sqld.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {openTestServer} from '../helpers/test-server.ts'

const sqld = await startSqld()
afterAll(() => sqld.close())

const NEEDS_TOKEN_OPEN = 'Without a token, the memory would be open to everybody who reaches 0.0.0.0.'
const NEEDS_TOKEN_REMOTE = 'A server of a remote database does not start without a token.'
const TURSO = {TURSO_DATABASE_URL: sqld.url}

interface Case {
  name: string
  env?: Record<string, string>
  flags?: ServerFlags
  /** Without API_TOKEN: the sentence; nothing where it starts. */
  refusal?: string
  defaultPort: number
  defaultHost?: string
}

const ANYWHERE = {host: '0.0.0.0'}

const CASES: readonly Case[] = [
  {name: 'a file, on loopback', defaultPort: 8026},
  {name: 'a file, on every address', flags: ANYWHERE, refusal: NEEDS_TOKEN_OPEN, defaultPort: 8000},
  {name: 'a remote database, on loopback', env: TURSO, refusal: NEEDS_TOKEN_REMOTE, defaultPort: 8000},
  {
    name: 'a remote database, on every address',
    env: TURSO,
    flags: ANYWHERE,
    refusal: NEEDS_TOKEN_OPEN,
    defaultPort: 8000,
  },
  {name: 'a replica, on loopback', env: {...TURSO, BMFOTE_REPLICA: 'replica.db'}, defaultPort: 8026},
  {
    name: 'a replica, on every address',
    env: {...TURSO, BMFOTE_REPLICA: 'replica.db'},
    flags: ANYWHERE,
    refusal: NEEDS_TOKEN_OPEN,
    defaultPort: 8000,
  },
  {
    name: "0.11.7's switch to the remote database",
    env: {...TURSO, BMFOTE_REMOTE_DB: '1'},
    refusal: NEEDS_TOKEN_REMOTE,
    defaultPort: 8000,
  },
  {
    name: "0.11.7's switch, with a replica",
    env: {...TURSO, BMFOTE_REMOTE_DB: 'true', BMFOTE_REPLICA: 'replica.db'},
    refusal: NEEDS_TOKEN_REMOTE,
    defaultPort: 8000,
  },
  {
    name: 'Railway',
    env: {...TURSO, RAILWAY_ENVIRONMENT: 'production'},
    refusal: NEEDS_TOKEN_OPEN,
    defaultPort: 8000,
    defaultHost: '0.0.0.0',
  },
  {
    name: 'Railway, with a file on a volume',
    env: {RAILWAY_ENVIRONMENT: 'production', RAILWAY_VOLUME_MOUNT_PATH: '/data'},
    refusal: NEEDS_TOKEN_OPEN,
    defaultPort: 8000,
    defaultHost: '0.0.0.0',
  },
  {
    name: 'a file, behind a proxy',
    flags: {trustProxy: true},
    refusal: 'A server behind a proxy does not start without a token.',
    defaultPort: 8000,
  },
]

function configOf({env = {}, flags = {}}: Case, more: Record<string, string> = {}, port?: number) {
  const home = tempFolder()
  const replica = env.BMFOTE_REPLICA === undefined ? {} : {BMFOTE_REPLICA: join(home, env.BMFOTE_REPLICA)}
  return loadServerConfig({...flags, port}, {HOME: home, BMFOTE_HOME: home, ...env, ...replica, ...more})
}

describe.each(CASES)('$name', (theCase) => {
  test(theCase.refusal ? 'refuses to start without a token' : 'starts without a token', async () => {
    const starting = startServer(configOf(theCase, {}, 0))

    if (theCase.refusal) {
      await expect(starting).rejects.toMatchObject({
        code: 'forbidden',
        message: theCase.refusal,
        next: expect.stringContaining('API_TOKEN'),
      })
      return
    }
    const server = await starting
    onTestFinished(() => server.close())
    expect((await fetch(`${server.url}/api/stats`)).status).toBe(200)
  })

  test('starts with a token, and is closed to whoever does not have it', async () => {
    const server = await startServer(configOf(theCase, {API_TOKEN: 'the-token'}, 0))
    onTestFinished(() => server.close())

    expect((await fetch(`${server.url}/api/stats`)).status).toBe(401)
    const headers = {authorization: 'Bearer the-token'}
    expect((await fetch(`${server.url}/api/stats`, {headers})).status).toBe(200)
  })

  test(`listens on ${theCase.defaultPort}, or on what PORT says`, () => {
    const {port, host} = configOf(theCase)

    expect({port, host}).toEqual({
      port: theCase.defaultPort,
      host: theCase.flags?.host ?? theCase.defaultHost ?? '127.0.0.1',
    })
    expect(configOf(theCase, {PORT: '9999'}).port).toBe(9999)
  })
})

describe('behind a proxy', () => {
  const ask = async (flags: ServerFlags) => {
    const {app} = await openTestServer({token: 'the-token', flags})
    const response = await app.inject({
      method: 'POST',
      url: '/mcp',
      headers: {
        authorization: 'Bearer the-token',
        accept: 'application/json, text/event-stream',
        host: '10.0.0.7:8000',
        origin: 'https://memory.example.com',
        'x-forwarded-host': 'memory.example.com',
        'x-forwarded-for': '203.0.113.9',
      },
      payload: {jsonrpc: '2.0', id: 1, method: 'ping'},
    })
    return response.statusCode
  }

  test('what it says of the outside counts when it was told to be trusted', async () => {
    expect(await ask({trustProxy: true})).not.toBe(403)
  })

  test('one that was not spoken of, before a server without a token, brings nobody in', async () => {
    const {app} = await openTestServer()
    const ask = async (headers: Record<string, string>) =>
      (await app.inject({url: '/api/stats', headers: {host: '127.0.0.1:8026', ...headers}})).statusCode

    expect(await ask({})).toBe(200)
    expect(await ask({'x-forwarded-for': '203.0.113.9'})).toBe(403)
    expect(await ask({forwarded: 'for=203.0.113.9'})).toBe(403)
  })

  test('and else not, for anybody may say so', async () => {
    expect(await ask({})).toBe(403)
  })
})

test.each([
  ['libsql://acme.turso.io', 'https://acme.turso.io'],
  ['libsql://127.0.0.1:8080?tls=0', 'http://127.0.0.1:8080'],
  ['wss://acme.turso.io/', 'https://acme.turso.io'],
  ['ws://db:8080', 'http://db:8080'],
  ['https://acme.turso.io?authToken=abc', 'https://acme.turso.io'],
  [' http://db:8080/team ', 'http://db:8080/team'],
])('%s is a database at %s', (address, url) => {
  const {database} = loadServerConfig(
    {},
    {HOME: '/', TURSO_DATABASE_URL: address, TURSO_AUTH_TOKEN: 'from-env'},
  )

  expect(database).toEqual({mode: 'remote', url, authToken: address.includes('abc') ? 'abc' : 'from-env'})
})

test.each([
  [{TURSO_DATABASE_URL: 'acme.turso.io'}, 'TURSO_DATABASE_URL'],
  [{TURSO_DATABASE_URL: 'postgres://acme'}, 'TURSO_DATABASE_URL'],
  [{TURSO_DATABASE_URL: 'file:memory.db'}, '--database'],
  [{TURSO_DATABASE_URL: 'libsql://'}, 'TURSO_DATABASE_URL'],
  [{BMFOTE_REMOTE_DB: '1'}, 'TURSO_DATABASE_URL'],
  [{BMFOTE_REPLICA: 'replica.db'}, 'TURSO_DATABASE_URL'],
  [{RAILWAY_ENVIRONMENT: 'production'}, 'TURSO_DATABASE_URL'],
  [
    {TURSO_DATABASE_URL: 'libsql://acme.turso.io', BMFOTE_REPLICA: 'libsql://acme.turso.io'},
    'BMFOTE_REPLICA',
  ],
])('%o is refused with the way out', (environment, word) => {
  expect(() => loadServerConfig({}, {HOME: '/', ...environment})).toThrow(
    expect.objectContaining({code: 'invalid_input', next: expect.stringContaining(word)}),
  )
})

test('a file that is named wins over a remote database in the environment', () => {
  const {database, isCloud} = loadServerConfig({database: '/data/team.db'}, {HOME: '/', ...TURSO})

  expect({database, isCloud}).toEqual({database: {mode: 'file', path: '/data/team.db'}, isCloud: false})
})
