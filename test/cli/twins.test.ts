import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {SAMPLE_MESSAGES, SAMPLE_SESSION, SAMPLE_UUID} from '../helpers/sample-messages.ts'
import {seedMemory} from '../helpers/seed-memory.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {createTempHome} from '../helpers/temp-home.ts'

/** Commands, and the route of the server that answers the same. */
const TWINS: [command: string[], method: string, path: string][] = [
  [['search', 'how', 'does', 'the', 'retry', 'wait?'], 'GET', '/api/search?q=how+does+the+retry+wait%3F'],
  [
    ['search', 'retry', '--limit', '1', '--type', 'assistant', '--project', 'webshop', '--explain'],
    'GET',
    '/api/search?q=retry&limit=1&type=assistant&project=webshop&explain=true',
  ],
  [
    ['search', 'retry', '--author', 'lea', '--source', 'claude-code', '--session', SAMPLE_SESSION],
    'GET',
    `/api/search?q=retry&author=lea&source=claude-code&session_id=${SAMPLE_SESSION}`,
  ],
  [
    ['search', 'retry', '--since', '2026-11-19T09:31:00Z', '--until', '2026-12-01'],
    'GET',
    '/api/search?q=retry&since=2026-11-19T09:31:00Z&until=2026-12-01',
  ],
  [['search', 'retry', '--workspace', 'research'], 'GET', '/api/search?q=retry&workspace_id=research'],
  [['search', 'nosuchword'], 'GET', '/api/search?q=nosuchword'],
  [
    ['recent', '--session', SAMPLE_SESSION, '--limit', '2'],
    'GET',
    `/api/recent?session_id=${SAMPLE_SESSION}&limit=2`,
  ],
  [['recent', '--hours', '1'], 'GET', '/api/recent?hours=1'],
  [['recent', '--project', 'garden'], 'GET', '/api/project/garden?limit=50'],
  [
    ['errors', 'connect', 'ECONNREFUSED', '--limit', '2'],
    'GET',
    '/api/similar-error?error=connect+ECONNREFUSED&limit=2',
  ],
  [
    ['recall', 'how', 'does', 'the', 'retry', 'wait?', '--limit', '3'],
    'GET',
    '/api/recall?q=how+does+the+retry+wait%3F&limit=3',
  ],
  [['recall', '--project', 'webshop', '--budget', '900'], 'GET', '/api/recall?project=webshop&budget=900'],
  [['recall', '--session', SAMPLE_SESSION], 'GET', `/api/recall?session_id=${SAMPLE_SESSION}`],
  [['recall', 'nosuchword'], 'GET', '/api/recall?q=nosuchword'],
  [['context', SAMPLE_UUID, '--context', '2'], 'GET', `/api/message/${SAMPLE_UUID}?context=2`],
  [['context', SAMPLE_UUID], 'GET', `/api/message/${SAMPLE_UUID}`],
  [['context', SAMPLE_UUID, '--context', '0'], 'GET', `/api/message/${SAMPLE_UUID}?context=0`],
  [['sessions'], 'GET', '/api/sessions'],
  [
    ['sessions', '--project', 'webshop', '--before', '2026-12-01'],
    'GET',
    '/api/sessions?project=webshop&before=2026-12-01',
  ],
  [['stats'], 'GET', '/api/stats'],
  [['stats', '--workspace', 'research'], 'GET', '/api/stats?workspace_id=research'],
  [['forget', SAMPLE_UUID, '--dry-run'], 'DELETE', `/api/messages/${SAMPLE_UUID}?dry_run=true`],
  [
    ['forget', '--session', SAMPLE_SESSION, '--dry-run'],
    'DELETE',
    `/api/sessions/${SAMPLE_SESSION}?dry_run=true`,
  ],
  [['forget', '--project', 'webshop', '--dry-run'], 'DELETE', '/api/messages?project=webshop&dry_run=true'],
]

const fileHome = createTempHome()
const serverHome = createTempHome()
let server: ServerProcess

beforeAll(async () => {
  await seedMemory(fileHome, SAMPLE_MESSAGES)
  await seedMemory(serverHome, SAMPLE_MESSAGES)
  server = await startServerProcess({home: serverHome.bmfote})
})
afterAll(async () => {
  await server.stop()
  fileHome.remove()
  serverHome.remove()
})

describe.each(TWINS)('%s --json', (command, method, path) => {
  test('prints what its route answers, over a file and over a server', async () => {
    const response = await fetch(`${server.url}${path}`, {method})
    const body = await response.json()
    expect(response.status).toBe(200)

    const overFile = await runBinary([...command, '--json'], {home: fileHome})
    const overServer = await runBinary([...command, '--json'], {home: serverHome})

    expect(readJson(overFile)).toEqual(body)
    expect(readJson(overServer)).toEqual(body)
    expect([overFile, overServer]).toMatchObject([
      {exitCode: 0, stderr: ''},
      {exitCode: 0, stderr: ''},
    ])
  })
})

test('remember --json prints what its route answers, but for the new uuid', async () => {
  const body = {
    content: 'We ship on Tuesdays',
    topic: 'release',
    project: 'webshop',
    workspace_id: 'research',
  }
  const response = await fetch(`${server.url}/api/remember`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(body),
  })
  const answered = (await response.json()) as {uuid: string}

  const words = ['remember', 'We', 'ship', 'on', 'Tuesdays', '--topic', 'release', '--project', 'webshop']
  for (const home of [fileHome, serverHome]) {
    const printed = readJson(await runBinary([...words, '--workspace', 'research', '--json'], {home}))
    expect(printed).toEqual({...answered, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/)})
  }
})
