import Anthropic from '@anthropic-ai/sdk'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {OWNER} from '../callers.ts'
import {createTestServer, type TestServer} from '../test-server.ts'
import type {SessionEvent} from './api-shapes.ts'
import type {Fault} from './faults.ts'
import type {Policy} from './policy.ts'
import {type ManagedAgents, startManagedAgents} from './start-managed-agents.ts'

const TOKEN = 'the-token-of-the-memory'
/** For a machine that has other things to do. */
const PATIENCE = {timeout: 20_000, interval: 20}
const FACT = 'We agreed that the ideal customer of bmfote is a team of one to five people.'

let memory: TestServer
let mcpUrl: string
let api: ManagedAgents
let client: Anthropic

beforeAll(async () => {
  memory = await createTestServer({token: TOKEN})
  mcpUrl = `${await memory.app.listen({host: '127.0.0.1', port: 0})}/mcp/`
  await memory.memory.recordMessages(OWNER, [
    {
      uuid: 'fact-1',
      sessionId: 'planning',
      type: 'assistant',
      content: FACT,
      project: 'bmfote',
      author: 'claude-code',
      timestamp: '2026-11-17T10:00:00.000Z',
    },
  ])
})
afterAll(() => memory.close())

async function start(policy?: Policy): Promise<void> {
  api = await startManagedAgents({pageSize: 5, policy})
  client = new Anthropic({apiKey: api.key, baseURL: api.url, maxRetries: 0})
}

beforeEach(() => start())
afterEach(async () => {
  await api.close()
  expect(api.violations).toEqual([])
})

interface Wiring {
  token?: string
  url?: string
  credentialUrl?: string
  allow?: boolean
}

async function createSession(prompt: string | undefined, wiring: Wiring = {}): Promise<string> {
  const {token = TOKEN, url = mcpUrl, credentialUrl = url, allow = true} = wiring
  const agent = await client.beta.agents.create({
    name: 'Agent A',
    model: 'claude-opus-5-5',
    system: 'You answer from memory.',
    mcp_servers: [{type: 'url', name: 'bmfote', url}],
    tools: [
      {
        type: 'mcp_toolset',
        mcp_server_name: 'bmfote',
        default_config: {permission_policy: {type: allow ? 'always_allow' : 'always_ask'}},
      },
    ],
  })
  const environment = await client.beta.environments.create({name: 'e'})
  const vault = await client.beta.vaults.create({display_name: 'v'})
  await client.beta.vaults.credentials.create(vault.id, {
    auth: {type: 'static_bearer', mcp_server_url: credentialUrl, token},
  })
  const {id} = await client.beta.sessions.create({
    agent: agent.id,
    environment_id: environment.id,
    vault_ids: [vault.id],
    initial_events: prompt === undefined ? [] : [message(prompt)],
  })
  return id
}

function message(text: string) {
  return {type: 'user.message' as const, content: [{type: 'text' as const, text}]}
}

async function list(id: string): Promise<SessionEvent[]> {
  const events: SessionEvent[] = []
  for await (const event of client.beta.sessions.events.list(id)) events.push(event)
  return events
}

async function run(prompt: string, wiring?: Wiring): Promise<SessionEvent[]> {
  const id = await createSession(prompt, wiring)
  await api.settled()
  return list(id)
}

/** Until the session is idle for this reason, however the turn gets there. */
async function idleWith(id: string, reason: string): Promise<SessionEvent[]> {
  return expect
    .poll(() => list(id), PATIENCE)
    .toSatisfy((events: SessionEvent[]) => stopReason(events) === reason)
    .then(() => list(id))
}

function stopReason(events: readonly SessionEvent[]): string | undefined {
  const last = events.at(-1)
  return last?.type === 'session.status_idle' ? last.stop_reason.type : undefined
}

function answerOf(events: readonly SessionEvent[]): string {
  const last = events.findLast((event) => event.type === 'agent.message')
  return last?.content.map((block) => (block.type === 'text' ? block.text : '')).join('') ?? ''
}

function typesOf(events: readonly SessionEvent[]): string[] {
  return events.map(({type}) => type)
}

function errorsOf(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'session.error' ? [event.error.type] : []))
}

describe('an agent and its memory', () => {
  test('it searches, reads what it found, and answers from that', async () => {
    const events = await run('Who is our ideal customer?')

    expect(answerOf(events)).toContain('a team of one to five people')
    expect(answerOf(events)).toContain('by claude-code (fact-1)')
    expect(events.flatMap((event) => (event.type === 'agent.mcp_tool_use' ? [event.name] : []))).toEqual([
      'search_memory',
      'get_context',
    ])
    expect(typesOf(events).slice(0, 2)).toEqual(['user.message', 'session.status_running'])
    expect(stopReason(events)).toBe('end_turn')
  })

  test('what it remembers is in the memory', async () => {
    const events = await run('Remember that the review is on Friday.')
    const hits = await run('When is the review?')

    expect(answerOf(events)).toMatch(/^I have remembered it, as \S+\.$/)
    expect(answerOf(hits)).toContain('the review is on Friday')
  })

  test('the token is that of the credential whose URL is the same, however it is written', async () => {
    const written = mcpUrl.replace('http:', 'HTTP:').replace(/\/$/, '')

    expect(answerOf(await run('Who is our ideal customer?', {credentialUrl: written}))).toContain(
      'one to five',
    )
  })

  test.each<[string, Wiring, string]>([
    ['a stale token', {token: 'stale'}, 'mcp_authentication_failed_error'],
    [
      'a credential for another path',
      {credentialUrl: 'http://127.0.0.1/other'},
      'mcp_authentication_failed_error',
    ],
    ['nobody at the URL', {url: 'http://127.0.0.1:9/mcp/'}, 'mcp_connection_failed_error'],
  ])('%s is a session.error, and the agent goes on without', async (_, wiring, type) => {
    const events = await run('Who is our ideal customer?', wiring)

    expect(errorsOf(events)).toEqual([type])
    expect(answerOf(events)).toBe('I cannot reach the memory.')
    expect(stopReason(events)).toBe('end_turn')
  })

  test('a tool that is not enabled is denied', async () => {
    const id = await createSession(undefined)
    const [agent] = [...api.state.agents.values()]
    if (!agent) throw new Error('no agent')
    await client.beta.agents.update(agent.id, {
      tools: [{type: 'mcp_toolset', mcp_server_name: 'bmfote', default_config: {enabled: false}}],
    })
    const {environment_id, vault_ids} = await client.beta.sessions.retrieve(id)
    const session = await client.beta.sessions.create({
      agent: {type: 'agent', id: agent.id},
      environment_id,
      vault_ids,
      initial_events: [message('Who is our ideal customer?')],
    })
    await api.settled()

    const events = await list(session.id)
    expect(events.find(({type}) => type === 'agent.mcp_tool_use')).toMatchObject({
      evaluated_permission: 'deny',
    })
    expect(answerOf(events)).not.toContain('one to five')
  })

  test.each<[string, Policy]>([
    ['reads', async ({tools}) => (await tools.call('get_context', {uuid: 'fact-1'})).text],
    ['names', async () => 'As said in 0f9aa1f6-5d32-4d54-9b7e-111122223333.'],
  ])('an id that it %s without having been told it ends the session', async (_, policy) => {
    await api.close()
    await start(policy)
    const events = await run('Who is our ideal customer?')

    expect(typesOf(events).at(-1)).toBe('session.status_terminated')
    expect(events.find(({type}) => type === 'session.error')).toMatchObject({
      error: {type: 'unknown_error', message: expect.stringContaining('MadeUpIdError')},
    })
  })

  test('an id within quoted text was not told by a tool', async () => {
    await run('Remember that uuid fact-1 | session planning is the best.')
    await api.close()
    await start(async ({tools}) => {
      await tools.call('get_recent', {hours: 1, limit: 1})
      return (await tools.call('get_context', {uuid: 'fact-1'})).text
    })

    expect(errorsOf(await run('Now?'))).toEqual(['unknown_error'])
  })
})

describe('waiting for a confirmation', () => {
  const confirm = (id: string, result: 'allow' | 'deny') => ({
    type: 'user.tool_confirmation' as const,
    tool_use_id: id,
    result,
  })

  test.each([
    ['allow', 'one to five people'],
    ['deny', 'I cannot reach the memory.'],
  ] as const)('a tool of the memory that must be asked for: %s', async (result, answer) => {
    const id = await createSession('Who is our ideal customer?', {allow: false})
    for (let asked = 0; asked < 2; asked++) {
      const events = await expect
        .poll(() => list(id), PATIENCE)
        .toSatisfy((all: SessionEvent[]) => stopReason(all) !== undefined)
        .then(() => list(id))
      const last = events.at(-1)
      if (last?.type !== 'session.status_idle' || last.stop_reason.type !== 'requires_action') break
      expect((await client.beta.sessions.retrieve(id)).status).toBe('idle')
      const [waiting = ''] = last.stop_reason.event_ids
      await client.beta.sessions.events.send(id, {events: [confirm(waiting, result)]})
    }

    expect(answerOf(await idleWith(id, 'end_turn'))).toContain(answer)
  })

  test.each(['bash', 'custom'] as const)('another tool: %s', async (tool) => {
    api.faults.add({kind: 'requires_action', tool})
    const id = await createSession('Who is our ideal customer?')
    const events = await idleWith(id, 'requires_action')
    const use = events.find(({type}) => type === 'agent.tool_use' || type === 'agent.custom_tool_use')
    const waiting = use?.id ?? ''
    await client.beta.sessions.events.send(id, {
      events: [
        tool === 'bash'
          ? confirm(waiting, 'deny')
          : {type: 'user.custom_tool_result', custom_tool_use_id: waiting},
      ],
    })

    expect(answerOf(await idleWith(id, 'end_turn'))).toContain('one to five people')
  })

  test('an answer that nobody waits for is refused, and nothing of that request is taken', async () => {
    const id = await createSession(undefined)
    const events = [message('Who is our ideal customer?'), confirm('sevt_none', 'allow')]

    await expect(client.beta.sessions.events.send(id, {events})).rejects.toThrow(Anthropic.BadRequestError)
    expect(await list(id)).toEqual([])
  })
})

describe('the end of a turn', () => {
  test.each<[Fault, string]>([
    [{kind: 'refusal', category: 'cyber'}, 'refusal'],
    [{kind: 'retries_exhausted'}, 'retries_exhausted'],
    [{kind: 'budget_reached'}, 'budget_reached'],
  ])('%o', async (fault, reason) => {
    api.faults.add(fault)
    const events = await run('Who is our ideal customer?')

    expect(stopReason(events)).toBe(reason)
    expect(answerOf(events)).toBe('')
  })

  test('a budget ends the turn when it is spent', async () => {
    const id = await createSession(undefined)
    await client.beta.sessions.update(id, {
      budget: {type: 'limit', max_list_cost: {amount: '2', currency: 'USD'}},
    })
    await client.beta.sessions.events.send(id, {events: [message('Who is our ideal customer?')]})
    await api.settled()

    expect(stopReason(await list(id))).toBe('budget_reached')
    expect((await client.beta.sessions.retrieve(id)).usage.list_cost).toEqual({amount: '2', currency: 'USD'})
  })

  test('terminated: nothing more is taken, and a stream is over', async () => {
    api.faults.add({kind: 'terminated'})
    const id = await createSession('Who is our ideal customer?')
    await api.settled()

    expect((await client.beta.sessions.retrieve(id)).status).toBe('terminated')
    await expect(client.beta.sessions.events.send(id, {events: [message('And?')]})).rejects.toThrow(
      /terminated/,
    )
    const streamed = []
    for await (const event of await client.beta.sessions.events.stream(id)) streamed.push(event)
    expect(streamed).toEqual([])
  })

  test('deleted in the middle: the session is gone', async () => {
    api.faults.add({kind: 'deleted'})
    const id = await createSession('Who is our ideal customer?')
    await api.settled()

    await expect(client.beta.sessions.retrieve(id)).rejects.toThrow(Anthropic.NotFoundError)
  })

  test('rescheduled, it goes on', async () => {
    api.faults.add({kind: 'rescheduled'})
    const events = await run('Who is our ideal customer?')

    expect(typesOf(events)).toContain('session.status_rescheduled')
    expect(answerOf(events)).toContain('one to five')
  })

  test('a turn that never ends is interrupted; then the session can be archived', async () => {
    api.faults.add({kind: 'never_ends'})
    const id = await createSession('Who is our ideal customer?')

    await expect(client.beta.sessions.archive(id)).rejects.toThrow(/interrupt/)
    await client.beta.sessions.events.send(id, {events: [{type: 'user.interrupt'}]})
    await api.settled()
    expect(stopReason(await list(id))).toBe('end_turn')
    await client.beta.sessions.archive(id)
    await expect(client.beta.sessions.events.send(id, {events: [message('And?')]})).rejects.toThrow(
      /archived/,
    )
    expect((await client.beta.sessions.list()).data).toEqual([])
    expect((await client.beta.sessions.list({include_archived: true})).data).toMatchObject([{id}])
    await client.beta.sessions.delete(id)
    await expect(client.beta.sessions.retrieve(id)).rejects.toThrow(Anthropic.NotFoundError)
  })
})

describe('the stream', () => {
  /** Opened before the prompt is sent, so that it has all of it. */
  async function streamed(
    id: string,
    params?: {event_deltas: ['agent.message']},
  ): Promise<{type: string; id?: string}[]> {
    const events: {type: string; id?: string}[] = []
    const stream = await client.beta.sessions.events.stream(id, params)
    await client.beta.sessions.events.send(id, {events: [message('Who is our ideal customer?')]})
    for await (const event of stream) {
      events.push(event as {type: string; id?: string})
      if (event.type === 'session.status_idle') break
    }
    return events
  }

  test('has what happens, as the list has it', async () => {
    const id = await createSession(undefined)

    expect(await streamed(id)).toEqual(await list(id))
  })

  test('what was before it is in the list alone', async () => {
    const id = await createSession('Remember that tea is served at four.')
    await api.settled()
    const before = await list(id)
    const events = await streamed(id)

    expect(before.length).toBeGreaterThan(5)
    expect(await list(id)).toEqual([...before, ...events])
  })

  test('an answer comes in pieces where they are asked for', async () => {
    const id = await createSession(undefined)
    const events = await streamed(id, {event_deltas: ['agent.message']})
    const pieces = events as {type: string; delta?: {content: {text: string}}}[]

    expect(events.map(({type}) => type)).toContain('event_start')
    expect(pieces.map(({delta}) => delta?.content.text ?? '').join('')).toBe(answerOf(await list(id)))
  })

  test.each(['clean', 'cut'] as const)('ends in the middle: %s', async (how) => {
    api.faults.add({kind: 'stream_ends', after: 2, how})
    const id = await createSession(undefined)
    const events = streamed(id)

    if (how === 'clean') expect(await events).toHaveLength(2)
    else await expect(events).rejects.toThrow()
    await api.settled()
    expect(stopReason(await list(id))).toBe('end_turn')
  })

  test('lags behind the list, or the list behind the stream', async () => {
    api.faults.add({kind: 'list_lags', calls: 2})
    const lagging = await createSession('Who is our ideal customer?')
    await api.settled()
    const all = api.state.sessions.get(lagging)?.log.events ?? []
    const listed = async () => (await client.beta.sessions.events.list(lagging, {limit: 1})).data.length

    expect([await listed(), await listed(), await listed()]).toEqual([0, 0, 1])
    expect(all.length).toBeGreaterThan(5)
    api.faults.add({kind: 'stream_lags', calls: 1})
    const held = await createSession(undefined)
    const stream = await client.beta.sessions.events.stream(held)
    const first = stream[Symbol.asyncIterator]().next()
    await client.beta.sessions.events.send(held, {events: [message('Who is our ideal customer?')]})
    await api.settled()
    expect(await Promise.race([first.then(() => 'came'), Promise.resolve('waits')])).toBe('waits')
    await list(held)
    expect((await first).value).toMatchObject({type: 'user.message'})
  })

  test('has each event twice', async () => {
    api.faults.add({kind: 'duplicate_events'})
    const id = await createSession(undefined)
    const events = await streamed(id)
    const ids = (await list(id)).map((event) => event.id)

    expect(ids.length).toBe(2 * new Set(ids).size)
    expect(events.filter(({type}) => type === 'user.message')).toHaveLength(2)
  })

  test('has types and fields that nobody knows', async () => {
    api.faults.add({kind: 'unknown_events'}, {kind: 'unknown_stop_reason'})
    const id = await createSession(undefined)
    const events = await streamed(id)

    expect(events).toContainEqual(expect.objectContaining({type: 'agent.daydream'}))
    expect(events).toContainEqual(expect.objectContaining({type: 'agent.message', mood: {type: 'curious'}}))
    expect(events.at(-1)).toMatchObject({type: 'session.status_idle', stop_reason: {type: 'full_moon'}})
  })
})

test('a session of 500 events has all of them in its list', async () => {
  api.faults.add({kind: 'many_events', count: 500})
  const id = await createSession('Who is our ideal customer?')
  await api.settled()
  const events: SessionEvent[] = []
  for await (const event of client.beta.sessions.events.list(id, {types: ['agent.thinking']}))
    events.push(event)

  expect(new Set(events.map((event) => event.id)).size).toBe(500)
}, 60_000)
