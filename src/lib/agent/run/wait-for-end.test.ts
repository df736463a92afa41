import {expect, test} from 'vitest'
import type {Anthropic, Session} from '../api-types.ts'
import {waitForEnd} from './wait-for-end.ts'

const asked = (id: string) => ({
  id,
  type: 'agent.tool_use',
  name: 'bash',
  input: {command: 'ls'},
  evaluated_permission: 'ask',
})
const EVENTS = [
  asked('first'),
  asked('second'),
  {
    id: 'idle',
    type: 'session.status_idle',
    stop_reason: {type: 'requires_action', event_ids: ['first', 'second']},
  },
]

async function* given(events: readonly object[]) {
  yield* events
}

test('a run that is stopped while one answer is sent asks for no other', async () => {
  const stop = new AbortController()
  const sent: string[] = []
  const events = {
    list: () => given([]),
    stream: async () => given(EVENTS),
    send: async (_: string, body: {events: {tool_use_id: string}[]}) => {
      sent.push(...body.events.map(({tool_use_id}) => tool_use_id))
      stop.abort()
    },
  }
  const questions: string[] = []
  const {reason} = await waitForEnd({id: 'sesn_1', agent: {mcp_servers: []}} as unknown as Session, {
    api: {beta: {sessions: {events}}} as unknown as Anthropic,
    access: {mcpUrl: 'https://memory.example.com/mcp/', token: 't'},
    timeoutMs: 600_000,
    signal: stop.signal,
    confirm: ({id}) => {
      questions.push(id)
      // Nobody is there for the second.
      return id === 'first' ? Promise.resolve(true) : new Promise(() => undefined)
    },
    onNote: () => undefined,
    onTranscript: () => undefined,
  })

  expect({reason, questions, sent}).toEqual({reason: 'interrupted', questions: ['first'], sent: ['first']})
})
