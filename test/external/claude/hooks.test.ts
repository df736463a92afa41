import {existsSync, readFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {hostname} from 'node:os'
import {relative} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {openRemoteMemory} from '../../../src/lib/memory/remote-memory.ts'
import {OWNER} from '../../helpers/callers.ts'
import {readJson} from '../../helpers/run-binary.ts'
import {type ServerProcess, startServerProcess} from '../../helpers/server-process.ts'
import {tempFolder} from '../../helpers/temp-folder.ts'
import {ended, everything, Machine, type MemoryPlace, SKIP_PERMISSIONS, said} from './machine.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
  textOf,
} from './stand-in-api.ts'

const TOKEN = 'a-long-random-token'

let api: StandInApi
let memory: MemoryPlace

beforeAll(async () => {
  api = await startStandInApi(answer)
})
afterAll(() => api.close())
beforeEach(async () => {
  memory = {url: (await serve()).url, token: TOKEN}
})

async function serve(options: {port?: number; home?: string} = {}): Promise<ServerProcess> {
  const server = await startServerProcess({home: tempFolder(), env: {API_TOKEN: TOKEN}, ...options})
  onTestFinished(server.kill)
  return server
}

/** What stands in for the model does what the prompt names in brackets. */
function answer(request: ApiRequest): Answer {
  const words = lastWords(request)
  if (words.includes('tool_result')) return say('That is what came out.')
  if (words.includes('[fail]')) return {status: 400}
  if (words.includes('[hang]')) return {hangsAfter: 'I begin to tell'}
  if (words.includes('[bash]')) return call('Bash', {command: 'echo out-of-the-shell', description: 'Say it'})
  if (words.includes('[bad]')) return call('Bash', {command: 'ls /no-such-folder', description: 'Look'})
  if (words.includes('[search]')) return call('mcp__bmfote-memory__search_memory', {query: 'Zanzibar'})
  if (words.includes('[agent]')) {
    const input = {description: 'Look', prompt: 'find the cause', subagent_type: 'general-purpose'}
    return call('Agent', input)
  }
  if (words.includes('find the cause')) return say('The cause is the cache.')
  return say(`Hello, number ${request.messages.length}.`)
}

function say(text: string): Answer {
  return {blocks: [{type: 'text', text}]}
}

function call(name: string, input: Record<string, unknown>): Answer {
  return {
    blocks: [
      {type: 'text', text: 'I will see.'},
      {type: 'tool_use', name, input},
    ],
  }
}

describe('what is recorded', () => {
  test('a prompt, a tool call, its result and the last answer, with where they come from', async () => {
    const machine = await Machine.setUp(api, memory)
    const {sessionId} = await machine.ask('please do [bash]')
    await machine.delivered()

    expect(await said(memory)).toEqual([
      'user: please do [bash]',
      'assistant: I will see.',
      'assistant: Bash: echo out-of-the-shell\nSay it',
      'tool: out-of-the-shell',
      'assistant: That is what came out.',
    ])
    for (const message of await everything(memory)) {
      expect(message).toMatchObject({
        sessionId,
        ...{project: 'importer', branch: 'fix/retry', author: 'dev', source: 'claude-code'},
        machine: hostname(),
      })
    }
    const [, spoken, called, came] = await everything(memory)
    expect(spoken).toMatchObject({model: expect.stringContaining('claude'), inputTokens: 10})
    expect([called?.tool, came?.tool, came?.status]).toEqual(['Bash', 'Bash', 'ok'])
  })

  test('a tool that fails, and a request that fails', async () => {
    const machine = await Machine.setUp(api, memory)
    await machine.ask('please do [bad]')
    const {exitCode} = await machine.ask('please [fail]')
    await machine.delivered()

    expect(exitCode).toBe(1)
    expect(await said(memory)).toEqual([
      'user: please do [bad]',
      'assistant: I will see.',
      'assistant: Bash: ls /no-such-folder\nLook',
      expect.stringMatching(/^tool error: [\s\S]*no-such-folder/),
      'assistant: That is what came out.',
      'user: please [fail]',
      expect.stringMatching(/^assistant error: API Error: 400/),
    ])
  })

  test('a sub-agent, as a session of its own', async () => {
    const machine = await Machine.setUp(api, memory)
    const {sessionId} = await machine.ask('ask an [agent]')
    await machine.delivered()

    const others = (await everything(memory)).filter((message) => message.sessionId !== sessionId)
    expect(others.map(({role, content}) => `${role}: ${content}`)).toEqual([
      'user: find the cause',
      'assistant: The cause is the cache.',
    ])
    expect(new Set(others.map((message) => message.sessionId))).toEqual(
      new Set([expect.stringMatching(/^agent-/)]),
    )
  })

  test('a turn that was interrupted', async () => {
    const machine = await Machine.setUp(api, memory)
    const child = machine.start('tell me a [hang] story')
    await api.requestThat((request) => textOf(request).includes('[hang] story'))
    child.kill('SIGINT')
    await ended(child)
    await machine.delivered()

    expect((await said(memory))[0]).toBe('user: tell me a [hang] story')
    await machine.ask('and now?')
    await machine.delivered()
    const all = await said(memory)
    expect(all.filter((line) => line.includes('story'))).toHaveLength(1)
    expect(all.filter((line) => line.includes('I begin to tell')).length).toBeLessThanOrEqual(1)
    expect(all).toContain('user: and now?')
  })

  test('a turn that was killed, with the next session', async () => {
    const machine = await Machine.setUp(api, memory)
    const child = machine.start('tell me a [hang] tale')
    await machine.transcriptHolds('"content":"tell me a [hang] tale"}')
    child.kill('SIGKILL')
    await ended(child)
    await machine.ask('and now?')
    await machine.delivered()

    const all = await said(memory)
    expect(all.filter((line) => line.includes('tale'))).toEqual(['user: tell me a [hang] tale'])
    expect(all).toContain('user: and now?')
  })

  test('a session that is resumed, once and in order', async () => {
    const machine = await Machine.setUp(api, memory)
    const {sessionId} = await machine.ask('first')
    const resumed = await machine.resume(sessionId, 'second')
    await machine.resume(sessionId, 'third')
    await machine.delivered()

    expect(resumed.sessionId).toBe(sessionId)
    const all = await said(memory, sessionId)
    expect(all.filter((line) => line.startsWith('user: '))).toEqual([
      'user: first',
      'user: second',
      'user: third',
    ])
    expect(all).toHaveLength(6)
  })

  test('a fork keeps its own copy, and the original its own', async () => {
    const machine = await Machine.setUp(api, memory)
    const {sessionId} = await machine.ask('first')
    const fork = await machine.resume(sessionId, 'another way', ['--fork-session'])
    await machine.delivered()

    expect(fork.sessionId).not.toBe(sessionId)
    expect((await said(memory, sessionId)).filter((line) => line.startsWith('user'))).toEqual(['user: first'])
    expect((await said(memory, fork.sessionId)).filter((line) => line.startsWith('user'))).toEqual([
      'user: first',
      'user: another way',
    ])
  })

  test('not a word of a session that Claude Code was told not to keep', async () => {
    const machine = await Machine.setUp(api, memory)
    await machine.ask('between us', [SKIP_PERMISSIONS, '--no-session-persistence'])
    await machine.delivered()

    expect(await said(memory)).toEqual([])
  })
})

describe('what is recalled', () => {
  test('what was done on one machine is in the first request on another, where the repository is elsewhere', async () => {
    const laptop = await Machine.setUp(api, memory, {author: 'ann'})
    await laptop.ask('we call the new importer Zanzibar')
    await laptop.delivered()

    const desktop = await Machine.setUp(api, memory, {folder: 'code/work/ledger-import', author: 'bob'})
    await desktop.ask('what now, on the desktop?')
    const request = await api.requestThat((each) => textOf(each).includes('on the desktop?'))
    await desktop.delivered()

    expect(textOf(request)).toMatch(/<bmfote-recall[\s\S]*Zanzibar[\s\S]*<\/bmfote-recall>/)
    const stored = await everything(memory)
    expect(new Set(stored.map(({project}) => project))).toEqual(new Set(['importer']))
    const told = stored.filter(({content}) => content.includes('Zanzibar'))
    expect(told.map(({author}) => author)).toEqual(['ann'])
  })

  test('after compaction, the thread of the session', async () => {
    const machine = await Machine.setUp(api, memory)
    const {sessionId} = await machine.ask('the secret word is Quokka')
    await machine.delivered()
    await machine.resume(sessionId, '/compact')
    await machine.resume(sessionId, 'what was it, after all?')
    const request = await api.requestThat((each) => textOf(each).includes('what was it, after all?'))
    await machine.delivered()

    expect(textOf(request)).toMatch(/<bmfote-recall[\s\S]*Quokka/)
    expect((await said(memory, sessionId)).filter((line) => line.includes('Quokka'))).toEqual([
      'user: the secret word is Quokka',
    ])
  })

  test('by the MCP tool, with no leave but what setup has given, and its answer is not recorded again', async () => {
    await openRemoteMemory(memory).remember(OWNER, {
      content: 'Zanzibar is the importer.',
      project: 'importer',
    })
    const machine = await Machine.setUp(api, memory)
    await machine.ask('what is it? [search]', [])
    const request = await api.requestThat((each) => {
      return textOf(each).includes('what is it? [search]') && lastWords(each).includes('tool_result')
    })
    await machine.delivered()

    expect(lastWords(request)).toMatch(/Zanzibar\W* is the importer/)
    const stored = (await everything(memory)).map(({content}) => content)
    expect(stored.filter((content) => content.includes('is the importer'))).toEqual([
      'Zanzibar is the importer.',
    ])
    expect(stored).toContain('mcp__bmfote-memory__search_memory: Zanzibar')
  })
})

describe('a server that is away', () => {
  test('gets everything once when it is back', async () => {
    const home = tempFolder()
    const port = await freePort()
    const first = await serve({port, home})
    const place = {url: first.url, token: TOKEN}
    const machine = await Machine.setUp(api, place)
    await first.kill()

    const {sessionId} = await machine.ask('first [bash]')
    await machine.resume(sessionId, 'second')
    expect(machine.spooled()).not.toEqual([])
    await serve({port, home})
    await machine.resume(sessionId, 'third')
    await machine.delivered()

    const all = await said(place, sessionId)
    expect(all.filter((line) => line.startsWith('user: '))).toEqual([
      'user: first [bash]',
      'user: second',
      'user: third',
    ])
    expect(all).toHaveLength(9)
  })

  test('gets what is still waiting when setup is taken back', async () => {
    const home = tempFolder()
    const port = await freePort()
    const first = await serve({port, home})
    const place = {url: first.url, token: TOKEN}
    const machine = await Machine.setUp(api, place)
    await first.kill()
    const {sessionId} = await machine.ask('before I go')
    await serve({port, home})

    expect(await machine.bmfote('setup', 'remove')).toMatchObject({exitCode: 0})

    expect((await said(place, sessionId))[0]).toBe('user: before I go')
    expect(machine.spooled()).toEqual([])
  })
})

describe('taking it back', () => {
  test('leaves every file as it was, to the byte', async () => {
    const machine = new Machine(api)
    await machine.ask('before bmfote')
    const before = machine.snapshot()

    await machine.setUp(memory)
    expect(machine.snapshot()).not.toEqual(before)
    expect(await machine.bmfote('setup', 'remove')).toMatchObject({exitCode: 0})

    expect(machine.snapshot()).toEqual(before)
  })

  test('after sessions too; of what Claude Code has written itself since, only ours goes', async () => {
    const machine = new Machine(api)
    await machine.ask('before bmfote')
    const before = machine.snapshot()
    const {changes} = readJson(await machine.bmfote('setup', '--dry-run', '--json', ...seedLine())) as {
      changes: {path: string}[]
    }
    await machine.setUp(memory)
    const {sessionId} = await machine.ask('please do [bash]')
    await machine.resume(sessionId, 'and more')
    await machine.delivered()
    const {mcpServers, ...own} = readClaudeJson(machine)
    expect(Object.keys(mcpServers ?? {})).toEqual(['bmfote-memory'])

    expect(await machine.bmfote('setup', 'remove')).toMatchObject({exitCode: 0})

    const after = machine.snapshot()
    const touched = changes.map(({path}) => relative(machine.home.path, path))
    expect(touched.length).toBeGreaterThan(10)
    for (const path of touched.filter((each) => each !== '.claude.json')) {
      expect([path, after[path]]).toEqual([path, before[path]])
    }
    expect(readClaudeJson(machine)).toEqual(own)
    expect(existsSync(machine.paths.home)).toBe(false)
    expect(Object.keys(after).filter((path) => /^\.(bmfote|claude\/hooks)/.test(path))).toEqual([])

    const {exitCode} = await machine.ask('after bmfote')
    expect(exitCode).toBe(0)
    expect(existsSync(machine.paths.home)).toBe(false)
    expect((await said(memory)).join()).not.toContain('after bmfote')
  })
})

function seedLine(): string[] {
  return ['--url', memory.url, '--token', memory.token]
}

function readClaudeJson({paths}: Machine): {mcpServers?: object; [key: string]: unknown} {
  return JSON.parse(readFileSync(paths.claudeJson, 'utf8'))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
