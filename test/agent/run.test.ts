import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {NOTHING, openAgentStage, TOKEN} from '../helpers/agent-stage.ts'
import type {Fault} from '../helpers/managed-agents/faults.ts'
import {DIST, startBinary} from '../helpers/run-binary.ts'
import {tempHome} from '../helpers/temp-home.ts'

const stage = openAgentStage({pageSize: 5})

let agentId: string
beforeAll(async () => {
  agentId = await stage.create('asked')
})

interface Run {
  outcome: string
  exit_code: number
  answer: string
  session_id: string
  stop_reason: string | null
  tool_calls: {name: string; server: string | null; state: string}[]
  usage: {input_tokens: number; output_tokens: number; cost: {amount: string} | null}
  warnings: string[]
  stored: {prompt_uuid: string; answer_uuid: string; project: string; workspace_id: string} | null
  archived: boolean
}

function run(prompt: string, ...flags: string[]) {
  return stage.agent(['run', agentId, prompt, ...flags])
}

function runJson(prompt: string, ...flags: string[]) {
  return stage.agentJson<Run>(['run', agentId, prompt, ...flags])
}

function sessionOf(id: string) {
  return stage.api.state.sessions.get(id)?.session
}

async function storedUnder(sessionId: string, workspace = 'bmfote-default') {
  const url = `${stage.serverUrl}/api/recent?session_id=${sessionId}&workspace_id=${workspace}`
  const response = await fetch(url, {headers: {authorization: `Bearer ${TOKEN}`}})
  return ((await response.json()) as Record<string, unknown>[]).reverse()
}

describe('run', () => {
  test('piped, stdout is the answer and nothing else; what it did is told on stderr', async () => {
    const {stdout, stderr, exitCode} = await run('What about zebras?')

    expect({stdout, exitCode}).toEqual({stdout: `${NOTHING}\n`, exitCode: 0})
    expect(stderr).toContain('✓ searches the memory for "What about zebras?"')
    expect(stderr).toMatch(/1 call, \d+ tokens in and \d+ out, \$0\.02; kept as sevt_/)
  })

  test('keeps the question and the answer as a turn of the agent, once', async () => {
    const result = await runJson('Remember the fact trials last 14 days.', '--project', 'webshop')

    expect(result).toMatchObject({outcome: 'done', exit_code: 0, stop_reason: 'end_turn', archived: true})
    const rows = await storedUnder(result.session_id)
    const common = {author: 'asked', source: 'managed-agent', project: 'webshop'}
    expect(rows).toMatchObject([
      {
        ...common,
        type: 'user',
        uuid: result.stored?.prompt_uuid,
        content: 'Remember the fact trials last 14 days.',
      },
      {
        ...common,
        type: 'assistant',
        uuid: result.stored?.answer_uuid,
        content: result.answer,
        model: 'claude-sonnet-5-5',
      },
    ])
    expect(sessionOf(result.session_id)?.archived_at).toEqual(expect.any(String))
  })

  test('says all of it with --json', async () => {
    await run('Remember the fact okapis have stripes.')
    const result = await runJson('What do okapis have?')

    expect(result.answer).toBe('okapis have stripes')
    expect(result.tool_calls[0]).toMatchObject({name: 'search_memory', server: 'bmfote', state: 'done'})
    expect(result.usage.input_tokens).toBeGreaterThan(0)
    expect(result.usage.cost).toMatchObject({amount: expect.stringMatching(/^\d+$/)})
    expect(result.warnings).toEqual([])
  })

  test('the prompt may come on standard input, with or without -', async () => {
    for (const args of [
      ['run', agentId, '-'],
      ['run', agentId],
    ]) {
      const {stdout, exitCode} = await stage.agent(args, {stdin: 'What about\nlions?\n'})
      expect({stdout, exitCode}).toEqual({stdout: `${NOTHING}\n`, exitCode: 0})
    }
    const empty = await stage.agent(['run', agentId], {stdin: ''})
    expect(empty).toMatchObject({exitCode: 2, stderr: expect.stringContaining('nothing to ask')})
  })

  test('a prompt that is longer than a message may be is kept cut, and that is said', async () => {
    const stdin = `Zebras? ${'Long. '.repeat(12_000)}`
    const {stdout, stderr, exitCode} = await stage.agent(['run', agentId, '-'], {stdin})

    expect({stdout, exitCode}).toEqual({stdout: `${NOTHING}\n`, exitCode: 0})
    expect(stderr).toContain('Warning: What was longer than 50,000 characters is kept cut in the memory.')
  })

  test('the person who asks is named, where that is known; the workspace is that of the flag', async () => {
    const options = {env: {BMFOTE_AUTHOR: 'Ana'}}
    const result = await stage.agentJson<Run>(['run', agentId, 'Zebras?', '--workspace', 'other'], options)

    expect(result.stored?.workspace_id).toBe('other')
    expect(await storedUnder(result.session_id, 'other')).toMatchObject([{author: 'Ana'}, {author: 'asked'}])
    expect(await storedUnder(result.session_id)).toEqual([])
  })

  test('--title and --budget go to the session, --keep leaves it open', async () => {
    const {session_id} = await runJson('Zebras?', '--title', 'animals', '--budget', '2.50', '--keep')

    const session = sessionOf(session_id)
    expect(session).toMatchObject({
      title: 'animals',
      archived_at: null,
      budget: {type: 'limit', max_list_cost: {amount: '250', currency: 'USD'}},
    })
  })

  test('--detach prints the id of the session, and leaves it to itself', async () => {
    const {stdout, exitCode} = await run('Zebras?', '--detach')

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^sesn_\w+\n$/)
    await stage.api.settled()
    expect(sessionOf(stdout.trim())).toMatchObject({status: 'idle', archived_at: null})
    expect(await storedUnder(stdout.trim())).toEqual([])
  })

  test.each([
    ['--timeout', 'soon'],
    ['--timeout', '0'],
    ['--budget', '0'],
    ['--budget', '0.001'],
    ['--budget', 'much'],
  ])('%s %s is refused before anything is asked', async (flag, value) => {
    const start = stage.api.requests.length
    const {exitCode, stderr} = await run('Zebras?', flag, value)

    expect(exitCode).toBe(2)
    expect(stderr).toContain(flag)
    expect(stage.requestsSince(start)).toEqual([])
  })

  test('an agent that is not there, or not wired, is said so', async () => {
    const missing = await stage.agent(['run', 'agent_missing', 'Zebras?'])
    expect(missing).toMatchObject({exitCode: 1, stdout: ''})
    expect(missing.stderr).toMatch(/request req_/)

    const id = await stage.create('unwired')
    const agent = stage.api.state.agents.get(id)
    if (agent) stage.api.state.agents.set(id, {...agent, mcp_servers: [], tools: []})
    const {stderr} = await stage.agent(['run', id, 'Zebras?'])
    expect(stderr).toContain(`it has no MCP server "bmfote". To wire it: bmfote agent doctor ${id} --fix`)
  })
})

describe('the ends that a run may have', () => {
  test.each<[Fault, string, number]>([
    [{kind: 'refusal', category: 'cyber'}, 'refused', 10],
    [{kind: 'budget_reached'}, 'budget_reached', 11],
    [{kind: 'retries_exhausted'}, 'retries_exhausted', 13],
    [{kind: 'mcp_authentication_failed'}, 'memory_unreachable', 14],
    [{kind: 'mcp_connection_failed'}, 'memory_unreachable', 14],
    [{kind: 'terminated'}, 'failed', 1],
    [{kind: 'deleted'}, 'failed', 1],
    [{kind: 'unknown_stop_reason'}, 'done', 0],
    [{kind: 'rescheduled'}, 'done', 0],
  ])('%o: %s, exit code %i', async (fault, outcome, exitCode) => {
    stage.api.faults.add(fault)
    const result = await stage.agent(['run', agentId, 'Zebras?', '--json'])

    expect(result.exitCode).toBe(exitCode)
    expect(JSON.parse(result.stdout)).toMatchObject({outcome, exit_code: exitCode})
  })

  test('a budget that is spent on the way', async () => {
    const {exitCode, stderr} = await run('Zebras?', '--budget', '0.01')

    expect(exitCode).toBe(11)
    expect(stderr).toContain('The budget is spent.')
  })

  test('a memory out of reach is told although there is an answer', async () => {
    stage.api.faults.add({kind: 'mcp_authentication_failed'})
    const {stdout, stderr, exitCode} = await run('Zebras?')

    expect({stdout, exitCode}).toEqual({stdout: 'I cannot reach the memory.\n', exitCode: 14})
    expect(stderr).toContain('The agent did not reach its memory')
    expect(stderr).toContain('mcp_authentication_failed_error')
  })

  test('a memory that does not take the turn costs the exit code, not the answer', async () => {
    stage.isReadOnly = true
    const {stdout, stderr, exitCode} = await run('Zebras?')

    expect({stdout, exitCode}).toEqual({stdout: `${NOTHING}\n`, exitCode: 14})
    expect(stderr).toContain('could not be stored')
  })

  test('a timeout interrupts the session, and archives it', async () => {
    stage.api.faults.add({kind: 'never_ends'})
    const result = await stage.agent(['run', agentId, 'Zebras?', '--timeout', '1', '--json'])

    expect(result.exitCode).toBe(12)
    const {session_id, outcome, archived, stored} = JSON.parse(result.stdout) as Run
    expect({outcome, archived, stored}).toEqual({outcome: 'timeout', archived: true, stored: null})
    expect(eventTypes(session_id)).toContain('user.interrupt')
    expect(sessionOf(session_id)).toMatchObject({status: 'idle', archived_at: expect.any(String)})
  })

  test('Ctrl-C interrupts the session, and archives it', async () => {
    stage.api.faults.add({kind: 'never_ends'})
    const known = new Set(stage.api.state.sessions.keys())
    const child = startBinary(['run', agentId, 'Zebras?'], {home: stage.home, binary: `${DIST}/bmfote-agent`})
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const session = await newSession(known)
    child.kill('SIGINT')

    expect(await ended).toBe(130)
    expect(stderr).toContain('Stopping the agent')
    expect(eventTypes(session)).toContain('user.interrupt')
    expect(sessionOf(session)).toMatchObject({status: 'idle', archived_at: expect.any(String)})
  })
})

async function newSession(known: ReadonlySet<string>): Promise<string> {
  for (;;) {
    const running = [...stage.api.state.sessions.values()].find(
      ({session, log}) => !known.has(session.id) && log.events.some(({type}) => type === 'agent.thinking'),
    )
    if (running) return running.session.id
    await wait(10)
  }
}

function eventTypes(sessionId: string): string[] {
  return stage.api.state.sessions.get(sessionId)?.log.events.map(({type}) => type) ?? []
}

describe('a connection that is not what it should be', () => {
  test.each<Fault[]>([
    [{kind: 'stream_ends', after: 0, how: 'clean'}],
    [{kind: 'stream_ends', after: 1, how: 'clean', times: 3}],
    [{kind: 'stream_ends', after: 2, how: 'cut', times: 2}],
    [{kind: 'stream_ends', after: 1, how: 'silent'}],
    [{kind: 'list_lags', calls: 3}],
    [{kind: 'stream_lags', calls: 2}],
    [{kind: 'duplicate_events'}],
    [{kind: 'unknown_events'}],
    [
      {kind: 'list_lags', calls: 2},
      {kind: 'stream_ends', after: 1, how: 'cut'},
    ],
    [{kind: 'answer', on: 'GET /v1/sessions/*/events/stream', status: 500, times: 2}],
    [{kind: 'answer', on: 'GET /v1/sessions/*/events', status: 529}],
    [{kind: 'garbage', on: 'GET /v1/sessions/*/events/stream'}],
    [{kind: 'answer_lost', on: 'POST /v1/sessions'}],
  ])('loses nothing, and doubles nothing: %o %o', async (...faults) => {
    await run('Remember the fact giraffes are tall.')
    stage.api.faults.add(...faults)
    const sessions = stage.api.state.sessions.size
    const result = await runJson('How are giraffes?')

    expect(result).toMatchObject({outcome: 'done', exit_code: 0})
    expect(result.answer).toBe('giraffes are tall')
    expect(stage.api.state.sessions.size).toBe(sessions + 1)
    const calls = stage.api.state.sessions.get(result.session_id)?.log.events ?? []
    const made = new Set(calls.filter(({type}) => type === 'agent.mcp_tool_use').map(({id}) => id))
    expect(result.tool_calls).toHaveLength(made.size)
    expect(await storedUnder(result.session_id)).toHaveLength(2)
  })

  test('500 events, over many pages', async () => {
    stage.api.faults.add({kind: 'many_events', count: 500}, {kind: 'stream_ends', after: 40, how: 'cut'})
    const result = await runJson('Zebras, at length?')

    expect(result).toMatchObject({outcome: 'done', exit_code: 0})
    expect(eventTypes(result.session_id).length).toBeGreaterThan(500)
  })
})

describe('a call that wants a permission', () => {
  test('of the memory is given it', async () => {
    stage.api.faults.add({kind: 'requires_action', tool: 'mcp'})
    const result = await runJson('Zebras?')

    expect(result).toMatchObject({outcome: 'done', exit_code: 0})
    expect(confirmations(result.session_id)).toMatchObject([{result: 'allow'}])
  })

  test('of the shell is denied where nobody can be asked, and told', async () => {
    stage.api.faults.add({kind: 'requires_action', tool: 'bash'})
    const {exitCode, stderr} = await run('Zebras?')

    expect(exitCode).toBe(0)
    expect(stderr).toContain('wanted to call bash')
    expect(stderr).toContain('(denied)')
    const session = [...stage.api.state.sessions.keys()].at(-1) ?? ''
    expect(confirmations(session)).toMatchObject([{result: 'deny'}])
  })

  test('of a tool of another program is told that it is not there', async () => {
    stage.api.faults.add({kind: 'requires_action', tool: 'custom'})
    const {exitCode, stderr} = await run('Zebras?')

    expect(exitCode).toBe(0)
    expect(stderr).toContain('is not available here')
  })

  function confirmations(sessionId: string) {
    const events = stage.api.state.sessions.get(sessionId)?.log.events ?? []
    return events.filter(({type}) => type === 'user.tool_confirmation')
  }
})

test('what agents may reach is not changed by a question: what is missing is named, and who mends it', async () => {
  const [environment] = stage.api.state.environments.values()
  if (environment?.config.type !== 'cloud') throw new Error('create makes one in the cloud')
  const before = environment.config.networking
  const networking = {
    type: 'limited' as const,
    allow_mcp_servers: false,
    allow_package_managers: false,
    allowed_hosts: ['pypi.example.com'],
  }
  environment.config.networking = networking
  onTestFinished(() => {
    if (environment.config.type === 'cloud') environment.config.networking = before
  })
  const start = stage.api.requests.length
  const {stderr, exitCode} = await run('Zebras?')

  expect(exitCode).toBe(0)
  expect([...stage.api.state.environments.values()][0]?.config).toMatchObject({networking})
  expect(stage.requestsSince(start).filter((request) => /^POST .*environments/.test(request))).toEqual([])
  for (const what of ['allow_mcp_servers false', 'allowed_hosts pypi.example.com']) {
    expect(stderr).toMatch(new RegExp(`has ${what}.* bmfote agent doctor ${agentId} --fix`))
  }
})

describe('a token that was changed', () => {
  test('between two runs reaches the vault before the second', async () => {
    expect((await run('Zebras?')).exitCode).toBe(0)
    const {secrets} = stage.api.state
    for (const id of secrets.keys()) secrets.set(id, 'yesterday')
    const [credential] = stage.api.state.credentials.values()
    if (credential)
      credential.metadata.bmfote_token = 'scrypt.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

    const {exitCode, stderr} = await run('Zebras?')
    expect(exitCode).toBe(0)
    expect(stderr).toContain('it holds the token of today now')
    expect([...secrets.values()]).toEqual([TOKEN])
  })

  test('is read from bmfote.env too', async () => {
    const home = tempHome()
    const folder = join(home.path, '.claude')
    home.env = {...stage.home.env, HOME: home.path, BMFOTE_HOME: home.bmfote}
    const {BMFOTE_URL, BMFOTE_TOKEN, ...env} = home.env
    home.env = env
    mkdirSync(folder)
    writeFileSync(join(folder, 'bmfote.env'), `BMFOTE_URL=${BMFOTE_URL}\nBMFOTE_TOKEN=${BMFOTE_TOKEN}\n`)

    expect(await stage.agent(['run', agentId, 'Zebras?'], {home})).toMatchObject({
      exitCode: 0,
      stdout: `${NOTHING}\n`,
    })
  })
})
