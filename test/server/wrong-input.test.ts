import type {InjectOptions} from 'fastify'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {BmfoteError, type ErrorCode} from '../../src/lib/model/errors.ts'
import {createTestServer, openTestServer, overMemory, type TestServer} from '../helpers/test-server.ts'

const json = {'content-type': 'application/json'}
const post = (url: string, payload: unknown): InjectOptions => ({
  method: 'POST',
  url,
  headers: json,
  payload: JSON.stringify(payload),
})
const raw = (payload: string, headers: Record<string, string> = json): InjectOptions => ({
  method: 'POST',
  url: '/api/messages',
  headers,
  payload,
})
const ids = {session_id: 's', uuid: 'u'}
const manyItems = Array.from({length: 1_001}, (_, index) => ({...ids, uuid: `${index}`}))

const REFUSED: [string, InjectOptions | string, number, string | RegExp][] = [
  ['search without q', '/api/search', 400, '"q" is missing.'],
  ['a limit that is no number', '/api/search?q=x&limit=ten', 400, '"limit" must be a whole number.'],
  ['a limit that is no whole number', '/api/search?q=x&limit=1.5', 400, '"limit" must be a whole number.'],
  ['an empty limit', '/api/search?q=x&limit=', 400, '"limit" must be a whole number.'],
  ['a limit given twice', '/api/search?q=x&limit=1&limit=2', 400, '"limit" must be a whole number.'],
  ['a type that is none', '/api/search?q=x&type=system', 400, '"type" must be one of: user, assistant.'],
  ['a date that is none', '/api/search?q=x&since=yesterday', 400, /^since is not an ISO 8601 date/],
  ['an empty workspace', '/api/search?q=x&workspace_id=', 400, '"workspace_id" is empty.'],
  ['a workspace too long', `/api/search?q=x&workspace_id=${'w'.repeat(257)}`, 400, /longer than 256/],
  ['a workspace with NUL', '/api/search?q=x&workspace_id=a%00', 400, /NUL/],
  [
    'explain that is neither true nor false',
    '/api/search?q=x&explain=maybe',
    400,
    '"explain" must be true or false.',
  ],
  ['similar-error without error', '/api/similar-error', 400, '"error" is missing.'],
  ['context that is no number', '/api/message/u?context=all', 400, '"context" must be a whole number.'],
  ['hours that are no number', '/api/recent?hours=NaN', 400, '"hours" must be a whole number.'],
  ['sessions before no date', '/api/sessions?before=soon', 400, /^before is not an ISO 8601 date/],
  ['a path that is badly encoded', '/api/message/%ZZ', 400, 'The path is not a well-formed URL path.'],
  ['a path that is no UTF-8', '/api/message/%ff', 400, 'The path is not a well-formed URL path.'],
  ['an unknown path', '/api/nothing', 404, 'There is nothing at this path.'],
  ['an unknown path without api', '/wp-login.php', 404, 'There is nothing at this path.'],
  ['an empty uuid', '/api/message/', 404, 'There is nothing at this path.'],
  ['a uuid with NUL', '/api/message/a%00b', 404, 'message not found'],
  ['a wrong method', {method: 'PUT', url: '/api/messages'}, 405, 'This path takes DELETE, GET, HEAD, POST.'],
  ['a wrong method on a message', {method: 'POST', url: '/api/message/u'}, 405, 'This path takes GET, HEAD.'],
  ['broken JSON', raw('{"session_id": '), 400, 'The body is not valid JSON.'],
  ['an empty body', raw(''), 400, 'The body is empty, and JSON is expected.'],
  ['no body at all', {method: 'POST', url: '/api/messages'}, 400, 'The body must be a JSON object.'],
  ['a body that is no object', raw('[]'), 400, 'The body must be a JSON object.'],
  ['a body that is null', raw('null'), 400, 'The body must be a JSON object.'],
  [
    'a body of another type',
    raw('a=b', {'content-type': 'application/x-www-form-urlencoded'}),
    415,
    /declared as JSON/,
  ],
  ['a body of plain text', raw('{}', {'content-type': 'text/plain'}), 415, /declared as JSON/],
  ['a body over 10 MB', raw(`"${'x'.repeat(10 * 1024 * 1024)}"`), 413, 'The request is larger than 10 MB.'],
  ['a message without uuid', post('/api/messages', {session_id: 's'}), 400, '"uuid" is missing.'],
  ['a message without session_id', post('/api/messages', {uuid: 'u'}), 400, '"session_id" is missing.'],
  [
    'a number where a string belongs',
    post('/api/messages', {...ids, content: 5}),
    400,
    '"content" must be a string.',
  ],
  ['a uuid that is a number', post('/api/messages', {...ids, uuid: 5}), 400, '"uuid" must be a string.'],
  ['a uuid that is null', post('/api/messages', {...ids, uuid: null}), 400, '"uuid" must be a string.'],
  [
    'a string where a number belongs',
    post('/api/messages', {...ids, input_tokens: '5'}),
    400,
    /a whole number/,
  ],
  ['an empty uuid in a body', post('/api/messages', {...ids, uuid: ''}), 400, '"uuid" is empty.'],
  ['a uuid too long', post('/api/messages', {...ids, uuid: 'x'.repeat(257)}), 400, /longer than 256/],
  ['a uuid with NUL in a body', post('/api/messages', {...ids, uuid: 'a\u0000'}), 400, /NUL/],
  ['half a surrogate pair in a session id', raw('{"session_id":"\\ud800","uuid":"u"}'), 400, /surrogate/],
  [
    'a timestamp that is none',
    post('/api/messages', {...ids, timestamp: 'now'}),
    400,
    /^timestamp is not an ISO/,
  ],
  ['a label too long', post('/api/messages', {...ids, project: 'p'.repeat(513)}), 400, /longer than 512/],
  ['a session without id', post('/api/sessions', {project: 'p'}), 400, '"session_id" is missing.'],
  [
    'a negative count',
    post('/api/sessions', {session_id: 's', message_count: -1}),
    400,
    '"message_count" is less than 0.',
  ],
  ['a batch that is no array', post('/api/messages/batch', {}), 400, 'The body must be a JSON array.'],
  ['a batch of 1,001', post('/api/messages/batch', manyItems), 413, 'More than 1000 items in one request.'],
  ['nothing to remember', post('/api/remember', {content: ' \n'}), 400, /the content is empty/],
  ['remember without content', post('/api/remember', {}), 400, '"content" is missing.'],
  [
    'remember with a NUL workspace',
    post('/api/remember', {content: 'x', workspace_id: '\u0000'}),
    400,
    /NUL/,
  ],
  [
    'delete without saying what',
    {method: 'DELETE', url: '/api/messages'},
    400,
    'Exactly one of project and before.',
  ],
  [
    'delete by project and date at once',
    {method: 'DELETE', url: '/api/messages?project=p&before=2026-01-01'},
    400,
    'Exactly one of project and before.',
  ],
  ['delete an empty project', {method: 'DELETE', url: '/api/messages?project='}, 400, '"project" is empty.'],
  [
    'delete before no date',
    {method: 'DELETE', url: '/api/messages?before=soon'},
    400,
    /^before is not an ISO/,
  ],
  [
    'a dry run that may be none',
    {method: 'DELETE', url: '/api/messages/u?dry_run=yes'},
    400,
    '"dry_run" must be true or false.',
  ],
]

describe('what can not be meant is refused with a sentence', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await createTestServer()
  })
  afterAll(() => server.close())

  test.each(REFUSED)('%s', async (_name, request, status, sentence) => {
    const {app} = server

    const answer = await app.inject(request)

    expect(answer.json().error).toEqual(
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    )
    expect(answer.statusCode).toBe(status)
    expect(answer.json().code).toMatch(/^[a-z_]+$/)
    expect(Object.keys(answer.json())).not.toContain('statusCode')
  })
})

test('a batch is JSON also where nobody said so', async () => {
  const {app} = await openTestServer()

  const answer = await app.inject({
    method: 'POST',
    url: '/api/messages',
    payload: Buffer.from(JSON.stringify(ids)),
  })

  expect(answer.json()).toMatchObject({status: 'ok'})
})

test('__proto__ in a body does no harm', async () => {
  const {app} = await openTestServer()

  const answer = await app.inject(
    raw('{"session_id":"s","uuid":"u","__proto__":{"content":"x"},"constructor":{}}'),
  )

  expect(answer.statusCode).toBe(200)
})

test('what is no HTTP gets JSON too', async () => {
  const {app} = await openTestServer()
  const url = await app.listen({host: '127.0.0.1', port: 0})

  const answer = await fetch(`${url}/api/search?q=${'x'.repeat(70_000)}`)

  expect(answer.status).toBe(431)
  expect(await answer.json()).toMatchObject({code: 'too_large'})
})

describe('what fails inside', () => {
  const failing = (error: unknown) =>
    openTestServer({
      wrapMemory: (memory) =>
        overMemory(memory, {
          searchMessages: () => Promise.reject(error),
          checkHealth: () => Promise.reject(error),
        }),
    })

  test('a defect is a 500 that tells nothing of the inside', async () => {
    const {app} = await failing(new Error('SQLITE_ERROR: no such column: secret-word'))

    const answer = await app.inject('/api/search?q=secret-word')

    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toMatchObject({code: 'internal'})
    expect(answer.body).not.toContain('secret-word')
  })

  test.each([
    ['database_busy', 503],
    ['unavailable', 503],
    ['database_full', 507],
    ['forbidden', 403],
  ] as [ErrorCode, number][])('%s is a %i', async (code, status) => {
    const {app} = await failing(
      new BmfoteError(code, 'A sentence.', {next: 'A way out.', retryAfterSeconds: 2}),
    )

    const answer = await app.inject('/api/search?q=x')

    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toEqual({error: 'A sentence.', code, next: 'A way out.'})
    expect(answer.headers['retry-after']).toBe('2')
  })

  test('health says when the database does not answer, and not to everybody where it is', async () => {
    const {app} = await failing(new BmfoteError('database_busy', 'Another process writes to /srv/team.db.'))

    const answer = await app.inject('/health')

    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toEqual({
      status: 'unhealthy',
      error: 'The database does not answer (database_busy).',
    })
  })
})
