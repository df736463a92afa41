import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {FastifyBaseLogger, FastifyInstance} from 'fastify'
import {onTestFinished} from 'vitest'
import {loadServerConfig, type ServerConfig, type ServerFlags} from '../../src/lib/config/server-config.ts'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import type {Memory} from '../../src/lib/memory/memory.ts'
import {buildApp} from '../../src/lib/server/app.ts'
import type {Authenticate} from '../../src/lib/server/authenticate.ts'

export interface TestServerOptions {
  token?: string
  flags?: ServerFlags
  authenticate?: Authenticate
  log?: FastifyBaseLogger
  /** Stands between the server and its memory: to watch, to hold up, to fail. */
  wrapMemory?: (memory: Memory) => Memory
  now?: () => Date
}

export interface TestServer {
  app: FastifyInstance
  memory: Memory
  config: ServerConfig
  close(): Promise<void>
}

/** The real server over a real database file, without a socket; gone when the test is. */
export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await createTestServer(options)
  onTestFinished(server.close)
  return server
}

/** For tests that share one and change nothing: call `close()` in `afterAll`. */
export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bmfote-server-'))
  const local = await openLocalMemory({path: join(folder, 'memory.db'), now: options.now})
  const memory = options.wrapMemory?.(local) ?? local
  const config = loadServerConfig(options.flags ?? {}, {HOME: folder, API_TOKEN: options.token})
  const {log, authenticate} = options
  const app = await buildApp({memory, config, log, authenticate})
  await app.ready()
  const close = async () => {
    await app.close()
    await local.close()
    rmSync(folder, {recursive: true, force: true})
  }
  return {app, memory, config, close}
}

/** The same memory, with some of its methods replaced. */
export function overMemory(memory: Memory, methods: Partial<Memory>): Memory {
  return new Proxy(memory, {
    get(target, name: keyof Memory) {
      const method = methods[name] ?? target[name]
      return typeof method === 'function' ? method.bind(target) : method
    },
  })
}
