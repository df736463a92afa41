import {createClient} from '@libsql/client/node'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {type Sqld, startSqld} from '../helpers/sqld.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const TOKEN = 'token-of-two-servers'
const HEADERS = {authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json'}
const MESSAGES = 300
const BATCH = 20

let sqld: Sqld
let servers: ServerProcess[]

// Both at once over an empty database: each finds it without tables.
beforeAll(async () => {
  sqld = await startSqld({auth: true})
  const homes = [createTempHome(), createTempHome()]
  const env = {TURSO_DATABASE_URL: sqld.url, TURSO_AUTH_TOKEN: sqld.token(), API_TOKEN: TOKEN}
  servers = await Promise.all(homes.map((home) => startServerProcess({home: home.bmfote, env})))
  return async () => {
    for (const server of servers) await server.kill()
    await sqld.close()
    for (const home of homes) home.remove()
  }
})

function message(workspace: string, number: number) {
  return {
    workspace_id: workspace,
    session_id: `s-${number % 7}`,
    uuid: `m-${number}`,
    content: `${workspace} says quagga${number}end`,
  }
}

async function post(server: ServerProcess | undefined, batch: object[]): Promise<string[]> {
  const response = await fetch(`${server?.url}/api/messages/batch`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(batch),
  })
  const {results = []} = (await response.json()) as {results?: {uuid: string; status: string}[]}
  return results.filter(({status}) => status === 'ok').map(({uuid}) => uuid)
}

async function read<T>(server: ServerProcess | undefined, path: string): Promise<T> {
  return (await (await fetch(`${server?.url}${path}`, {headers: HEADERS})).json()) as T
}

test('what two servers take at once, the same messages among it, is stored once and found by both', async () => {
  const batches = Array.from({length: MESSAGES / BATCH}, (_, batch) =>
    Array.from({length: BATCH}, (_, index) => message('first', batch * BATCH + index)),
  )

  // Every batch goes to both, as from a sender that got no answer from the one and asked the other.
  const acknowledged = await Promise.all(
    batches.flatMap((batch) => servers.map((server) => post(server, batch))),
  )
  expect(acknowledged.flat()).toHaveLength(MESSAGES * 2)
  for (const server of servers) {
    expect(await read(server, '/api/stats?workspace_id=first')).toMatchObject({
      messages: MESSAGES,
      sessions: 7,
    })
    const hits = await read<{uuid: string}[]>(server, '/api/search?q=quagga17end&workspace_id=first')
    expect(hits.map(({uuid}) => uuid)).toEqual(['m-17'])
  }
})

test('a write is there for the other server as soon as it is acknowledged', async () => {
  const [one, other] = servers
  await post(one, [message('seen', 1)])

  expect(await read(other, '/api/message/m-1?workspace_id=seen')).toMatchObject({uuid: 'm-1'})
})

test('workspaces stay apart when two servers write the same ids into each', async () => {
  const workspaces = ['left', 'right']
  await Promise.all(
    servers.flatMap((server, index) =>
      Array.from({length: 5}, (_, batch) =>
        post(
          server,
          Array.from({length: BATCH}, (_, item) => message(workspaces[index] ?? '', batch * BATCH + item)),
        ),
      ),
    ),
  )

  for (const server of servers) {
    for (const workspace of workspaces) {
      const found = await read<{content: string}>(server, `/api/message/m-5?workspace_id=${workspace}`)
      expect(found.content).toBe(`${workspace} says quagga5end`)
      expect(await read(server, `/api/stats?workspace_id=${workspace}`)).toMatchObject({messages: 100})
    }
  }
})

test('the index and the sessions are in step with what both wrote', async () => {
  const client = createClient({url: sqld.url, authToken: sqld.token()})
  onTestFinished(() => client.close())
  const count = async (sql: string) => Number((await client.execute(sql)).rows[0]?.[0])

  expect(await count('SELECT count(*) FROM messages')).toBeGreaterThan(MESSAGES)
  expect(
    await count('SELECT count(*) FROM messages WHERE id NOT IN (SELECT id FROM messages_fts_docsize)'),
  ).toBe(0)
  expect(
    await count(`SELECT count(*) FROM sessions s WHERE stored_count <> (SELECT count(*) FROM messages m
      WHERE m.workspace_id = s.workspace_id AND m.session_id = s.session_id)`),
  ).toBe(0)
})
