import {createServer} from 'node:net'
import {afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {openRemoteMemory} from '../../../src/lib/memory/remote-memory.ts'
import {OWNER} from '../../helpers/callers.ts'
import {type ServerProcess, startServerProcess} from '../../helpers/server-process.ts'
import {tempFolder} from '../../helpers/temp-folder.ts'
import {ended, everything, Machine, said} from './machine.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
  textOf,
} from './stand-in-api.ts'

let api: StandInApi
let url: string

beforeAll(async () => {
  api = await startStandInApi(answer)
})
afterAll(() => api.close())
beforeEach(async () => {
  url = (await serve()).url
})

async function serve(options: {port?: number; home?: string} = {}): Promise<ServerProcess> {
  const server = await startServerProcess({home: tempFolder(), ...options})
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
    const machine = new Machine(api, url)
    const {sessionId} = await machine.ask('please do [bash]')
    await machine.delivered()

    expect(await said(url)).toEqual([
      'user: please do [bash]',
      'assistant: I will see.',
      'assistant: Bash: echo out-of-the-shell\nSay it',
      'tool: out-of-the-shell',
      'assistant: That is what came out.',
    ])
    for (const message of await everything(url)) {
      expect(message).toMatchObject({sessionId, project: 'acme', author: 'dev', source: 'claude-code'})
      expect(message.machine).not.toBeNull()
    }
  })

  test('a tool that fails, and a request that fails', async () => {
    const machine = new Machine(api, url)
    await machine.ask('please do [bad]')
    const {exitCode} = await machine.ask('please [fail]')
    await machine.delivered()

    expect(exitCode).toBe(1)
    expect(await said(url)).toEqual([
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
    const machine = new Machine(api, url)
    const {sessionId} = await machine.ask('ask an [agent]')
    await machine.delivered()

    const others = (await everything(url)).filter((message) => message.sessionId !== sessionId)
    expect(others.map(({role, content}) => `${role}: ${content}`)).toEqual([
      'user: find the cause',
      'assistant: The cause is the cache.',
    ])
    expect(new Set(others.map((message) => message.sessionId))).toEqual(
      new Set([expect.stringMatching(/^agent-/)]),
    )
  })

  test('a turn that was interrupted', async () => {
    const machine = new Machine(api, url)
    const child = machine.start('tell me a [hang] story')
    await api.requestThat((request) => textOf(request).includes('[hang] story'))
    child.kill('SIGINT')
    await ended(child)
    await machine.delivered()

    expect((await said(url))[0]).toBe('user: tell me a [hang] story')
    await machine.ask('and now?')
    await machine.delivered()
    const all = await said(url)
    expect(all.filter((line) => line.includes('story'))).toHaveLength(1)
    expect(all.filter((line) => line.includes('I begin to tell')).length).toBeLessThanOrEqual(1)
    expect(all).toContain('user: and now?')
  })

  test('a turn that was killed, with the next session', async () => {
    const machine = new Machine(api, url)
    const child = machine.start('tell me a [hang] tale')
    await machine.transcriptHolds('"content":"tell me a [hang] tale"}')
    child.kill('SIGKILL')
    await ended(child)
    await machine.ask('and now?')
    await machine.delivered()

    const all = await said(url)
    expect(all.filter((line) => line.includes('tale'))).toEqual(['user: tell me a [hang] tale'])
    expect(all).toContain('user: and now?')
  })

  test('a session that is resumed, once and in order', async () => {
    const machine = new Machine(api, url)
    const {sessionId} = await machine.ask('first')
    const resumed = await machine.ask('second', ['--resume', sessionId])
    await machine.ask('third', ['--resume', sessionId])
    await machine.delivered()

    expect(resumed.sessionId).toBe(sessionId)
    const all = await said(url, sessionId)
    expect(all.filter((line) => line.startsWith('user: '))).toEqual([
      'user: first',
      'user: second',
      'user: third',
    ])
    expect(all).toHaveLength(6)
  })

  test('a fork keeps its own copy, and the original its own', async () => {
    const machine = new Machine(api, url)
    const {sessionId} = await machine.ask('first')
    const fork = await machine.ask('another way', ['--resume', sessionId, '--fork-session'])
    await machine.delivered()

    expect(fork.sessionId).not.toBe(sessionId)
    expect((await said(url, sessionId)).filter((line) => line.startsWith('user'))).toEqual(['user: first'])
    expect((await said(url, fork.sessionId)).filter((line) => line.startsWith('user'))).toEqual([
      'user: first',
      'user: another way',
    ])
  })

  test('not a word of a session that Claude Code was told not to keep', async () => {
    const machine = new Machine(api, url)
    await machine.ask('between us', ['--no-session-persistence'])
    await machine.delivered()

    expect(await said(url)).toEqual([])
  })
})

describe('what is recalled', () => {
  test('what was done on one machine is in the first request on another', async () => {
    const laptop = new Machine(api, url, {author: 'ann'})
    await laptop.ask('we call the new importer Zanzibar')
    await laptop.delivered()

    const desktop = new Machine(api, url, {folder: 'code/work/acme', author: 'bob'})
    await desktop.ask('what now, on the desktop?')
    const request = await api.requestThat((each) => textOf(each).includes('on the desktop?'))
    await desktop.delivered()

    expect(textOf(request)).toMatch(/<bmfote-recall[\s\S]*Zanzibar[\s\S]*<\/bmfote-recall>/)
    const stored = (await everything(url)).filter(({content}) => content.includes('Zanzibar'))
    expect(stored.map(({author}) => author)).toEqual(['ann'])
  })

  test('after compaction, the thread of the session', async () => {
    const machine = new Machine(api, url)
    const {sessionId} = await machine.ask('the secret word is Quokka')
    await machine.delivered()
    await machine.ask('/compact', ['--resume', sessionId])
    await machine.ask('what was it, after all?', ['--resume', sessionId])
    const request = await api.requestThat((each) => textOf(each).includes('what was it, after all?'))
    await machine.delivered()

    expect(textOf(request)).toMatch(/<bmfote-recall[\s\S]*Quokka/)
    expect((await said(url, sessionId)).filter((line) => line.includes('Quokka'))).toEqual([
      'user: the secret word is Quokka',
    ])
  })

  test('by the MCP tool, whose answer is not recorded again', async () => {
    await openRemoteMemory({url}).remember(OWNER, {content: 'Zanzibar is the importer.', project: 'acme'})
    const machine = new Machine(api, url)
    await machine.ask('what is it? [search]')
    const request = await api.requestThat((each) => {
      return textOf(each).includes('what is it? [search]') && lastWords(each).includes('tool_result')
    })
    await machine.delivered()

    expect(lastWords(request)).toMatch(/Zanzibar\W* is the importer/)
    const stored = (await everything(url)).map(({content}) => content)
    expect(stored.filter((content) => content.includes('is the importer'))).toEqual([
      'Zanzibar is the importer.',
    ])
    expect(stored).toContain('mcp__bmfote-memory__search_memory: Zanzibar')
  })
})

describe('a server that is away', () => {
  test('gets everything once when it is back', async () => {
    const port = await freePort()
    const machine = new Machine(api, `http://127.0.0.1:${port}`)
    const first = await machine.ask('first [bash]')
    await machine.ask('second', ['--resume', first.sessionId])
    const server = await serve({port})
    await machine.ask('third', ['--resume', first.sessionId])
    await machine.delivered()

    const all = await said(server.url, first.sessionId)
    expect(all.filter((line) => line.startsWith('user: '))).toEqual([
      'user: first [bash]',
      'user: second',
      'user: third',
    ])
    expect(all).toHaveLength(9)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
