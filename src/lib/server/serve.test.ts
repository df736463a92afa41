import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {dirname, join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {overMemory} from '../../../test/helpers/test-server.ts'
import {placeOf} from '../config/database-location.ts'
import {loadServerConfig, type ServerConfig, type ServerFlags} from '../config/server-config.ts'
import {openStoredMemory} from '../memory/local-memory.ts'
import type {Memory} from '../memory/memory.ts'
import type {WorkerMemoryOptions} from '../memory/worker-memory.ts'
import {type RunningServer, type StartOptions, startServer} from './serve.ts'

function configIn(
  folder: string,
  {flags, env}: {flags?: ServerFlags; env?: Record<string, string>} = {},
): ServerConfig {
  return loadServerConfig({port: 0, ...flags}, {HOME: folder, BMFOTE_HOME: join(folder, 'home'), ...env})
}

/** In the test's own thread, where it can be watched. */
function openMemory({database, timezone}: WorkerMemoryOptions): Promise<Memory> {
  return openStoredMemory(database, {timezone})
}

async function start(config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> {
  const server = await startServer(config, {openMemory, ...options})
  onTestFinished(() => server.close())
  return server
}

function stateOf(config: ServerConfig) {
  return JSON.parse(readFileSync(config.paths.serverState, 'utf8'))
}

/** A promise that the test settles itself. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {open, opened}
}

describe('starting', () => {
  test('says where it runs, to its owner alone', async () => {
    const config = configIn(tempFolder())

    const {url, databasePath} = await start(config)

    expect(stateOf(config)).toMatchObject({pid: process.pid, url, databasePath, auth: false})
    expect(statSync(config.paths.serverState).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(databasePath)).mode & 0o077).toBe(0)
    const discovery = (await (await fetch(url)).json()) as {instance: string}
    expect(discovery.instance).toBe(stateOf(config).instance)
  })

  test('by default through threads, over the file that the configuration names', async () => {
    const config = configIn(tempFolder())
    const server = await startServer(config)
    onTestFinished(() => server.close())

    const health = await fetch(`${server.url}/health`)

    expect(await health.json()).toEqual({status: 'ok'})
    expect(existsSync(placeOf(config.database))).toBe(true)
  })

  test('says that it wants a token, and not which', async () => {
    const config = configIn(tempFolder(), {env: {API_TOKEN: 'very-secret'}})

    await start(config)

    expect(stateOf(config)).toMatchObject({auth: true})
    expect(readFileSync(config.paths.serverState, 'utf8')).not.toContain('very-secret')
  })

  test('on every address, it is reached by the loopback from here', async () => {
    const config = configIn(tempFolder(), {env: {API_TOKEN: 'x'}, flags: {host: '0.0.0.0'}})

    const {url} = await start(config)

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})

describe('refusing to start', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'memory.example.com'])('without a token on %s', async (host) => {
    const config = configIn(tempFolder(), {flags: {host}})

    await expect(start(config)).rejects.toMatchObject({
      code: 'forbidden',
      message: `Without a token, the memory would be open to everybody who reaches ${host}.`,
      next: expect.stringContaining('API_TOKEN'),
    })
    expect(existsSync(placeOf(config.database))).toBe(false)
  })

  test.each([-1, 65_536, 1.5, Number.NaN])('on port %d', async (port) => {
    await expect(start(configIn(tempFolder(), {flags: {port}}))).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  test('on a PORT that is no number', async () => {
    const folder = tempFolder()
    const config = loadServerConfig({}, {HOME: folder, PORT: 'web'})

    await expect(start(config)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('port'),
    })
  })

  test('over a database that is served already', async () => {
    const config = configIn(tempFolder())
    const {url} = await start(config)

    await expect(start(config)).rejects.toMatchObject({
      code: 'conflict',
      message: `A server for this database already runs at ${url} (process ${process.pid}).`,
    })
    expect(stateOf(config)).toMatchObject({url})
  })

  test('on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    const {port} = other.address() as AddressInfo
    const config = configIn(tempFolder(), {flags: {port}})

    await expect(start(config)).rejects.toMatchObject({
      code: 'conflict',
      message: `Another program listens on 127.0.0.1, port ${port}.`,
      next: expect.stringContaining(`--port ${port + 1}`),
    })
    expect(existsSync(config.paths.serverState)).toBe(false)
  })
})

describe('the state file', () => {
  test('of a server that was killed is no obstacle', async () => {
    const config = configIn(tempFolder())
    mkdirSync(dirname(config.paths.serverState), {recursive: true})
    const left = {
      pid: 1,
      url: 'http://127.0.0.1:9',
      databasePath: placeOf(config.database),
      instance: 'gone',
      auth: false,
    }
    writeFileSync(config.paths.serverState, JSON.stringify(left))

    const {url} = await start(config)

    expect(stateOf(config)).toMatchObject({pid: process.pid, url})
  })

  test('that is half written is no obstacle', async () => {
    const config = configIn(tempFolder())
    mkdirSync(dirname(config.paths.serverState), {recursive: true})
    writeFileSync(config.paths.serverState, '{"pid": 1, "url": "http')

    const {url} = await start(config)

    expect(stateOf(config)).toMatchObject({url})
  })

  test('stays that of the first server, where a second one serves another database', async () => {
    const folder = tempFolder()
    const config = configIn(folder)
    const first = await start(config)
    const second = await start(configIn(folder, {flags: {database: join(folder, 'other.db')}}))

    await second.close()

    expect(stateOf(config)).toMatchObject({url: first.url})
  })

  test('is gone when the server is', async () => {
    const config = configIn(tempFolder())
    const server = await start(config)

    await server.close()

    expect(existsSync(config.paths.serverState)).toBe(false)
  })
})

describe('stopping', () => {
  test('finishes what was accepted, and only then closes the database', async () => {
    const events: string[] = []
    const entered = gate()
    const held = gate()
    const openSlowly = async (options: WorkerMemoryOptions): Promise<Memory> => {
      const memory = await openMemory(options)
      return overMemory(memory, {
        recordMessages: async (...args) => {
          entered.open()
          await held.opened
          const results = await memory.recordMessages(...args)
          events.push('stored')
          return results
        },
        close: async () => {
          events.push('database closed')
          await memory.close()
        },
      })
    }
    const server = await start(configIn(tempFolder()), {openMemory: openSlowly})
    const answer = fetch(`${server.url}/api/messages`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({session_id: 's', uuid: 'u', content: 'last words'}),
    }).then((response) => response.json())
    await entered.opened

    const closing = server.close()
    await expect(fetch(`${server.url}/health`)).rejects.toThrow()
    held.open()
    await closing

    expect(await answer).toMatchObject({uuid: 'u', status: 'ok'})
    expect(events).toEqual(['stored', 'database closed'])
  })

  test('does not wait for those who only listen', async () => {
    const server = await start(configIn(tempFolder()))
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': {name: 'test', version: '1'},
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const stream = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {notifications: {toolsListChanged: true}, _meta: meta},
      }),
    })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')

    await server.close()

    expect(await stream.text()).toContain('notifications/subscriptions/acknowledged')
  })

  test('twice is once', async () => {
    const server = await start(configIn(tempFolder()))

    await Promise.all([server.close(), server.close()])

    await expect(fetch(server.url)).rejects.toThrow()
  })
})
