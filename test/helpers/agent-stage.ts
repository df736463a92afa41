import {afterAll, afterEach, beforeAll, expect} from 'vitest'
import type {Memory} from '../../src/lib/memory/memory.ts'
import {BmfoteError} from '../../src/lib/model/errors.ts'
import type {Policy} from './managed-agents/policy.ts'
import {type ManagedAgents, startManagedAgents} from './managed-agents/start-managed-agents.ts'
import {DIST, type RunOptions, type RunResult, readJson, runBinary} from './run-binary.ts'
import {createTempHome, type TempHome} from './temp-home.ts'
import {createTestServer, overMemory, type TestServer} from './test-server.ts'

export const TOKEN = 'the-token-of-today'

export interface AgentStage {
  api: ManagedAgents
  /** A real memory behind a socket, opened with TOKEN. */
  server: TestServer
  serverUrl: string
  home: TempHome
  /** Let the memory refuse to write. */
  isReadOnly: boolean
  /** `bmfote-agent …`, as a person would. */
  agent(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>
  /** The same with `--json`, read. */
  agentJson<T>(args: readonly string[], options?: Partial<RunOptions>): Promise<T>
  /** Makes an agent, and gives its id. */
  create(name: string, ...flags: string[]): Promise<string>
  /** What was asked of the API in the meantime, as `POST /v1/agents`. */
  requestsSince(start: number): string[]
}

/** For a file of tests: everything that a run of an agent needs. Whatever is sent must fit the schemas. */
export function openAgentStage(options: {pageSize?: number; policy?: Policy} = {}): AgentStage {
  const stage = {} as AgentStage
  beforeAll(async () => {
    const api = await startManagedAgents({policy: factsPolicy, ...options})
    const server = await createTestServer({token: TOKEN, wrapMemory: (memory) => refusing(memory, stage)})
    const serverUrl = await server.app.listen({host: '127.0.0.1', port: 0})
    const home = createTempHome()
    Object.assign(home.env, {
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: api.key,
      BMFOTE_URL: serverUrl,
      BMFOTE_TOKEN: TOKEN,
    })
    Object.assign(stage, {api, server, serverUrl, home, isReadOnly: false, ...commands(api, home)})
  })
  afterEach(() => {
    stage.api.faults.clear()
    stage.isReadOnly = false
    // Some faults break the schema on purpose, in what the stand-in answers; nothing that we send may.
    expect(stage.api.violations.filter((violation) => violation.in === 'request')).toEqual([])
  })
  afterAll(async () => {
    await stage.api.close()
    await stage.server.close()
    stage.home.remove()
  })
  return stage
}

export const NOTHING = 'There is no fact about that.'

/** Remembers facts, and finds them; what it says does not depend on what was asked before. */
const factsPolicy: Policy = async ({prompt, tools}) => {
  if (tools.names.length === 0) return 'I cannot reach the memory.'
  const [, fact] = /^Remember the fact (.+)\.$/.exec(prompt) ?? []
  if (fact !== undefined) {
    await tools.call('remember', {content: `fact: ${fact}.`, topic: 'facts'})
    return 'Done.'
  }
  const {text} = await tools.call('search_memory', {query: prompt})
  return /fact: ([^.\n]+)\./.exec(text.replaceAll(/>>>|<<</g, ''))?.[1] ?? NOTHING
}

function refusing(memory: Memory, stage: AgentStage): Memory {
  return overMemory(memory, {
    recordMessages: (...args) =>
      stage.isReadOnly
        ? Promise.reject(new BmfoteError('database_full', 'The disk is full.'))
        : memory.recordMessages(...args),
  })
}

function commands(api: ManagedAgents, home: TempHome) {
  const agent = (args: readonly string[], options: Partial<RunOptions> = {}) =>
    runBinary(args, {home, binary: `${DIST}/bmfote-agent`, timeoutMs: 60_000, ...options})
  const agentJson = async (args: readonly string[], options?: Partial<RunOptions>) =>
    readJson(await agent([...args, '--json'], options))
  const create = async (name: string, ...flags: string[]) => {
    const result = await agent([
      'create',
      '--name',
      name,
      '--system',
      `You are ${name}.`,
      '--force',
      ...flags,
    ])
    expect(result, result.stderr).toMatchObject({exitCode: 0})
    return result.stdout.trim()
  }
  const requestsSince = (start: number) =>
    api.requests.slice(start).map(({method, path}) => `${method} ${path}`)
  return {agent, agentJson, create, requestsSince}
}
