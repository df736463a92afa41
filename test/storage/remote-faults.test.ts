import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {type LocalMemory, openStoredMemory} from '../../src/lib/memory/local-memory.ts'
import {openRemoteDatabase} from '../../src/lib/storage/remote-database.ts'
import {OWNER} from '../helpers/callers.ts'
import {startFaultProxy} from '../helpers/fault-proxy.ts'
import {LEEWAY_SECONDS, startSqld} from '../helpers/sqld.ts'

const sqld = await startSqld({auth: true})
const proxy = await startFaultProxy(sqld.port)
afterAll(async () => {
  await proxy.close()
  await sqld.close()
})
beforeEach(async () => {
  await proxy.set({kind: 'none'})
  await sqld.empty()
})

async function open({url = proxy.url, authToken = sqld.token()} = {}): Promise<LocalMemory> {
  const memory = await openStoredMemory({mode: 'remote', url, authToken})
  onTestFinished(() => memory.close())
  return memory
}

const say = (memory: LocalMemory, uuid: string, content = `what ${uuid} says`) =>
  memory.recordMessages(OWNER, [{sessionId: 's', uuid, content}])

describe('an answer that is lost after the commit', () => {
  test('is asked for again: the message is there once, as it was first written', async () => {
    const memory = await open()
    await say(memory, 'before')
    await proxy.set({kind: 'drop_answers', times: 1})

    const results = await say(memory, 'u')

    expect(results).toMatchObject([{uuid: 'u', status: 'ok'}])
    expect(
      await sqld.execute(
        "SELECT revision, stored_count FROM messages JOIN sessions USING (session_id) WHERE uuid = 'u'",
      ),
    ).toEqual([[['1', '2']]])
  })

  test('of a fact to remember gives one fact, under the uuid that is answered', async () => {
    const memory = await open()
    await say(memory, 'before')
    await proxy.set({kind: 'drop_answers', times: 1})

    const {uuid} = await memory.remember(OWNER, {content: 'remembered once'})

    expect(await sqld.execute("SELECT uuid FROM messages WHERE content = 'remembered once'")).toEqual([
      [[uuid]],
    ])
  })

  test('of a deletion is not repeated, for the second answer would be another one', async () => {
    const memory = await open()
    await say(memory, 'u')
    // The first answer is about whether rows of 0.11.7 wait to be taken over.
    await proxy.set({kind: 'drop_answers', times: 1, after: 1})

    await expect(memory.deleteMessages(OWNER, {uuid: 'u'})).rejects.toMatchObject({code: 'unavailable'})
    expect(await sqld.execute('SELECT count(*) FROM tombstones')).toEqual([[['1']]])
  })
})

describe('a database that is away', () => {
  test('is named, and is there again when it comes back', async () => {
    const memory = await open()
    await proxy.set({kind: 'refuse'})

    const refusal = {code: 'unavailable', message: expect.stringContaining(proxy.url), retryAfterSeconds: 5}
    await expect(say(memory, 'u')).rejects.toMatchObject(refusal)
    await expect(memory.listRecent(OWNER, {})).rejects.toMatchObject(refusal)
    expect(await memory.status()).toMatchObject({primary: {isReachable: false}})
    await proxy.set({kind: 'none'})
    await expect
      .poll(() => say(memory, 'u').catch((error) => error.code), {timeout: 10_000, interval: 100})
      .toMatchObject([{status: 'ok'}])
    expect(await memory.status()).toMatchObject({primary: {isReachable: true}})
  })

  test('at the start is a sentence, not a server without memory', async () => {
    await expect(open({url: 'http://127.0.0.1:9'})).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The database at http://127.0.0.1:9 does not answer.',
    })
  })

  test('behind a gateway that says so is away too', async () => {
    const url = await serve((_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'))

    await expect(open({url})).rejects.toMatchObject({code: 'unavailable', retryAfterSeconds: 5})
  })

  test('where there is none is told from one that is away', async () => {
    const url = await serve((request, response) =>
      response.writeHead(request.method === 'GET' ? 200 : 404).end('Namespace not found'),
    )

    await expect(open({url})).rejects.toMatchObject({message: `There is no libSQL database at ${url}.`})
  })
})

describe('a token', () => {
  test('that is wrong is named, and not shown', async () => {
    const error: Error = await open({authToken: 'not-a-token'}).then(
      () => expect.unreachable(),
      (error) => error,
    )

    expect(error).toMatchObject({code: 'unavailable', message: expect.stringContaining('token')})
    expect(`${error.message} ${error.stack}`).not.toContain('not-a-token')
  })

  test('that expires while it is used is named from then on', async () => {
    const memory = await open({authToken: sqld.token({expiresInSeconds: 2 - LEEWAY_SECONDS})})
    const acknowledged: string[] = []
    let refusal: unknown
    for (let n = 0; refusal === undefined; n++) {
      await say(memory, `u${n}`).then(
        () => acknowledged.push(`u${n}`),
        (error) => {
          refusal = error
        },
      )
    }

    expect(refusal).toMatchObject({
      code: 'unavailable',
      message: `${proxy.url} does not accept the token: it is wrong or has expired.`,
    })
    const [stored = []] = await sqld.execute('SELECT uuid FROM messages ORDER BY id')
    expect(stored.flat()).toEqual(acknowledged)
  })

  test('for reading alone reads, and says why it does not write', async () => {
    await say(await open(), 'u', 'to be read')
    const memory = await open({authToken: sqld.token({access: 'ro'})})

    expect(await memory.searchMessages(OWNER, {query: 'read'})).toHaveLength(1)
    await expect(say(memory, 'v')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not allow this'),
    })
  })
})

describe('a database that takes nothing more', () => {
  test('because it is full, refuses what does not fit, and goes on with room', async () => {
    const memory = await open()
    await say(memory, 'before')
    await sqld.configure({max_db_size: '1mb'})
    onTestFinished(() => sqld.configure({max_db_size: '1gb'}))

    const acknowledged = ['before']
    let refusal: unknown
    for (let n = 0; refusal === undefined && n < 200; n++) {
      await say(memory, `u${n}`, 'x'.repeat(40_000)).then(
        () => acknowledged.push(`u${n}`),
        (error) => {
          refusal = error
        },
      )
    }

    expect(refusal).toMatchObject({code: 'database_full', message: expect.stringContaining('no space left')})
    expect(await memory.getStats(OWNER, {})).toMatchObject({messages: acknowledged.length})
    await sqld.configure({max_db_size: '1gb'})
    expect(await say(memory, 'after')).toMatchObject([{status: 'ok'}])
  })

  test('because its owner blocked it, says so with the reason, and is read', async () => {
    const memory = await open()
    await say(memory, 'u', 'still here')
    await sqld.configure({block_writes: true, block_reason: 'upgrade your plan'})
    onTestFinished(() => sqld.configure({block_writes: false}))

    await expect(say(memory, 'v')).rejects.toMatchObject({
      code: 'database_full',
      message: `The database at ${proxy.url} is blocked: upgrade your plan.`,
    })
    expect(await memory.searchMessages(OWNER, {query: 'still'})).toHaveLength(1)
  })
})

describe('limits of the way', () => {
  test('a database without full-text search is refused with the way out', async () => {
    // To a real server fts9 is what fts5 is to one that has none.
    const url = await serve((request, response) => {
      if (request.method === 'GET') return response.writeHead(404).end()
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const body = Buffer.concat(chunks).toString().replaceAll('USING fts5', 'USING fts9')
        const answer = await fetch(`${sqld.url}${request.url}`, {
          method: 'POST',
          headers: {authorization: request.headers.authorization ?? ''},
          body,
        })
        response.writeHead(answer.status).end((await answer.text()).replaceAll('fts9', 'fts5'))
      })
    })

    await expect(open({url})).rejects.toMatchObject({
      code: 'database_foreign',
      message: `The database at ${url} has no full-text search (FTS5).`,
      next: expect.stringContaining('without --tursodb'),
    })
  })

  test('what is asked at once shares a round trip, and one bad question costs itself only', async () => {
    const database = await openRemoteDatabase({mode: 'remote', url: sqld.url, authToken: sqld.token()})
    onTestFinished(() => database.close())
    await database.query('SELECT 1')
    const requests = vi.spyOn(globalThis, 'fetch')
    onTestFinished(() => requests.mockRestore())

    const rows = await database.queryAll(['SELECT 1 AS n', {sql: 'SELECT :n AS n', args: {n: 2, unused: 3}}])
    const roundTrips = requests.mock.calls.length
    const settled = await Promise.allSettled(
      ['SELECT 3 AS n', 'SELECT * FROM nowhere', 'SELECT typeof(5) AS n'].map((sql) => database.query(sql)),
    )

    expect(rows.map(([row]) => row?.n)).toEqual([1, 2])
    // The first batch of a client asks for the version of the protocol too.
    expect(roundTrips).toBeLessThanOrEqual(2)
    expect(settled.map((result) => (result.status === 'fulfilled' ? result.value[0]?.n : 'refused'))).toEqual(
      [3, 'refused', 'integer'],
    )
  })

  test('an answer larger than a server sends at once comes in parts', async () => {
    const memory = await open({url: sqld.url})
    const messages = Array.from({length: 240}, (_, n) => ({
      sessionId: 's',
      uuid: `u${n}`,
      content: `${n} `.padEnd(50_000, 'a sentence that goes on and on '),
      timestamp: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    }))
    await memory.recordMessages(OWNER, messages)

    const recent = await memory.listRecent(OWNER, {sessionId: 's', limit: 200})
    const exported: string[] = []
    for (let cursor: string | null = 'm:0'; cursor !== null; ) {
      const page = await memory.exportPage(OWNER, {cursor, limit: 1_000})
      exported.push(...page.messages.map(({uuid}) => uuid))
      cursor = page.nextCursor
    }

    expect(recent.map(({uuid}) => uuid)).toEqual(
      messages
        .map(({uuid}) => uuid)
        .reverse()
        .slice(0, 200),
    )
    expect(exported).toEqual(messages.map(({uuid}) => uuid))
  })
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
