import type {FastifyInstance} from 'fastify'
import {expect, onTestFinished, test} from 'vitest'
import {callTool} from '../../../test/helpers/call-tool.ts'
import {openTestServer, overMemory} from '../../../test/helpers/test-server.ts'
import {BmfoteError} from '../model/errors.ts'
import {watchEventLoop} from './event-loop-lag.ts'
import {createMetrics} from './metrics.ts'

const TOKEN = 'token-of-the-metrics-test'
const SECRET = 'what-somebody-said-or-is-called'
const headers = {authorization: `Bearer ${TOKEN}`}

/** Each sample by its name and labels, as it stands in the text. */
async function scrape(app: FastifyInstance): Promise<Map<string, number>> {
  const answer = await app.inject({url: '/metrics', headers})
  expect(answer.statusCode).toBe(200)
  const samples = answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

test('they are closed without the token, in the type that Prometheus reads', async () => {
  const {app} = await openTestServer({token: TOKEN})

  expect((await app.inject('/metrics')).statusCode).toBe(401)
  const answer = await app.inject({url: '/metrics', headers})
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
})

test('requests are counted and timed by route and status', async () => {
  const {app} = await openTestServer({token: TOKEN})
  for (const uuid of ['m-1', 'm-2']) await app.inject({url: `/api/message/${uuid}`, headers})
  await app.inject('/api/stats')

  const samples = await scrape(app)
  expect(
    samples.get('bmfote_http_requests_total{method="GET",route="/api/message/:uuid",status="404"}'),
  ).toBe(2)
  expect(samples.get('bmfote_http_requests_total{method="GET",route="/api/stats",status="401"}')).toBe(1)
  expect(
    samples.get('bmfote_http_request_duration_seconds_count{method="GET",route="/api/message/:uuid"}'),
  ).toBe(2)
})

test('calls of the database are counted by what they were and how they ended', async () => {
  const busy = new BmfoteError('database_busy', 'busy')
  const {app} = await openTestServer({
    token: TOKEN,
    wrapMemory: (memory) => overMemory(memory, {listRecent: () => Promise.reject(busy)}),
  })
  const payload = {session_id: 's', uuid: 'm', content: 'x'}
  await app.inject({method: 'POST', url: '/api/messages', headers, payload})
  await app.inject({url: '/api/recent', headers})

  const samples = await scrape(app)
  const count = (call: string, result: string) =>
    samples.get(`bmfote_database_call_duration_seconds_count{call="${call}",result="${result}"}`)
  expect(count('recordMessages', 'ok')).toBe(1)
  expect(count('listRecent', 'database_busy')).toBe(1)
  expect(samples.get('bmfote_database_calls_under_way{kind="write"}')).toBe(0)
})

test('writes that wait are seen while they wait', async () => {
  const waiting = Promise.withResolvers<void>()
  const bothEntered = Promise.withResolvers<void>()
  let entered = 0
  const {app} = await openTestServer({
    token: TOKEN,
    wrapMemory: (memory) =>
      overMemory(memory, {
        async recordMessages(...args) {
          entered++
          if (entered === 2) bothEntered.resolve()
          await waiting.promise
          return memory.recordMessages(...args)
        },
      }),
  })
  const post = async (uuid: string) =>
    app.inject({
      method: 'POST',
      url: '/api/messages',
      headers,
      payload: {session_id: 's', uuid, content: 'x'},
    })
  const posted = [post('m-1'), post('m-2')]
  await bothEntered.promise

  expect((await scrape(app)).get('bmfote_database_calls_under_way{kind="write"}')).toBe(2)
  waiting.resolve()
  await Promise.all(posted)
  expect((await scrape(app)).get('bmfote_database_calls_under_way{kind="write"}')).toBe(0)
})

test('nothing that anybody said, or is called by, becomes a label, and unknown paths are one series', async () => {
  const {app} = await openTestServer({token: TOKEN})
  const ids = {session_id: SECRET, uuid: SECRET, workspace_id: SECRET, project: SECRET, content: SECRET}
  await app.inject({method: 'POST', url: '/api/messages', headers, payload: ids})
  await app.inject({url: `/api/search?q=${SECRET}`, headers})
  await app.inject({url: `/api/message/${SECRET}?workspace_id=${SECRET}`, headers})
  await app.inject({url: `/api/project/${SECRET}`, headers})
  for (const path of ['one', 'two', SECRET]) await app.inject({url: `/${path}`, headers})
  await app.inject({method: 'DELETE', url: `/${SECRET}`, headers})
  await callTool(app, {name: 'search_memory', args: {query: SECRET}, token: TOKEN})

  const samples = await scrape(app)
  const names = [...samples.keys()].join('\n')
  expect(names).not.toContain(SECRET)
  expect(names).not.toContain(TOKEN)
  expect(samples.get('bmfote_http_requests_total{method="any",route="unknown",status="404"}')).toBe(4)
})

test('the process tells of itself: memory, processor time, and how long the event loop was held up', async () => {
  const {app} = await openTestServer({token: TOKEN})
  await scrape(app)

  const samples = await scrape(app)
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
  expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(samples.get('bmfote_event_loop_lag_seconds')).toBeGreaterThanOrEqual(0)
})

test('a loop that was held up shows, once', async () => {
  const watch = watchEventLoop()
  onTestFinished(watch.stop)
  const until = performance.now() + 400
  while (performance.now() < until);
  // The late timer runs before the one that is set now.
  await new Promise((resolve) => setTimeout(resolve, 1))

  expect(watch.takeMaxMs()).toBeGreaterThan(250)
  expect(watch.takeMaxMs()).toBe(0)
})

test('a gauge that has nothing to say is not there', async () => {
  const metrics = createMetrics()
  let lag: number | undefined = 1.5
  metrics.addGauge({name: 'bmfote_sync_lag_seconds', help: 'x', read: () => lag})

  expect(await metrics.text()).toContain('bmfote_sync_lag_seconds 1.5')
  lag = undefined
  expect(await metrics.text()).not.toMatch(/^bmfote_sync_lag_seconds/m)
})

test('whoever has used up the rate still sees the figures', async () => {
  const {app} = await openTestServer({token: TOKEN, flags: {rateLimitPerMinute: 1}})
  await app.inject({url: '/api/stats', headers})
  expect((await app.inject({url: '/api/stats', headers})).statusCode).toBe(429)

  await scrape(app)
})
