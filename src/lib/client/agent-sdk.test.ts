import {expect, test} from 'vitest'
import type {FoundLine, TranscriptLines, WantedLine} from './agent-recorder.ts'
import {type AgentSdkHooks, closeWhenDone, createAgentSdkHooks, type HookOutput} from './agent-sdk.ts'
import {Client} from './client.ts'
import {derivedId} from './ids.ts'
import type {WireMessage} from './wire-message.ts'

interface Bench {
  hooks: AgentSdkHooks
  stored: WireMessage[]
  fire(name: keyof AgentSdkHooks, input: object): Promise<HookOutput>
  close(): Promise<void>
}

function setUp(
  options: {lines?: Record<string, FoundLine>; recalled?: string; isDisabled?: boolean} = {},
): Bench {
  const stored: WireMessage[] = []
  const client = new Client({
    url: 'http://memory.example',
    fetch: async (url, init) => {
      if (String(url).includes('/api/recall')) return Response.json({text: options.recalled ?? '', uuids: []})
      const messages = JSON.parse(String(init?.body)) as WireMessage[]
      stored.push(...messages)
      return Response.json({results: messages.map(({uuid}) => ({uuid, status: 'ok'}))})
    },
  })
  const found = options.lines ?? {}
  const lines: TranscriptLines = {
    find: async (path, wanted) => found[`${path} ${keyOf(wanted)}`],
    exists: async (path) => Object.keys(found).some((key) => key.startsWith(path)),
  }
  const hooks = createAgentSdkHooks({project: 'ops'}, {client, lines, isDisabled: options.isDisabled})
  return {
    hooks,
    stored,
    fire: async (name, input) => {
      const base = {session_id: 's', transcript_path: '/t/s.jsonl', prompt_id: 'p1', hook_event_name: name}
      return (await hooks[name][0]?.hooks[0]?.({...base, ...input})) ?? {}
    },
    close: async () => {
      const run = closeWhenDone(empty(), hooks)
      for await (const _ of run);
    },
  }
}

function keyOf(wanted: WantedLine): string {
  return wanted.kind === 'prompt'
    ? 'prompt'
    : wanted.kind === 'answer'
      ? `answer ${wanted.text}`
      : `${wanted.kind} ${wanted.toolUseId}`
}

async function* empty(): AsyncGenerator<never> {}

const BASH = {
  tool_name: 'Bash',
  tool_input: {command: 'npm test'},
  tool_response: {stdout: '2 passed', stderr: 'a warning'},
  tool_use_id: 'toolu_1',
}

test('a turn is stored under ids that follow from the session, the prompt and the call', async () => {
  const {fire, close, stored} = setUp()
  await fire('UserPromptSubmit', {prompt: 'test it'})
  await fire('PostToolUse', BASH)
  await fire('Stop', {last_assistant_message: 'All is well.'})
  await close()

  expect(stored).toMatchObject([
    {
      uuid: derivedId('prompt', 's', 'p1'),
      content: 'test it',
      role: 'user',
      project: 'ops',
      source: 'agent-sdk',
      session_id: 's',
    },
    {uuid: derivedId('call', 's', 'toolu_1'), content: 'Bash: npm test', tool: 'Bash', type: 'assistant'},
    {
      uuid: derivedId('result', 's', 'toolu_1'),
      content: '2 passed\na warning',
      tool: 'Bash',
      role: 'tool',
      status: 'ok',
    },
    {uuid: derivedId('answer', 's', 'p1'), content: 'All is well.', role: 'assistant'},
  ])
  const times = stored.map(({timestamp = ''}) => timestamp)
  expect(times).toEqual([...times].sort())
})

test('where there is a transcript, its lines give the ids, and its words the results', async () => {
  const block = {type: 'tool_result', tool_use_id: 'toolu_1', content: 'as it stands there'}
  const {fire, close, stored} = setUp({
    lines: {
      '/t/s.jsonl prompt': {uuid: 'line-1'},
      '/t/s.jsonl call toolu_1': {uuid: 'line-2'},
      '/t/s.jsonl result toolu_1': {uuid: 'line-3', block},
      '/t/s.jsonl answer Done.': {uuid: 'line-4'},
    },
  })
  await fire('UserPromptSubmit', {prompt: 'test it'})
  await fire('PostToolUse', BASH)
  await fire('Stop', {last_assistant_message: 'Done.'})
  await close()

  expect(stored.map(({uuid, content}) => [uuid, content])).toEqual([
    ['line-1', 'test it'],
    ['line-2', 'Bash: npm test'],
    ['line-3', 'as it stands there'],
    ['line-4', 'Done.'],
  ])
})

test('a sub-agent is a session of its own, and compaction is none', async () => {
  const agentPath = '/t/s/subagents/agent-7.jsonl'
  const {fire, close, stored} = setUp({lines: {[`${agentPath} answer The cache.`]: {uuid: 'line-9'}}})
  await fire('PostToolUse', {...BASH, agent_id: '7'})
  await fire('SubagentStop', {
    agent_id: '7',
    agent_transcript_path: agentPath,
    last_assistant_message: 'The cache.',
  })
  await fire('SubagentStop', {
    agent_id: '8',
    agent_transcript_path: '/t/none.jsonl',
    last_assistant_message: 'A summary.',
  })
  await close()

  expect(stored.map(({session_id, content}) => [session_id, content])).toEqual([
    ['agent-7', 'Bash: npm test'],
    ['agent-7', '2 passed\na warning'],
    ['agent-7', 'The cache.'],
  ])
})

test('what failed says so; what the memory answered, and what nobody said, is not recorded', async () => {
  const {fire, close, stored} = setUp()
  await fire('PostToolUseFailure', {...BASH, tool_response: undefined, error: 'exit code 1'})
  await fire('PostToolUse', {
    ...BASH,
    tool_use_id: 't2',
    tool_name: 'mcp__bmfote__search_memory',
    tool_input: {query: 'port'},
  })
  await fire('UserPromptSubmit', {prompt: '<task-notification>done</task-notification>'})
  await fire('StopFailure', {error: 'overloaded'})
  await close()

  expect(stored.map(({content, status}) => [content, status])).toEqual([
    ['Bash: npm test', undefined],
    ['exit code 1', 'error'],
    ['mcp__bmfote__search_memory: port', undefined],
    ['overloaded', 'error'],
  ])
})

test('recall comes with the first prompt of a session, and after compaction', async () => {
  const {fire, close} = setUp({recalled: '<bmfote-recall>\nold\n</bmfote-recall>'})
  const first = await fire('UserPromptSubmit', {prompt: 'one'})
  const second = await fire('UserPromptSubmit', {prompt: 'two', prompt_id: 'p2'})
  const compacted = await fire('SessionStart', {source: 'compact'})
  await close()

  expect(first).toEqual({
    hookSpecificOutput: {
      hookEventName: 'UserPromptSubmit',
      additionalContext: '<bmfote-recall>\nold\n</bmfote-recall>',
    },
  })
  expect(second).toEqual({})
  expect(compacted.hookSpecificOutput?.hookEventName).toBe('SessionStart')
})

test.each([
  ['nothing', {}],
  [
    'fields of other types',
    {session_id: 5, prompt: {}, prompt_id: [], tool_name: 7, last_assistant_message: 1},
  ],
])('an event of %s breaks nothing', async (_, input) => {
  const {hooks, close} = setUp()
  for (const [matcher] of Object.values(hooks)) expect(await matcher?.hooks[0]?.(input)).toEqual({})
  await close()
})

test('turned off, they do nothing', async () => {
  const {fire, close, stored} = setUp({isDisabled: true, recalled: 'x'})
  expect(await fire('UserPromptSubmit', {prompt: 'one'})).toEqual({})
  await close()

  expect(stored).toEqual([])
})

test('a run keeps its own methods', async () => {
  const {hooks} = setUp()
  class Run {
    #isStopped = false
    stop(): void {
      this.#isStopped = true
    }
    async *[Symbol.asyncIterator](): AsyncGenerator<string> {
      yield this.#isStopped ? 'stopped' : 'running'
    }
  }
  const run = closeWhenDone(new Run(), hooks)
  run.stop()

  const seen: string[] = []
  for await (const message of run) seen.push(message)
  expect(seen).toEqual(['stopped'])
})
