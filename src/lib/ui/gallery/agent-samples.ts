import type {AgentView} from '../agent/agent-list-text.ts'
import type {CallView} from '../agent/call-words.ts'
import type {ChangeView} from '../agent/changes-text.ts'
import type {Progress} from '../agent/run-lines.ts'

export const SAMPLE_CALL: CallView = {
  id: 'sevt_4',
  name: 'bash',
  input: {command: 'git clone https://example.com/webshop && npm test'},
  state: 'waiting',
}

export const SAMPLE_RUN: Omit<Progress, 'spinner'> = {
  agentName: 'shop keeper',
  seconds: 12.4,
  view: {
    calls: [
      {
        id: 'sevt_1',
        server: 'bmfote',
        name: 'search_memory',
        input: {query: 'retry of the payment'},
        state: 'done',
      },
      {
        id: 'sevt_2',
        server: 'bmfote',
        name: 'remember',
        input: {
          topic: 'retry',
          content: 'The payment is tried three times, then it goes to the queue. 指数バックオフ。',
        },
        state: 'running',
      },
    ],
    messages: [],
    preview: 'The payment is tried three times, with a pause that doubles. Lea decided that on Tuesday,',
    usage: {inputTokens: 12_345, outputTokens: 678},
  },
}

export const SAMPLE_AGENTS: AgentView[] = [
  {
    id: 'agent_011CZkYpogX7uDKUyvBTophP',
    name: 'shop keeper',
    version: 3,
    model: 'claude-sonnet-5-5',
    wired: true,
    reasons: [],
  },
  {
    id: 'agent_011CZkYpogX7uDKUyvBTophQ',
    name: 'made \u001b[2Jelsewhere\n',
    version: 1,
    model: 'claude-opus-5-5',
    wired: false,
    reasons: ['it has no MCP server "bmfote"'],
  },
]

export const SAMPLE_CHANGES: ChangeView[] = [
  {what: 'system', from: 'You are old.', to: 'You are new.'},
  {what: 'MCP server bmfote', from: null, to: 'https://memory.example.com/mcp/'},
]
