import type {FastifyInstance, InjectOptions} from 'fastify'
import {describe, expect, test} from 'vitest'
import type {ExportPageBody} from '../../src/lib/client/protocol.ts'
import {PRODUCT} from '../../src/lib/config/product.ts'
import {openTestServer} from '../helpers/test-server.ts'

/** One line of the contract: what is there before, what is asked, what must come back. */
interface Scenario {
  name: string
  given?: InjectOptions[]
  request: InjectOptions | string
  status?: number
  /** Matched with toMatchObject; arrays must have this very length. */
  body: unknown
  /** Exactly these fields, in any order, in the answer or in each of its items. */
  fields?: string[]
}

const NOW = new Date('2026-05-20T12:00:00.000Z')
const post = (url: string, payload: unknown): InjectOptions => ({
  method: 'POST',
  url,
  payload: payload as object,
})
const message = (uuid: string, content: string, more: object = {}) =>
  post('/api/messages', {session_id: 's-1', uuid, content, timestamp: '2026-05-20T10:00:00Z', ...more})

const CONVERSATION = [
  message('m-1', 'The deploy fails with ECONNREFUSED 127.0.0.1:5432', {
    project: 'acme',
    type: 'user',
    author: 'ana',
  }),
  message('m-2', 'Start postgres before the deploy', {
    type: 'assistant',
    role: 'assistant',
    model: 'opus',
    timestamp: '2026-05-20T10:01:00Z',
    source: 'claude-code',
  }),
  message('m-3', 'That helped', {timestamp: '2026-05-20T10:02:00Z'}),
]

const PROVENANCE = ['author', 'source', 'machine', 'branch', 'tool', 'status']

const SCENARIOS: Scenario[] = [
  {
    name: 'GET / tells what this is and where to go',
    request: '/',
    body: {
      name: 'bmfote',
      version: PRODUCT.version,
      license: 'AGPL-3.0-only',
      source: PRODUCT.source,
      search: '/api/search?q={query}',
      fetch: '/api/message/{uuid}',
      recent: '/api/recent?hours={hours}',
      spec: '/openapi.json',
      mcp: '/mcp',
    },
  },
  {name: 'GET /health is ok', request: '/health', body: {status: 'ok'}, fields: ['status']},
  {name: 'GET /openapi.json', request: '/openapi.json', body: {openapi: '3.1.0', info: {title: 'bmfote'}}},
  {
    name: 'GET /api/search: best first, marked, negative rank',
    given: CONVERSATION,
    request: '/api/search?q=postgres',
    body: [
      {uuid: 'm-2', session_id: 's-1', type: 'assistant', role: 'assistant', model: 'opus', project: 'acme'},
    ],
    fields: [
      'uuid',
      'session_id',
      'type',
      'role',
      'timestamp',
      'model',
      'project',
      'snippet',
      'rank',
      'author',
      'source',
      'tool',
      'status',
    ],
  },
  {
    name: 'GET /api/search by type',
    given: CONVERSATION,
    request: '/api/search?q=deploy&type=user',
    body: [{uuid: 'm-1', author: 'ana'}],
  },
  {
    name: 'GET /api/search by source, author, project, session and dates',
    given: CONVERSATION,
    request:
      '/api/search?q=deploy&source=claude-code&project=acme&session_id=s-1&since=2026-05-20T10:00:30Z&until=2026-05-21',
    body: [{uuid: 'm-2', source: 'claude-code'}],
  },
  {name: 'GET /api/search finds nothing', request: '/api/search?q=nothing', body: []},
  {
    name: 'GET /api/similar-error, with what followed',
    given: CONVERSATION,
    request: `/api/similar-error?error=${encodeURIComponent('ECONNREFUSED 127.0.0.1:5432')}`,
    body: [{uuid: 'm-1', session_id: 's-1', project: 'acme', solution: 'Start postgres before the deploy'}],
    fields: ['error_context', 'project', 'timestamp', 'session_id', 'uuid', 'solution', 'author', 'source'],
  },
  {
    name: 'GET /api/recall: one block of quoted text, and whom it quotes',
    given: CONVERSATION,
    request: '/api/recall?q=what+helped+against+ECONNREFUSED&limit=1',
    body: {
      text: expect.stringMatching(/^<bmfote-recall>\n[\s\S]*ECONNREFUSED[\s\S]*<\/bmfote-recall>$/),
      uuids: ['m-1'],
    },
    fields: ['text', 'uuids'],
  },
  {
    name: 'GET /api/recall has nothing to say',
    given: CONVERSATION,
    request: '/api/recall?q=how+tall+is+Kilimanjaro&now=2026-05-20T10:00:00%2B02:00',
    body: {text: '', uuids: []},
  },
  {
    name: 'GET /api/recall of a project, of a session',
    given: CONVERSATION,
    request: '/api/recall?project=acme&budget=99999999',
    body: {text: expect.stringContaining('Start postgres before the deploy')},
  },
  {
    name: 'GET /api/recall of nothing at all',
    request: '/api/recall',
    status: 400,
    body: {code: 'invalid_input'},
  },
  {
    name: 'GET /api/message/{uuid} with its neighbours',
    given: CONVERSATION,
    request: '/api/message/m-2',
    body: {
      uuid: 'm-2',
      session_id: 's-1',
      type: 'assistant',
      role: 'assistant',
      content: 'Start postgres before the deploy',
      timestamp: '2026-05-20T10:01:00Z',
      model: 'opus',
      project: 'acme',
      before: [{uuid: 'm-1', type: 'user', role: null, timestamp: '2026-05-20T10:00:00Z', model: null}],
      after: [{uuid: 'm-3', content: 'That helped'}],
    },
  },
  {
    name: 'GET /api/message/{uuid} without context speaks of no neighbours',
    given: CONVERSATION,
    request: '/api/message/m-2?context=0',
    body: {uuid: 'm-2'},
    fields: [
      'uuid',
      'session_id',
      'type',
      'role',
      'content',
      'timestamp',
      'model',
      'project',
      ...PROVENANCE,
      'written_by',
      'recorded_at',
      'workspace_id',
      'parent_uuid',
      'input_tokens',
      'output_tokens',
      'revision',
    ],
  },
  {
    name: 'GET /api/message/{uuid} of a copy in a fork',
    given: [
      ...CONVERSATION,
      message('m-1', 'the copy', {session_id: 's-2', timestamp: '2026-05-20T11:00:00Z'}),
    ],
    request: '/api/message/m-1?session_id=s-2',
    body: {session_id: 's-2', content: 'the copy'},
  },
  {
    name: 'GET /api/message/{uuid} that is not there',
    request: '/api/message/none',
    status: 404,
    body: {error: 'message not found', code: 'not_found'},
  },
  {
    name: 'GET /api/message/{uuid} that lives in another workspace',
    given: [message('m-1', 'elsewhere', {workspace_id: 'other'})],
    request: '/api/message/m-1',
    status: 404,
    body: {error: 'message not found'},
  },
  {
    name: 'GET /api/message/{uuid} with every kind of character in the id',
    given: [message('a/b?c#d %é😀', 'odd')],
    request: `/api/message/${encodeURIComponent('a/b?c#d %é😀')}`,
    body: {uuid: 'a/b?c#d %é😀', content: 'odd'},
  },
  {
    name: 'GET /api/message/{uuid} with an id of full length',
    given: [message('é'.repeat(256), 'long')],
    request: `/api/message/${encodeURIComponent('é'.repeat(256))}`,
    body: {content: 'long'},
  },
  {
    name: 'GET /api/recent, newest first',
    given: CONVERSATION,
    request: '/api/recent?hours=3&limit=2',
    body: [{uuid: 'm-3'}, {uuid: 'm-2', project: 'acme'}],
    fields: ['uuid', 'session_id', 'type', 'role', 'content', 'timestamp', 'project', 'model', ...PROVENANCE],
  },
  {
    name: 'GET /api/recent leaves out what is older',
    given: CONVERSATION,
    request: '/api/recent?hours=1',
    body: [],
  },
  {
    name: 'GET /api/recent of a session, whatever the hours',
    given: [message('old', 'last year', {timestamp: '2025-01-01T00:00:00Z'})],
    request: '/api/recent?session_id=s-1&hours=1',
    body: [{uuid: 'old'}],
  },
  {
    name: 'GET /api/project/{name}, newest first',
    given: CONVERSATION,
    request: '/api/project/acme?limit=2',
    body: [{uuid: 'm-3'}, {uuid: 'm-2'}],
    fields: ['uuid', 'session_id', 'type', 'content', 'timestamp', 'role', 'model', ...PROVENANCE],
  },
  {
    name: 'GET /api/stats of all workspaces',
    given: [...CONVERSATION, message('x', 'y', {workspace_id: 'other', session_id: 's-9'})],
    request: '/api/stats',
    body: {
      messages: 4,
      sessions: 2,
      first_message: '2026-05-20T10:00:00Z',
      last_message: '2026-05-20T10:02:00Z',
    },
    fields: ['messages', 'sessions', 'first_message', 'last_message'],
  },
  {
    name: 'GET /api/stats of one workspace',
    given: [...CONVERSATION, message('x', 'y', {workspace_id: 'other'})],
    request: '/api/stats?workspace_id=other',
    body: {messages: 1, sessions: 1, workspace_id: 'other'},
    fields: ['messages', 'sessions', 'first_message', 'last_message', 'workspace_id'],
  },
  {
    name: 'POST /api/sessions',
    request: post('/api/sessions', {session_id: 's-1', project: 'acme', message_count: 3}),
    body: {session_id: 's-1', status: 'ok', workspace_id: 'bmfote-default'},
  },
  {
    name: 'POST /api/sessions: what is left out is kept',
    given: [
      post('/api/sessions', {session_id: 's-1', project: 'acme', first_message_at: '2026-01-01T00:00:00Z'}),
      post('/api/sessions', {session_id: 's-1', last_message_at: '2026-02-01T00:00:00Z', project: null}),
    ],
    request: '/api/sessions',
    body: [
      {
        session_id: 's-1',
        project: 'acme',
        first_message_at: '2026-01-01T00:00:00Z',
        last_message_at: '2026-02-01T00:00:00Z',
        workspace_id: 'bmfote-default',
      },
    ],
    fields: ['session_id', 'project', 'first_message_at', 'last_message_at', 'message_count', 'workspace_id'],
  },
  {
    name: 'GET /api/sessions by project, before a date',
    given: [
      ...CONVERSATION,
      message('n-1', 'later', {session_id: 's-2', project: 'acme', timestamp: '2026-05-20T11:00:00Z'}),
      message('n-2', 'elsewhere', {session_id: 's-3', project: 'other'}),
    ],
    request: '/api/sessions?project=acme&before=2026-05-20T11:00:00Z&limit=5',
    body: [{session_id: 's-1', project: 'acme', message_count: 3}],
  },
  {
    name: 'POST /api/messages',
    request: message('m-1', 'hello'),
    body: {uuid: 'm-1', status: 'ok', workspace_id: 'bmfote-default'},
    fields: ['uuid', 'status', 'workspace_id'],
  },
  {
    name: 'POST /api/messages: only the ids are required, and fields we do not know are let be',
    request: post('/api/messages', {session_id: 's', uuid: 'u', mood: 'fine'}),
    body: {uuid: 'u', status: 'ok'},
  },
  {
    name: 'POST /api/messages: nulls mean left out',
    request: post('/api/messages', {
      session_id: 's',
      uuid: 'u',
      content: null,
      type: null,
      timestamp: null,
      model: null,
    }),
    body: {uuid: 'u', status: 'ok'},
  },
  {
    name: 'POST /api/messages again updates content, model and token counts',
    given: [
      message('m-1', 'first'),
      message('m-1', 'second', {model: 'opus', input_tokens: 3, output_tokens: 5}),
    ],
    request: '/api/message/m-1',
    body: {content: 'second', model: 'opus', input_tokens: 3, output_tokens: 5},
  },
  {
    name: 'POST /api/messages: content over the limit is stored cut, and said to be',
    request: message('m-1', 'x'.repeat(50_001)),
    body: {status: 'ok', truncated: true},
  },
  {
    name: 'POST /api/messages: NUL and half a surrogate pair become U+FFFD in content',
    given: [message('m-1', 'a\u0000b\ud800c')],
    request: '/api/message/m-1',
    body: {content: 'a\ufffdb\ufffdc'},
  },
  {
    name: 'POST /api/messages with the workspace named',
    request: message('m-1', 'hello', {workspace_id: 'team'}),
    body: {workspace_id: 'team'},
  },
  {
    name: 'POST /api/messages/batch: a bad one costs itself only',
    request: post('/api/messages/batch', [
      {session_id: 's', uuid: 'a', content: 'one'},
      {session_id: 's', content: 'no uuid'},
      {session_id: 's', uuid: 'b', content: 5},
      'no message',
      {session_id: 's', uuid: '', content: 'empty uuid'},
      {session_id: 's', uuid: 'nul\u0000', content: 'x'},
      {session_id: 's', uuid: 'c', timestamp: 'yesterday'},
      {session_id: 's', uuid: 'd', content: 'two'},
    ]),
    body: {
      results: [
        {uuid: 'a', status: 'ok', workspace_id: 'bmfote-default'},
        {uuid: '', status: 'error', error: '"uuid" is missing.'},
        {uuid: 'b', status: 'error', error: '"content" must be a string.'},
        {uuid: '', status: 'error', error: 'An item must be a JSON object.'},
        {uuid: '', status: 'error', error: '"uuid" is empty.'},
        {uuid: 'nul\u0000', status: 'error'},
        {uuid: 'c', status: 'error'},
        {uuid: 'd', status: 'ok'},
      ],
    },
  },
  {name: 'POST /api/messages/batch of none', request: post('/api/messages/batch', []), body: {results: []}},
  {
    name: 'POST /api/messages/batch puts an export back as it was',
    given: [
      post('/api/messages/batch?restore=true', [
        {
          session_id: 's',
          uuid: 'a',
          content: 'x',
          recorded_at: '2025-01-01T00:00:00.000Z',
          written_by: 'ana',
          revision: 4,
        },
      ]),
    ],
    request: '/api/message/a',
    body: {recorded_at: '2025-01-01T00:00:00.000Z', written_by: 'ana', revision: 4},
  },
  {
    name: 'POST /api/remember',
    request: post('/api/remember', {content: 'We ship on Tuesdays', topic: 'shipping', project: 'acme'}),
    body: {uuid: expect.any(String), session_id: 'agent-memory-acme', workspace_id: 'bmfote-default'},
    fields: ['uuid', 'session_id', 'workspace_id'],
  },
  {
    name: 'POST /api/remember is found by the others',
    given: [
      post('/api/remember', {
        content: 'We ship on Tuesdays',
        topic: 'shipping',
        author: 'ana',
        source: 'n8n',
      }),
    ],
    request: '/api/recent',
    body: [
      {
        session_id: 'agent-memory-managed-agent',
        type: 'assistant',
        role: 'assistant',
        content: '[shipping]\nWe ship on Tuesdays',
        project: 'managed-agent',
        author: 'ana',
        source: 'n8n',
      },
    ],
  },
  {
    name: 'POST /api/sync with a local file',
    request: {method: 'POST', url: '/api/sync'},
    body: {status: 'skipped', reason: expect.any(String)},
  },
  {
    name: 'DELETE /api/messages/{uuid}',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/messages/m-1'},
    body: {deleted: 1},
    fields: ['deleted'],
  },
  {
    name: 'what is deleted does not come back',
    given: [...CONVERSATION, {method: 'DELETE', url: '/api/messages/m-1'}],
    request: message('m-1', 'again'),
    body: {uuid: 'm-1', status: 'deleted'},
  },
  {
    name: 'DELETE /api/messages/{uuid} heeds no parameter of the deletion of many',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/messages/m-1?project=acme&before=2027-01-01'},
    body: {deleted: 1},
  },
  {
    name: 'DELETE /api/sessions/{id} heeds no parameter of other deletions',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/sessions/none?project=acme&before=2027-01-01&uuid=m-1'},
    body: {deleted: 0},
  },
  {
    name: 'DELETE /api/messages of a project heeds no parameter of the deletion of one',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/messages?project=none&uuid=m-1&session_id=s-1'},
    body: {deleted: 0},
  },
  {
    name: 'DELETE /api/sessions/{id}',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/sessions/s-1'},
    body: {deleted: 3},
  },
  {
    name: 'DELETE /api/messages of a project',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/messages?project=acme'},
    body: {deleted: 3},
  },
  {
    name: 'DELETE /api/messages before a date',
    given: CONVERSATION,
    request: {method: 'DELETE', url: '/api/messages?before=2026-05-20T10:01:00Z'},
    body: {deleted: 1},
  },
  {
    name: 'a dry run counts only',
    given: [...CONVERSATION, {method: 'DELETE', url: '/api/sessions/s-1?dry_run=true'}],
    request: '/api/stats',
    body: {messages: 3},
  },
]

describe('the REST contract', () => {
  test.each(SCENARIOS)('$name', async ({given = [], request, status = 200, body, fields}) => {
    const {app} = await openTestServer({now: () => NOW})
    for (const step of given) expect((await app.inject(step)).statusCode, JSON.stringify(step)).toBe(200)

    const answer = await app.inject(request)

    expect(answer.json()).toMatchObject(body as object)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    if (fields) {
      for (const item of [answer.json()].flat()) expect(Object.keys(item).sort()).toEqual([...fields].sort())
    }
  })
})

describe('limits are clamped, not refused', () => {
  const clamped: [string, number][] = [
    ['/api/search?q=word&limit=0', 1],
    ['/api/search?q=word&limit=-3', 1],
    ['/api/search?q=word', 20],
    ['/api/search?q=word&limit=1000', 100],
    ['/api/search?q=word&limit=99999999999999999999', 100],
    ['/api/recent?limit=0', 1],
    ['/api/recent', 50],
    ['/api/recent?limit=5000', 200],
    ['/api/project/p', 20],
    ['/api/project/p?limit=5000', 100],
  ]

  test.each(clamped)('%s gives %i', async (url, count) => {
    const {app} = await openTestServer({now: () => NOW})
    await storeMany(app, 210)

    const answer = await app.inject(url)

    expect(answer.json()).toHaveLength(count)
  })

  test('hours beyond a week are a week', async () => {
    const {app} = await openTestServer({now: () => NOW})
    await app.inject(message('eight-days', 'x', {timestamp: '2026-05-12T11:00:00Z'}))
    await app.inject(message('six-days', 'x', {timestamp: '2026-05-14T13:00:00Z'}))

    const answer = await app.inject('/api/recent?hours=9999')

    expect(answer.json().map(({uuid}: {uuid: string}) => uuid)).toEqual(['six-days'])
  })

  test('context beyond ten is ten', async () => {
    const {app} = await openTestServer({now: () => NOW})
    await storeMany(app, 30)

    const answer = await app.inject('/api/message/n-15?context=99')

    expect(answer.json()).toMatchObject({before: {length: 10}, after: {length: 10}})
  })
})

/** Messages n-0, n-1, … of session s in project p, each a second after the one before, all within the last hour. */
async function storeMany(app: FastifyInstance, count: number): Promise<void> {
  const messages = Array.from({length: count}, (_, index) => ({
    session_id: 's',
    uuid: `n-${index}`,
    content: `word ${index}`,
    project: 'p',
    timestamp: new Date(NOW.getTime() - (count - index) * 1_000).toISOString(),
  }))
  const answer = await app.inject(post('/api/messages/batch', messages))
  expect(answer.statusCode).toBe(200)
}

describe('search text is text', () => {
  const texts = [
    '"',
    '*',
    'foo-bar',
    'a AND',
    'NEAR(',
    '(((',
    'col:x',
    '^a',
    "'; DROP TABLE messages; --",
    'a OR OR b',
    '\u0000',
    '{}',
    '😀',
    ' ',
    '',
  ]

  test.each(texts)('%j is answered', async (text) => {
    const {app} = await openTestServer()
    await app.inject(message('m', 'foo-bar col:x'))

    const search = await app.inject(`/api/search?q=${encodeURIComponent(text)}`)
    const errors = await app.inject(`/api/similar-error?error=${encodeURIComponent(text)}`)

    expect([search.statusCode, errors.statusCode]).toEqual([200, 200])
  })
})

test('GET /api/messages gives everything, page by page', async () => {
  const {app} = await openTestServer()
  await storeMany(app, 25)
  const uuids: string[] = []
  const sessions: string[] = []

  let cursor: string | null = ''
  while (cursor !== null) {
    const page: ExportPageBody = (
      await app.inject(`/api/messages?limit=10${cursor && `&cursor=${cursor}`}`)
    ).json()
    uuids.push(...page.messages.map(({uuid}) => uuid))
    sessions.push(...page.sessions.map(({session_id}) => session_id))
    cursor = page.next_cursor
  }

  expect(uuids).toEqual(Array.from({length: 25}, (_, index) => `n-${index}`))
  expect(sessions).toEqual(['s'])
})

test('HEAD answers as GET does, without a body', async () => {
  const {app} = await openTestServer()

  const answer = await app.inject({method: 'HEAD', url: '/api/recent'})

  expect(answer.statusCode).toBe(200)
  expect(answer.body).toBe('')
})

test('a trailing slash makes no difference', async () => {
  const {app} = await openTestServer()

  expect((await app.inject('/api/stats/')).statusCode).toBe(200)
})

test('a URL of 30,000 characters is read', async () => {
  const {app} = await openTestServer()
  const url = await app.listen({host: '127.0.0.1', port: 0})

  const answer = await fetch(`${url}/api/similar-error?error=${'x'.repeat(30_000)}`)

  expect(answer.status).toBe(200)
})
