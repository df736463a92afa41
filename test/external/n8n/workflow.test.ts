import {readFileSync} from 'node:fs'
import {afterAll, beforeAll, beforeEach, describe, expect, inject, test} from 'vitest'
import {KNOWN_FACT, openProofStage, type ProofStage} from '../../agent/proof/proof-stage.ts'
import {createTempHome, type TempHome} from '../../helpers/temp-home.ts'
import {N8n, type N8nRun} from './n8n.ts'

const PROJECT = 'n8n-managed-agent'
const WORKFLOW = new URL('../../../examples/n8n/managed-agent-with-memory.json', import.meta.url)

interface Assignment {
  name: string
  value: unknown
}

interface Workflow {
  id: string
  nodes: {name: string; type: string; parameters: {assignments?: {assignments: Assignment[]}}}[]
}

interface Message {
  uuid: string
  session_id: string
  content: string
  author: string
  source: string
  project: string
  type: string
}

let home: TempHome
let stage: ProofStage
let n8n: N8n

/** What a person types into the Settings node: one workflow for each question, imported at once. */
const QUESTIONS = {
  run1: {agent: 'A', prompt: 'What do you remember about the bmfote project?'},
  run2: {agent: 'A', prompt: 'What did you tell me last time?'},
  run3: {agent: 'B', prompt: 'Summarize every previous run and cite session IDs.'},
  quick: {agent: 'C', prompt: 'What do you remember about the bmfote project?'},
} as const

beforeAll(async () => {
  home = createTempHome()
  stage = await openProofStage({pageSize: 4})
  n8n = new N8n(inject('n8n'), home)
  const {ANTHROPIC_API_KEY = '', BMFOTE_TOKEN = ''} = stage.env
  await n8n.importCredentials([
    {
      id: 'anthropic',
      name: 'Anthropic',
      type: 'anthropicApi',
      data: {apiKey: ANTHROPIC_API_KEY, url: stage.api.url},
    },
    {id: 'bmfote', name: 'bmfote', type: 'httpBearerAuth', data: {token: BMFOTE_TOKEN}},
  ])
  const agents = {
    A: await stage.create('Agent A'),
    B: await stage.create('Agent B'),
    C: await stage.create('Agent C'),
  }
  const [vault] = stage.api.state.vaults.values()
  const [environment] = stage.api.state.environments.values()
  await n8n.importWorkflows(
    Object.entries(QUESTIONS).map(([id, {agent, prompt}]) => {
      return withSettings(id, {
        prompt,
        agent_id: agents[agent],
        environment_id: environment?.id ?? '',
        vault_id: vault?.id ?? '',
        bmfote_url: stage.env.BMFOTE_URL ?? '',
        anthropic_url: stage.api.url,
        poll_seconds: 1,
        polls_max: 4,
      })
    }),
  )
}, 900_000)

afterAll(async () => {
  await stage.close()
  home.remove()
  expect(stage.api.violations).toEqual([])
})

beforeEach(() => stage.api.faults.clear())

function readWorkflow(): Workflow {
  return JSON.parse(readFileSync(WORKFLOW, 'utf8'))
}

function withSettings(id: string, values: Record<string, unknown>): Workflow {
  const workflow = readWorkflow()
  const settings =
    workflow.nodes.find(({name}) => name === 'Settings')?.parameters.assignments?.assignments ?? []
  for (const setting of settings) setting.value = values[setting.name] ?? setting.value
  return {...workflow, id}
}

async function stored(): Promise<Message[]> {
  const recent = (await stage.call('/api/recent?hours=24&limit=200')) as Message[]
  return recent.filter(({project}) => project === PROJECT).reverse()
}

function sessionOf({result}: N8nRun): string {
  return String(result?.session_id)
}

test('the file holds no secret, no address of anybody, and no node that does not come with n8n', () => {
  const text = readFileSync(WORKFLOW, 'utf8')

  expect(readWorkflow().nodes.map(({type}) => type)).toSatisfy((types: string[]) => {
    return types.every((type) => /^n8n-nodes-base\.\w+$/.test(type))
  })
  expect(text).not.toMatch(/sk-ant|Bearer |agent_01|vlt_01|env_01|127\.0\.0\.1|localhost/)
})

test('the three runs, all through n8n', async () => {
  const first = await n8n.execute('run1')
  expect(first.result).toMatchObject({agent: 'Agent A', answer: expect.stringContaining(KNOWN_FACT)})
  const both = (await stored()).filter(({session_id}) => session_id === sessionOf(first))
  expect(both).toMatchObject([
    {uuid: `${sessionOf(first)}-user`, type: 'user', content: QUESTIONS.run1.prompt, source: 'n8n'},
    {uuid: `${sessionOf(first)}-agent`, type: 'assistant', content: first.result?.answer, author: 'Agent A'},
  ])
  expect(stage.api.state.sessions.get(sessionOf(first))?.session.archived_at).not.toBeNull()

  const second = await n8n.execute('run2')
  expect(second.result?.answer).toContain(`Last time, in ${sessionOf(first)}-agent, I told you`)
  expect(second.result?.answer).toContain(KNOWN_FACT)

  const third = await n8n.execute('run3')
  const lines = String(third.result?.answer).split('\n')
  for (const session of [sessionOf(first), sessionOf(second)]) {
    expect(lines).toContainEqual(expect.stringMatching(`session ${session}, ${session}-agent: Agent A`))
  }
  expect(await stored()).toHaveLength(6)

  const fromN8n = stage.api.requests.filter(({headers}) => headers['x-api-key'] === stage.api.key)
  const versions = new Set(fromN8n.map(({headers}) => headers['anthropic-version']))
  expect([...versions]).toEqual(['2023-06-01'])
  expect(fromN8n.filter(({method, path}) => method === 'POST' && path === '/v1/sessions')).toHaveLength(3)
}, 600_000)

describe('what does not end well is said, archived, and not stored', () => {
  test.each([
    ['an agent that goes on for too long', {kind: 'never_ends'}, 'did not end within the time'],
    ['a refusal', {kind: 'refusal'}, 'The model refused'],
    ['a tool that needs a permission', {kind: 'requires_action', tool: 'bash'}, 'asked for a permission'],
    [
      'a memory that does not take the token',
      {kind: 'mcp_authentication_failed'},
      'could not reach the memory',
    ],
  ] as const)('%s', async (_, fault, words) => {
    const before = await stored()
    stage.api.faults.add(fault)
    const run = await n8n.execute('quick')

    expect(run.exitCode).not.toBe(0)
    expect(run.output).toContain(words)
    expect(await stored()).toEqual(before)
    const session = [...stage.api.state.sessions.values()].at(-1)?.session
    expect(session?.archived_at).not.toBeNull()
  })
})

test('an event list that lags, and says everything twice, costs no more than another look', async () => {
  stage.api.faults.add({kind: 'list_lags', calls: 2}, {kind: 'duplicate_events'})
  const run = await n8n.execute('quick')

  const events = stage.api.state.sessions.get(sessionOf(run))?.log.events ?? []
  const said = events.flatMap((event) => (event.type === 'agent.message' ? event.content : []))
  expect(said).toEqual([{type: 'text', text: run.result?.answer}])
})
