import {cpSync, existsSync, openSync, readdirSync, rmSync, writeFileSync, writeSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {afterAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import type {Memory} from '../../src/lib/memory/memory.ts'
import {openWorkerMemory} from '../../src/lib/memory/worker-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {startFaultProxy} from '../helpers/fault-proxy.ts'
import {LEEWAY_SECONDS, startSqld} from '../helpers/sqld.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const sqld = await startSqld({auth: true})
const proxy = await startFaultProxy(sqld.port)
afterAll(async () => {
  await proxy.close()
  await sqld.close()
})
beforeEach(async () => {
  await proxy.set({kind: 'none'})
  await sqld.restart({empty: true})
})

interface Opened {
  memory: Memory
  notices: string[]
}

async function open(path: string, {authToken = sqld.token(), syncEveryMs = 200} = {}): Promise<Opened> {
  const notices: string[] = []
  const memory = await openWorkerMemory({
    database: {mode: 'replica', path, url: proxy.url, authToken},
    readers: 1,
    syncEveryMs,
    onNotice: (sentence) => notices.push(sentence),
  })
  let isClosed = false
  const close = async () => {
    if (!isClosed) await memory.close()
    isClosed = true
  }
  onTestFinished(close)
  return {memory: {...memory, close}, notices}
}

const replicaPath = () => join(tempFolder(), 'replica.db')

const say = (memory: Memory, uuid: string, content = `what ${uuid} says`) =>
  memory.recordMessages(OWNER, [{sessionId: 's', uuid, content}])

const count = async (memory: Memory) => (await memory.getStats(OWNER, {})).messages

/** What another server, or any client of the database, writes. */
const sayElsewhere = (uuid: string) =>
  sqld.execute(
    `INSERT INTO messages (session_id, uuid, content) VALUES ('elsewhere', '${uuid}', 'from elsewhere')`,
  )

describe('a replica', () => {
  test('shows what was written at once, what others wrote when it is synced', async () => {
    const {memory} = await open(replicaPath(), {syncEveryMs: 60_000})
    for (let n = 0; n < 20; n++) {
      await say(memory, `u${n}`)
      expect(await memory.getMessage(OWNER, {uuid: `u${n}`})).toMatchObject({uuid: `u${n}`})
    }
    await sayElsewhere('other')

    expect(await memory.getMessage(OWNER, {uuid: 'other'})).toBeNull()
    expect(await memory.sync?.()).toEqual({status: 'synced'})
    expect(await memory.searchMessages(OWNER, {query: 'elsewhere'})).toHaveLength(1)
    expect(await memory.status?.()).toMatchObject({
      mode: 'replica',
      primary: {url: proxy.url, isReachable: true},
    })
  })

  test('fetches what others wrote by itself', async () => {
    const {memory} = await open(replicaPath())
    await sayElsewhere('other')

    await expect.poll(() => count(memory), {timeout: 10_000}).toBe(1)
  })

  test('is one process', async () => {
    const path = replicaPath()
    await open(path)

    await expect(open(path)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(path),
      next: expect.stringContaining('BMFOTE_REPLICA'),
    })
  })

  test('is free again when it was closed', async () => {
    const path = replicaPath()
    const {memory} = await open(path)
    await say(memory, 'u')
    await memory.close()

    expect(await count((await open(path)).memory)).toBe(1)
  })
})

describe('with its primary away', () => {
  test('it is read, and writes are refused until the primary is back', async () => {
    const {memory, notices} = await open(replicaPath())
    await say(memory, 'before')
    await proxy.set({kind: 'refuse'})

    await expect(say(memory, 'meanwhile')).rejects.toMatchObject({code: 'unavailable', retryAfterSeconds: 5})
    expect(await memory.searchMessages(OWNER, {query: 'before'})).toHaveLength(1)
    await memory.checkHealth()
    expect(await memory.sync?.()).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('does not answer'),
    })
    expect(await memory.status?.()).toMatchObject({primary: {isReachable: false}})
    await sayElsewhere('meanwhile')
    await proxy.set({kind: 'none'})

    await expect.poll(() => count(memory), {timeout: 15_000}).toBe(2)
    expect(await say(memory, 'after')).toMatchObject([{status: 'ok'}])
    expect(notices.at(-1)).toContain('caught up')
  })

  test('it is read while the primary takes everything and says nothing', async () => {
    const {memory} = await open(replicaPath())
    await say(memory, 'before')
    await proxy.set({kind: 'silent'})
    const waiting = say(memory, 'meanwhile').catch((error) => error)

    for (let n = 0; n < 50; n++) expect(await count(memory)).toBe(1)

    await proxy.set({kind: 'refuse'})
    await waiting
    await proxy.set({kind: 'none'})
    await expect
      .poll(() => say(memory, 'after').catch(() => undefined), {timeout: 15_000})
      .toMatchObject([{status: 'ok'}])
  })

  test('in the middle of a fetch, without a word: it is read and written all the same', async () => {
    const {memory} = await open(replicaPath())
    await say(memory, 'before')
    await proxy.set({kind: 'silent_replication'})
    const [result] = await say(memory, 'meanwhile')

    expect(result).toMatchObject({status: 'ok'})
    expect(await memory.searchMessages(OWNER, {query: 'before'})).toHaveLength(1)
    expect(await sqld.execute("SELECT count(*) FROM messages WHERE uuid = 'meanwhile'")).toEqual([[['1']]])

    await proxy.set({kind: 'refuse'})
    await proxy.set({kind: 'none'})
    await expect.poll(() => count(memory), {timeout: 20_000}).toBe(2)
  })

  test('in the middle of a fetch, and no more: one write waits for the copy, the next does not, and closing ends', async () => {
    const {memory, notices} = await open(replicaPath(), {syncEveryMs: 60_000})
    await say(memory, 'before')
    await proxy.set({kind: 'silent_replication'})
    await say(memory, 'first')
    await proxy.set({kind: 'none'})
    for (let n = 0; n < 20; n++) await say(memory, `n${n}`)

    expect(notices.filter((sentence) => sentence.includes('does not come to its end'))).toHaveLength(1)
    expect((await memory.status?.())?.primary?.trouble).toContain('does not come to its end')
    await memory.close()
    // The thread that was left behind would keep this process.
    await proxy.set({kind: 'refuse'})
  })

  test('at the start, what is there is read, and all is well once the primary is back', async () => {
    const path = replicaPath()
    const first = await open(path)
    await say(first.memory, 'before')
    await first.memory.close()
    await proxy.set({kind: 'refuse'})

    const {memory, notices} = await open(path)

    expect(await memory.searchMessages(OWNER, {query: 'before'})).toHaveLength(1)
    expect(notices.join()).toContain('nothing is written')
    await expect(say(memory, 'meanwhile')).rejects.toMatchObject({code: 'unavailable'})
    await sayElsewhere('meanwhile')
    await proxy.set({kind: 'none'})
    await expect.poll(() => count(memory), {timeout: 15_000}).toBe(2)
    expect(await say(memory, 'after')).toMatchObject([{status: 'ok'}])
    expect(await count(memory)).toBe(3)
  })

  test('at the very first start, there is nothing to begin with', async () => {
    await proxy.set({kind: 'refuse'})
    const path = replicaPath()

    await expect(open(path)).rejects.toMatchObject({
      code: 'unavailable',
      message: `The database at ${proxy.url} does not answer.`,
    })
    expect(existsSync(path)).toBe(false)
  })

  test('because its token has expired, it is read, and says so', async () => {
    const path = replicaPath()
    const {memory: before} = await open(path)
    await say(before, 'before')
    await before.close()

    const {memory, notices} = await open(path, {
      authToken: sqld.token({expiresInSeconds: -LEEWAY_SECONDS - 5}),
    })

    expect(await count(memory)).toBe(1)
    expect(notices.join()).toContain('does not accept the token')
    await expect(say(memory, 'u')).rejects.toMatchObject({message: expect.stringContaining('token')})
  })
})

describe('a primary that was replaced', () => {
  test('by an empty one is noticed, not taken over, and the copy goes on being read', async () => {
    const {memory, notices} = await open(replicaPath())
    await say(memory, 'before')
    await sqld.restart({empty: true})

    await expect.poll(() => notices.join(), {timeout: 15_000}).toContain('has been replaced')
    expect(await count(memory)).toBe(1)
    await expect(say(memory, 'u')).rejects.toMatchObject({
      code: 'conflict',
      next: expect.stringContaining('move'),
    })
    expect(await sqld.execute('SELECT count(*) FROM sqlite_master')).toEqual([[['0']]])
  })

  test('is not begun with: neither emptiness nor another memory goes over the copy', async () => {
    const path = replicaPath()
    const first = await open(path)
    await say(first.memory, 'before')
    await first.memory.close()
    await sqld.restart({empty: true})

    await expect(open(path)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('empty'),
    })
    expect(await sqld.execute('SELECT count(*) FROM sqlite_master')).toEqual([[['0']]])
    const other = await open(replicaPath())
    await other.memory.close()
    await expect(open(path)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('another one'),
    })
  })
})

test('a primary that was restored from an earlier copy of itself is followed', async () => {
  const {memory} = await open(replicaPath())
  await say(memory, 'kept')
  await sqld.kill()
  const copy = join(tempFolder(), 'copy')
  cpSync(sqld.folder, copy, {recursive: true})
  await sqld.restart()
  await expect
    .poll(() => say(memory, 'lost').catch(() => undefined), {timeout: 15_000})
    .toMatchObject([{status: 'ok'}])
  await sqld.kill()
  rmSync(sqld.folder, {recursive: true})
  cpSync(copy, sqld.folder, {recursive: true})
  await sqld.restart()

  await expect
    .poll(() => say(memory, 'after').catch(() => undefined), {timeout: 15_000})
    .toMatchObject([{status: 'ok'}])
  await expect.poll(() => memory.sync?.(), {timeout: 15_000}).toEqual({status: 'synced'})
  const {messages} = await memory.exportPage(OWNER, {cursor: 'm:0'})

  expect(messages.map(({uuid}) => uuid)).toEqual(['kept', 'after'])
})

describe('a copy that is damaged', () => {
  const damages: [string, (path: string) => void][] = [
    ['is no database any more', (path) => writeFileSync(path, 'x'.repeat(50_000))],
    [
      'has a page of nonsense',
      (path) => writeSync(openSync(path, 'r+'), Buffer.alloc(4096 * 20, 7), 0, 4096 * 20, 4096 * 2),
    ],
    ['has lost what libSQL knows of it', (path) => writeFileSync(`${path}-client_wal_index`, 'nonsense')],
    ['has a WAL of nonsense', (path) => writeFileSync(`${path}-wal`, Buffer.alloc(100_000, 9))],
  ]

  test('while the primary is away is kept until it is back, and then made anew', async () => {
    const path = replicaPath()
    const first = await open(path)
    for (let n = 0; n < 60; n++) await say(first.memory, `u${n}`, `number ${n} ${'text '.repeat(200)}`)
    await first.memory.close()
    writeFileSync(path, 'x'.repeat(50_000))
    const aside = () => readdirSync(dirname(path)).filter((file) => file.includes('.damaged-'))

    await proxy.set({kind: 'refuse'})
    await expect(open(path)).rejects.toMatchObject({
      code: expect.stringMatching(/unavailable|database_foreign/),
    })
    expect(aside()).toEqual([])
    await proxy.set({kind: 'none'})
    const {memory} = await open(path)
    expect(await count(memory)).toBe(60)
    expect(aside()).not.toEqual([])
  })

  test('while it is read and the primary is away: it answers again once that is back', async () => {
    const path = replicaPath()
    const {memory} = await open(path)
    for (let n = 0; n < 60; n++) await say(memory, `u${n}`, `number ${n} ${'text '.repeat(200)}`)
    await proxy.set({kind: 'refuse'})
    for (const suffix of ['', '-wal']) writeFileSync(`${path}${suffix}`, Buffer.alloc(100_000, 9))
    await memory.exportPage(OWNER, {cursor: 'm:0'}).catch(() => undefined)

    await proxy.set({kind: 'none'})
    const whole = async () => (await memory.exportPage(OWNER, {cursor: 'm:0'})).messages.length
    await expect.poll(() => whole().catch(() => 0), {timeout: 20_000}).toBe(60)
  })

  for (const [name, damage] of damages) {
    test(`because it ${name}, is made anew, and the old one is kept`, async () => {
      const path = replicaPath()
      const first = await open(path)
      for (let n = 0; n < 60; n++) await say(first.memory, `u${n}`, `number ${n} ${'text '.repeat(200)}`)
      await first.memory.close()
      damage(path)

      const {memory} = await open(path)
      const pages = await memory.exportPage(OWNER, {cursor: 'm:0'})

      expect(pages.messages).toHaveLength(60)
      expect(await memory.searchMessages(OWNER, {query: 'number 59'})).not.toEqual([])
      expect(await say(memory, 'after')).toMatchObject([{status: 'ok'}])
      expect(await count(memory)).toBe(61)
      const kept = readdirSync(dirname(path)).filter((file) => file.startsWith(`${basename(path)}.damaged-`))
      if (name !== 'has lost what libSQL knows of it' && name !== 'has a WAL of nonsense')
        expect(kept).not.toEqual([])
    })
  }
})
