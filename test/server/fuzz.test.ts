import fc from 'fast-check'
import type {InjectOptions} from 'fastify'
import {expect, test} from 'vitest'
import {openTestServer} from '../helpers/test-server.ts'

/** CI sends fewer on every push; FUZZ_REQUESTS=10000 is the whole of it. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 2_000)

const text = fc.oneof(
  fc.string({unit: 'binary', maxLength: 40}),
  fc.string({unit: 'grapheme', maxLength: 300}),
  fc.constantFrom(
    '',
    '"',
    '*',
    'a AND',
    'NEAR(',
    'm-1',
    's-1',
    '\u0000',
    '\ud800',
    '%',
    '../..',
    '1e999',
    '-1',
    'true',
  ),
)
const anything = fc.oneof(text, fc.jsonValue(), fc.integer(), fc.double(), fc.constant(null))
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, {nil: undefined})

const FIELDS = [
  ...[
    'session_id',
    'uuid',
    'content',
    'type',
    'role',
    'parent_uuid',
    'model',
    'input_tokens',
    'output_tokens',
  ],
  ...['timestamp', 'workspace_id', 'author', 'source', 'machine', 'project', 'tool', 'status', 'recorded_at'],
  ...['written_by', 'revision', 'message_count', 'first_message_at', 'last_message_at', 'topic', '__proto__'],
]
const PARAMETERS = [
  ...[
    'q',
    'error',
    'limit',
    'hours',
    'context',
    'type',
    'workspace_id',
    'session_id',
    'author',
    'source',
    'project',
  ],
  ...['since', 'until', 'now', 'explain', 'before', 'cursor', 'dry_run', 'restore', 'x'],
]
const PATHS = [
  ...[
    '/',
    '/health',
    '/openapi.json',
    '/api/search',
    '/api/similar-error',
    '/api/recall',
    '/api/recent',
    '/api/stats',
  ],
  ...['/api/sessions', '/api/messages', '/api/messages/batch', '/api/remember', '/api/sync', '/api'],
]
const PREFIXES = ['/api/message/', '/api/messages/', '/api/sessions/', '/api/project/', '/mcp/', '/']

const encoded = text.map((value) => encodeURIComponent(value.toWellFormed()))
const badlyEncoded = fc.constantFrom('%', '%ZZ', '%ff', '%00', '%c3%28', '%2e%2e%2f', '..', '//', 'a%2Fb')
const segment = fc.oneof({weight: 5, arbitrary: encoded}, {weight: 1, arbitrary: badlyEncoded})
const path = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom(...PATHS)},
  {weight: 3, arbitrary: fc.tuple(fc.constantFrom(...PREFIXES), segment).map((parts) => parts.join(''))},
)
const pair = fc.tuple(fc.constantFrom(...PARAMETERS), segment).map((parts) => parts.join('='))
const query = fc.array(pair, {maxLength: 5}).map((pairs) => pairs.join('&'))
const url = fc.tuple(path, query).map(([before, after]) => (after ? `${before}?${after}` : before))

const body = fc.record(Object.fromEntries(FIELDS.map((field) => [field, anything])), {requiredKeys: []})
const nearlyRight = fc
  .tuple(body, fc.record({session_id: text, uuid: text, content: text}))
  .map(([more, ids]) => ({...more, ...ids}))
const rpc = fc.record({
  jsonrpc: fc.constantFrom('2.0', '1.0'),
  id: sometimes(fc.oneof(fc.integer(), text)),
  method: fc.constantFrom(
    'tools/call',
    'tools/list',
    'initialize',
    'server/discover',
    'ping',
    'resources/read',
    'x',
  ),
  params: fc.record({
    name: fc.constantFrom(
      'search_memory',
      'find_error',
      'get_context',
      'get_recent',
      'remember',
      '__proto__',
    ),
    arguments: fc.oneof(
      anything,
      fc.dictionary(
        fc.constantFrom('query', 'error_text', 'uuid', 'content', 'limit', 'hours', 'workspace'),
        anything,
      ),
    ),
  }),
})
const payload = fc.oneof(
  nearlyRight.map((value) => JSON.stringify(value)),
  fc.array(fc.oneof(nearlyRight, anything), {maxLength: 8}).map((value) => JSON.stringify(value)),
  anything.map((value) => JSON.stringify(value)),
  rpc.map((value) => JSON.stringify(value)),
  text,
)
const contentType = fc.constantFrom(
  undefined,
  'application/json',
  'application/json; charset=x',
  'text/plain',
  'x',
)

const request: fc.Arbitrary<InjectOptions> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS' as const),
    url,
    payload: sometimes(payload),
    contentType,
    requestId: sometimes(fc.string({maxLength: 200, unit: 'grapheme-ascii'})),
  })
  .map(({method, url, payload, contentType, requestId}) => ({
    method: method as InjectOptions['method'],
    url,
    headers: {
      accept: 'application/json, text/event-stream',
      ...(contentType ? {'content-type': contentType} : {}),
      ...(requestId ? {'x-request-id': requestId} : {}),
    },
    ...(method === 'GET' || method === 'HEAD' ? {} : {payload}),
  }))
const mcpRequest: fc.Arbitrary<InjectOptions> = fc
  .oneof(
    rpc.map((value) => JSON.stringify(value)),
    payload,
  )
  .map((text) => ({
    method: 'POST',
    url: '/mcp',
    headers: {accept: 'application/json, text/event-stream', 'content-type': 'application/json'},
    payload: text,
  }))

test(`${REQUESTS} requests of any kind: no 500, and every refusal says why`, {timeout: 600_000}, async () => {
  const {app} = await openTestServer()
  const statuses = new Map<number, number>()

  await fc.assert(
    fc.asyncProperty(
      fc.oneof({weight: 5, arbitrary: request}, {weight: 1, arbitrary: mcpRequest}),
      async (options) => {
        const answer = await app.inject(options)
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
        expect(answer.statusCode).toBeLessThan(500)
        if (answer.statusCode >= 400 && options.method !== 'HEAD') {
          const {error} = answer.json()
          expect(typeof error === 'string' ? error : error.message).not.toBe('')
        }
      },
    ),
    {numRuns: REQUESTS},
  )

  // A fuzz that only ever meets 404 would prove nothing.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 415]))
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 10)
  expect((await app.inject('/health')).json()).toEqual({status: 'ok'})
})
