import {readFileSync} from 'node:fs'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'

const WORKFLOW = new URL('../../examples/n8n/managed-agent-with-memory.json', import.meta.url)

interface Workflow {
  nodes: {name: string; parameters: {jsCode?: string}}[]
}

interface Read {
  outcome: string
  answer: string
  message: string
}

/** Runs the node "Read the outcome" on the events of a session, as n8n would. */
function readOutcome(events: readonly object[], status = 'idle'): Read {
  const {nodes} = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as Workflow
  const code = nodes.find(({name}) => name === 'Read the outcome')?.parameters.jsCode
  const data = events.map((event, index) => ({id: `sevt_${index}`, ...event}))
  const items: {json: Read}[] = runInNewContext(`(() => {${code}\n})()`, {
    $input: {all: () => [{json: {data}}]},
    $: () => ({first: () => ({json: {status}})}),
  })
  const [item] = items
  if (!item) throw new Error('The node gives one item.')
  return item.json
}

const asked = {type: 'user.message'}
const said = {type: 'agent.message', content: [{type: 'text', text: 'It is 14 days.'}]}
const end = {type: 'session.status_idle', stop_reason: {type: 'end_turn'}}
const failed = (mcp_server_name: string, type = 'mcp_connection_failed_error') => {
  return {type: 'session.error', error: {type, mcp_server_name, message: `${mcp_server_name} is away`}}
}
const call = (mcp_server_name: string, is_error = false) => {
  const id = crypto.randomUUID()
  return [
    {type: 'agent.mcp_tool_use', id, mcp_server_name},
    {type: 'agent.mcp_tool_result', mcp_tool_use_id: id, is_error},
  ]
}

test.each<[string, string, object[]]>([
  ['no error', 'end_turn', call('bmfote')],
  ['an error of the memory', 'memory_unreachable', [failed('bmfote')]],
  ['an error of another server', 'end_turn', [failed('github')]],
  [
    'an error that is of no server',
    'end_turn',
    [{type: 'session.error', error: {type: 'unknown_error', message: ''}}],
  ],
  ['an error event without an error', 'end_turn', [{type: 'session.error'}]],
  ['a hiccup of the memory', 'end_turn', [failed('bmfote'), ...call('bmfote')]],
  ['a call that failed after the error', 'memory_unreachable', [failed('bmfote'), ...call('bmfote', true)]],
  ['a success of another server after it', 'memory_unreachable', [failed('bmfote'), ...call('github')]],
  ['a memory lost on the way', 'memory_unreachable', [...call('bmfote'), failed('bmfote')]],
])('%s: %s', (_, outcome, events) => {
  const read = readOutcome([asked, ...events, said, end])

  expect(read).toMatchObject({outcome, answer: 'It is 14 days.'})
  expect(read.message.includes('bmfote is away')).toBe(outcome === 'memory_unreachable')
})

test('an error of an earlier turn is of that turn', () => {
  expect(readOutcome([asked, failed('bmfote'), end, asked, said, end]).outcome).toBe('end_turn')
})
