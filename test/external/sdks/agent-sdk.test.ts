import {execFile} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, inject, onTestFinished, test} from 'vitest'
import {startServerProcess} from '../../helpers/server-process.ts'
import {tempFolder} from '../../helpers/temp-folder.ts'
import {tempHome} from '../../helpers/temp-home.ts'
import {ROOT} from '../../repo/source-files.ts'
import {everything, Machine, type MemoryPlace, said} from '../claude/machine.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
  textOf,
} from '../claude/stand-in-api.ts'
import {installExample, installModules, runProgram} from './agent-program.ts'

const TOKEN = 'agent-token'

/** An agent as somebody writes it: what it is told is the first argument, options of the SDK the second. */
const AGENT = `
import {query} from '@anthropic-ai/claude-agent-sdk'
import {agentSdkHooks, closeWhenDone} from 'bmfote-client'
const [prompt, more] = process.argv.slice(2)
const hooks = agentSdkHooks({project: 'ops-agent'})
const options = {
  hooks,
  mcpServers: {bmfote: {type: 'http', url: process.env.BMFOTE_URL + '/mcp/', headers: {Authorization: 'Bearer ' + process.env.BMFOTE_TOKEN}}},
  permissionMode: 'bypassPermissions',
  allowDangerouslySkipPermissions: true,
  pathToClaudeCodeExecutable: process.env.CLAUDE_CODE_PATH,
  mcpServersDelivery: 'initialize',
  ...JSON.parse(more ?? '{}'),
}
for await (const message of closeWhenDone(query({prompt, options}), hooks)) {
  if (message.type === 'result') console.log(JSON.stringify({session: message.session_id, result: message.result}))
}
`

let api: StandInApi
let programs: string

beforeAll(async () => {
  api = await startStandInApi(answer)
  programs = mkdtempSync(join(tmpdir(), 'bmfote-test-'))
  installModules(programs)
  writeFileSync(join(programs, 'agent.mjs'), AGENT)
})
afterAll(async () => {
  await api.close()
  rmSync(programs, {recursive: true, force: true})
})

/** What stands in for the model does what the prompt names in brackets. */
function answer(request: ApiRequest): Answer {
  const words = lastWords(request)
  if (words.includes('tool_result')) return say('That is what came out.')
  if (words.includes('[bash]')) return call('Bash', {command: 'echo out-of-the-shell', description: 'Say it'})
  if (words.includes('[bad]')) return call('Bash', {command: 'ls /no-such-folder', description: 'Look'})
  if (words.includes('[search]')) return call('mcp__bmfote__search_memory', {query: 'Zanzibar'})
  if (words.includes('[agent]')) {
    return call('Agent', {description: 'Look', prompt: 'find the cause', subagent_type: 'general-purpose'})
  }
  if (words.includes('find the cause')) return say('The cause is the cache.')
  return say('Hello.')
}

function say(text: string): Answer {
  return {blocks: [{type: 'text', text}]}
}

function call(name: string, input: Record<string, unknown>): Answer {
  return {blocks: [{type: 'tool_use', name, input}]}
}

async function serve(): Promise<MemoryPlace> {
  const server = await startServerProcess({home: tempFolder(), env: {API_TOKEN: TOKEN}})
  onTestFinished(server.kill)
  return {url: server.url, token: TOKEN}
}

function environment(place: MemoryPlace, home: {env: Record<string, string>}): Record<string, string> {
  return {
    ...home.env,
    BMFOTE_URL: place.url,
    BMFOTE_TOKEN: place.token,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'sk-ant-test-000',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_PATH: inject('claude'),
    IS_SANDBOX: '1',
  }
}

interface Asked {
  prompt: string
  place: MemoryPlace
  options?: object
  env?: Record<string, string>
}

/** Runs the agent on a computer without bmfote's hooks. */
async function ask({
  prompt,
  place,
  options = {},
  env,
}: Asked): Promise<{session: string; result: string; stderr: string}> {
  const home = tempHome()
  const {stdout, stderr} = await runProgram(join(programs, 'agent.mjs'), [prompt, JSON.stringify(options)], {
    cwd: home.path,
    env: {...environment(place, home), ...env},
  })
  // A sub-agent that was in the background has the run give a result twice.
  return {...JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), stderr}
}

describe('an agent of the Agent SDK', () => {
  test('is recorded: prompt, call, result and final answer', async () => {
    const place = await serve()
    const {session, stderr} = await ask({prompt: 'please do [bash]', place})

    expect(await said(place, session)).toEqual([
      'user: please do [bash]',
      'assistant: Bash: echo out-of-the-shell\nSay it',
      'tool: out-of-the-shell',
      'assistant: That is what came out.',
    ])
    for (const message of await everything(place)) {
      expect(message).toMatchObject({project: 'ops-agent', source: 'agent-sdk'})
    }
    expect(stderr).toBe('')
  })

  test('is recorded where a tool fails', async () => {
    const place = await serve()
    const {session} = await ask({prompt: 'please do [bad]', place})

    expect(await said(place, session)).toEqual([
      'user: please do [bad]',
      'assistant: Bash: ls /no-such-folder\nLook',
      expect.stringMatching(/^tool error: [\s\S]*no-such-folder/),
      'assistant: That is what came out.',
    ])
  })

  test("is recorded where it starts a sub-agent, whose answer is a session's own", async () => {
    const place = await serve()
    const {session} = await ask({prompt: 'ask an [agent]', place})

    const others = (await everything(place)).filter(({sessionId}) => sessionId !== session)
    expect(
      others.map(({sessionId, role, content}) => [sessionId?.replace(/-.*/, ''), role, content]),
    ).toEqual([['agent', 'assistant', 'The cause is the cache.']])
    expect((await said(place, session)).filter((line) => line.startsWith('user'))).toEqual([
      'user: ask an [agent]',
    ])
  })

  test('is recorded without a transcript', async () => {
    const place = await serve()
    const {session} = await ask({prompt: 'please do [bash]', place, options: {persistSession: false}})

    expect(await said(place, session)).toHaveLength(4)
  })

  test('knows on day 2 what was said on day 1, and finds it with the tool too, which is not recorded again', async () => {
    const place = await serve()
    await ask({prompt: 'we call the new importer Zanzibar', place})
    const {session} = await ask({prompt: 'what do we call the new importer? [search]', place})
    const request = await api.requestThat((each) =>
      textOf(each).includes('what do we call the new importer?'),
    )
    const answered = await api.requestThat(
      (each) => textOf(each).includes('what do we call') && lastWords(each).includes('tool_result'),
    )

    expect(textOf(request)).toMatch(/<bmfote-recall[\s\S]*Zanzibar[\s\S]*<\/bmfote-recall>/)
    expect(lastWords(answered)).toContain('>>>Zanzibar<<<')
    expect(await said(place, session)).toEqual([
      'user: what do we call the new importer? [search]',
      'assistant: mcp__bmfote__search_memory: Zanzibar',
      'assistant: That is what came out.',
    ])
  })

  test('runs without a server, and says so once', async () => {
    const {result, stderr} = await ask({
      prompt: 'please do [bash]',
      place: {url: 'http://127.0.0.1:9', token: ''},
    })

    expect(result).toBe('That is what came out.')
    expect(stderr.match(/bmfote: /g)?.length).toBeLessThanOrEqual(2)
    expect(stderr).toContain("can't be reached")
  })

  test('is not recorded when that is turned off', async () => {
    const place = await serve()
    const {result} = await ask({prompt: 'hello', place, env: {BMFOTE_DISABLE: '1'}})

    expect(result).toBe('Hello.')
    expect(await everything(place)).toEqual([])
  })
})

describe("an agent on a computer whose person's own hooks record", () => {
  test('each turn is stored once, whoever is first', async () => {
    const place = await serve()
    const machine = await Machine.setUp(api, place)
    const {stdout} = await runProgram(join(programs, 'agent.mjs'), ['please do [bash]'], {
      cwd: machine.cwd,
      env: environment(place, machine.home),
    })
    await machine.delivered()

    expect(await said(place, JSON.parse(stdout).session)).toEqual([
      'user: please do [bash]',
      'assistant: Bash: echo out-of-the-shell\nSay it',
      'tool: out-of-the-shell',
      'assistant: That is what came out.',
    ])
    const before = await everything(place)

    await machine.bmfote('import', 'claude-code')
    expect((await everything(place)).map(({uuid}) => uuid)).toEqual(before.map(({uuid}) => uuid))
  })

  test('a session that is resumed too', async () => {
    const place = await serve()
    const machine = await Machine.setUp(api, place)
    const run = async (prompt: string, options: object = {}) => {
      const args = [prompt, JSON.stringify(options)]
      const at = {cwd: machine.cwd, env: environment(place, machine.home)}
      return JSON.parse((await runProgram(join(programs, 'agent.mjs'), args, at)).stdout)
    }
    const {session} = await run('first')
    await run('second', {resume: session})
    await machine.delivered()

    expect((await said(place, session)).map((line) => line.replace(/^assistant: .*/, 'assistant'))).toEqual([
      'user: first',
      'assistant',
      'user: second',
      'assistant',
    ])
  })
})

test('the example runs as it is, and its types are right', async () => {
  const place = await serve()
  const home = tempHome()
  const file = installExample('agent-sdk/ops-agent.ts', programs)
  const {stdout} = await runProgram(file, ['hello'], {cwd: home.path, env: environment(place, home)})

  expect(stdout).toBe('Hello.\n')
  expect(await said(place)).toEqual(['user: hello', 'assistant: Hello.'])
  const readme = readFileSync(join(ROOT, 'src', 'lib', 'client', 'README.md'), 'utf8')
  const snippet = /```ts agent-sdk\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  writeFileSync(join(programs, 'snippet.ts'), snippet)
  expect(snippet).toContain('agentSdkHooks')
  const options = [
    '--ignoreConfig',
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ]
  await promisify(execFile)(
    join(ROOT, 'node_modules', '.bin', 'tsc'),
    [...options, '--types', 'node', 'ops-agent.ts', 'snippet.ts'],
    {cwd: programs},
  )
})
