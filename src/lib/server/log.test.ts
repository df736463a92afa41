import {Writable} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {callTool} from '../../../test/helpers/call-tool.ts'
import {openTestServer, overMemory} from '../../../test/helpers/test-server.ts'
import {createServerLog} from './log.ts'

const TOKEN = 'token-that-must-not-be-logged'
const SECRET = 'content-that-must-not-be-logged'

function collect() {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return {lines, stream}
}

async function openLoggingServer(options: {pretty: boolean; fails?: boolean}) {
  const {lines, stream} = collect()
  const log = createServerLog({pretty: options.pretty, stream, level: 'trace'})
  const failure = new Error(`SQLITE_ERROR: no such column: ${SECRET}`)
  const server = await openTestServer({
    token: TOKEN,
    log,
    wrapMemory: (memory) =>
      options.fails ? overMemory(memory, {searchMessages: () => Promise.reject(failure)}) : memory,
  })
  return {...server, lines}
}

describe.each([{pretty: false}, {pretty: true}])('the log ($pretty)', ({pretty}) => {
  test.each([{fails: false}, {fails: true}])(
    'holds no token, no content, no query string ($fails)',
    async ({fails}) => {
      const {app, lines} = await openLoggingServer({pretty, fails})
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        'x-request-id': 'trace-1',
      }
      const ids = {session_id: SECRET, uuid: SECRET}

      await app.inject({method: 'POST', url: '/api/messages', headers, payload: {...ids, content: SECRET}})
      await app.inject({method: 'POST', url: '/api/messages', headers, payload: {...ids, content: 5}})
      await app.inject({method: 'POST', url: '/api/messages', headers, payload: `{"content": "${SECRET}`})
      await app.inject({url: `/api/search?q=${SECRET}`, headers})
      await app.inject({url: `/api/search?q=${SECRET}&limit=${SECRET}`, headers})
      await app.inject({url: `/api/message/${SECRET}`, headers})
      await app.inject({url: `/api/project/${SECRET}`, headers})
      await app.inject({url: `/${SECRET}?${SECRET}`, headers})
      await app.inject({url: `/api/message/%ZZ${SECRET}`, headers})
      await app.inject({url: '/api/stats', headers: {authorization: `Bearer ${SECRET}`}})
      await callTool(app, {name: 'search_memory', args: {query: SECRET}, token: TOKEN})
      await callTool(app, {name: 'remember', args: {content: SECRET}, token: TOKEN})

      const log = lines.join('')
      expect(log).toContain('/api/search')
      expect(log).toContain('trace-1')
      expect(log).not.toContain(SECRET)
      expect(log).not.toContain(TOKEN)
      expect(log.includes('failed')).toBe(fails)
    },
  )
})

test('a line names the route, the status, the time and who asked', async () => {
  const {app, lines} = await openLoggingServer({pretty: false})

  await app.inject({
    url: '/api/message/m-1',
    headers: {authorization: `Bearer ${TOKEN}`, 'x-request-id': 'trace-1'},
  })

  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      reqId: 'trace-1',
      method: 'GET',
      route: '/api/message/:uuid',
      status: 404,
      principal: 'shared',
      ms: expect.any(Number),
    }),
  )
})

test('a defect is logged by the place where it happened', async () => {
  const {app, lines} = await openLoggingServer({pretty: false, fails: true})

  await app.inject({url: '/api/search?q=x', headers: {authorization: `Bearer ${TOKEN}`}})

  const [line] = lines.map((text) => JSON.parse(text)).filter(({msg}) => msg === 'request failed')
  expect(line.err.type).toBe('Error')
  expect(line.err.frames[0]).toContain('log.test.ts')
})

test('what machines ask all day is said at debug, unless it went wrong', async () => {
  const {stream, lines} = collect()
  const log = createServerLog({pretty: false, stream, level: 'info'})
  const refuse = () => Promise.reject(new Error('no'))
  let isWell = true
  const {app} = await openTestServer({
    log,
    wrapMemory: (memory) =>
      overMemory(memory, {checkHealth: () => (isWell ? memory.checkHealth() : refuse())}),
  })

  await app.inject('/health')
  expect(lines).toEqual([])
  isWell = false
  await app.inject('/health')
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({route: '/health', status: 503}),
  )
})
