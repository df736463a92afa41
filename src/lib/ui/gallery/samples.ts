import type {StoredMessage} from '../../model/message.ts'
import type {ErrorMatch, SearchHit} from '../../model/search-result.ts'
import type {Session} from '../../model/session.ts'
import type {Clock} from '../text/when.ts'

/** Invented rows that hold what a view may meet: short and long, wide letters, tool calls, hostile control characters. */
export const SAMPLE_CLOCK: Clock = {now: new Date('2026-11-22T12:00:00Z'), zone: 'local'}

const SESSION_ID = '34005b86-3579-4e2e-800b-582d04cdb77e'

export const SAMPLE_HITS: SearchHit[] = [
  hit(1, {
    author: 'lea',
    timestamp: '2026-11-19T09:32:00Z',
    snippet: 'how long does the >>>retry<<< loop wait when the payment server is down?',
    why: ['it has the word'],
  }),
  hit(2, {
    type: 'assistant',
    model: 'claude-opus-4-5',
    timestamp: '2026-11-19T09:33:00Z',
    snippet:
      '…the >>>retry<<< loop waits 100 ms and doubles that with every attempt, up to five times, with a little jitter so that not every client comes back at once; after the fifth >>>retry<<< it gives up and tells the person…',
  }),
  hit(3, {
    timestamp: '2026-10-02T18:04:00Z',
    project: '決済サービス',
    snippet:
      '指数バックオフで >>>retry<<< すると、サーバーへの負荷を減らすことができます。👨‍👩‍👧‍👦 🇩🇪 👍🏽 ありがとう。',
  }),
  hit(4, {
    tool: 'Bash',
    status: 'error',
    role: 'tool',
    timestamp: '2025-07-01T07:15:00Z',
    snippet: '\u001b[31mError\u001b[0m: \u001b]0;not your window\u0007no >>>retry<<< left \u202eesrever',
  }),
]

export const SAMPLE_ERRORS: ErrorMatch[] = [
  {
    uuid: uuid(5),
    sessionId: SESSION_ID,
    project: 'webshop',
    source: 'claude-code',
    author: null,
    timestamp: '2026-11-21T20:10:00Z',
    errorContext: 'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect',
    solution: 'The database is not running: docker compose up --detach db starts it.',
  },
  {
    uuid: uuid(6),
    sessionId: SESSION_ID,
    project: null,
    source: null,
    author: 'lea',
    timestamp: null,
    errorContext: 'ECONNREFUSED',
    solution: null,
  },
]

export const SAMPLE_SESSIONS: Session[] = [
  {
    workspaceId: 'bmfote-default',
    sessionId: SESSION_ID,
    project: 'webshop',
    firstMessageAt: '2026-11-19T09:00:00Z',
    lastMessageAt: '2026-11-19T10:12:00Z',
    messageCount: 61,
  },
  {
    workspaceId: 'bmfote-default',
    sessionId: 'agent-memory-notes',
    project: null,
    firstMessageAt: null,
    lastMessageAt: null,
    messageCount: 1,
  },
]

export const SAMPLE_MESSAGES: StoredMessage[] = [
  message(1, {author: 'lea', branch: 'fix/retry', content: 'How long does the retry loop wait?'}),
  message(2, {type: 'assistant', tool: 'Read', content: 'Read src/payment/retry.ts'}),
  message(3, {
    role: 'tool',
    tool: 'Read',
    status: 'ok',
    content: 'export const ATTEMPTS_MAX = 5\nexport const WAIT_MS = 100',
  }),
  message(4, {
    type: 'assistant',
    model: 'claude-opus-4-5',
    content:
      'It waits 100 ms and doubles that with every attempt:\n\n```ts\nfor (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {\n\tawait wait(WAIT_MS * 2 ** attempt)\n}\n```\n\nAfter the fifth attempt it gives up, and the person is told. A little jitter keeps the clients from coming back all at once.',
  }),
  message(5, {author: 'lea', content: 'ありがとう 👍🏽'}),
]

function hit(number: number, fields: Partial<SearchHit>): SearchHit {
  const {project = 'webshop', source = 'claude-code'} = fields
  return {...message(number, {}), snippet: '', rank: -10 + number, ...fields, project, source}
}

function message(number: number, fields: Partial<StoredMessage>): StoredMessage {
  return {
    workspaceId: 'bmfote-default',
    sessionId: SESSION_ID,
    uuid: uuid(number),
    parentUuid: null,
    type: 'user',
    role: null,
    content: '',
    model: null,
    inputTokens: null,
    outputTokens: null,
    timestamp: `2026-11-19T09:3${number}:00Z`,
    project: 'webshop',
    author: null,
    writtenBy: 'shared',
    source: 'claude-code',
    machine: null,
    tool: null,
    status: null,
    branch: null,
    recordedAt: '2026-11-19T10:00:00Z',
    revision: 1,
    ...fields,
  }
}

function uuid(number: number): string {
  return `5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d${String(number).padStart(2, '0')}`
}
