import {join} from 'node:path'
import {createClient} from '@libsql/client/sqlite3'
import {expect, onTestFinished, test} from 'vitest'
import {OWNER} from '../../../test/helpers/callers.ts'
import {plantSecrets} from '../../../test/helpers/planted-secrets.ts'
import {storeRaw} from '../../../test/helpers/store-raw.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {type LocalMemory, openLocalMemory} from '../memory/local-memory.ts'
import type {ExportQuery} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import type {Caller} from '../model/principal.ts'
import {type StoredSecret, scanMemory} from './scan-memory.ts'

const PLANTED = plantSecrets(11)

async function memoryWithSecrets(): Promise<LocalMemory> {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path})
  onTestFinished(() => memory.close())
  await storeRaw(
    path,
    PLANTED.map(({text}, index) => ({
      uuid: `secret-${index}`,
      content: `we use this one here: ${text} for now`,
    })),
  )
  await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'clean', content: 'the build is green'}])
  return memory
}

/** The same memory, a few messages to a page. */
function paged(memory: LocalMemory, limit: number) {
  return {
    exportPage: (caller: Caller, query: ExportQuery) => memory.exportPage(caller, {...query, limit}),
    recordMessages: memory.recordMessages.bind(memory),
  }
}

test('tells each of the nineteen secrets by kind, uuid and what stands around, and never what it is', async () => {
  const memory = await memoryWithSecrets()
  const told: StoredSecret[] = []

  const summary = await scanMemory(paged(memory, 4), OWNER, {onSecret: (secret) => told.push(secret)})

  expect(summary).toMatchObject({messages: 20, affected: 19, fixed: 0, interrupted: false})
  expect(summary.kinds.reduce((sum, {count}) => sum + count, 0)).toBe(told.length)
  for (const [index, {kind}] of PLANTED.entries()) {
    expect(told).toContainEqual({
      kind,
      uuid: `secret-${index}`,
      sessionId: 's',
      timestamp: '2026-01-01T00:00:00Z',
      project: null,
      excerpt: expect.stringContaining(`[redacted:${kind}]`),
    })
  }
  const all = JSON.stringify([summary, told])
  for (const {secret} of PLANTED) expect(all).not.toContain(secret.slice(0, 12))
  expect((await memory.getMessage(OWNER, {uuid: 'secret-0'}))?.content).toContain(PLANTED[0]?.secret)
})

test('with fix, nothing is left of them, the search follows, and there is nothing to do any more', async () => {
  const memory = await memoryWithSecrets()

  const first = await scanMemory(paged(memory, 4), OWNER, {fix: true})
  const second = await scanMemory(memory, OWNER, {fix: true})

  expect(first).toMatchObject({messages: 20, affected: 19, fixed: 19, problems: []})
  expect(second).toMatchObject({messages: 20, affected: 0, fixed: 0})
  const {messages} = await memory.exportPage(OWNER, {cursor: 'm:0'})
  for (const [index, {kind, secret}] of PLANTED.entries()) {
    const row = messages.find(({uuid}) => uuid === `secret-${index}`)
    expect(row).toMatchObject({revision: 2, timestamp: '2026-01-01T00:00:00Z', sessionId: 's'})
    expect(row?.content).toContain(`[redacted:${kind}]`)
    expect(row?.content).not.toContain(secret)
  }
  const github = PLANTED[0]?.secret ?? ''
  expect((await memory.searchMessages(OWNER, {query: `"${github}"`})).map(({uuid}) => uuid)).not.toContain(
    'secret-0',
  )
  expect((await memory.getMessage(OWNER, {uuid: 'clean'}))?.revision).toBe(1)
})

test('stopped in the middle, it goes on the next time', async () => {
  const memory = await memoryWithSecrets()
  const controller = new AbortController()

  const stopped = await scanMemory(paged(memory, 5), OWNER, {
    fix: true,
    signal: controller.signal,
    onProgress: ({messages}) => {
      if (messages >= 10) controller.abort()
    },
  })
  const rest = await scanMemory(paged(memory, 5), OWNER, {fix: true})

  expect(stopped).toMatchObject({messages: 10, fixed: 10, interrupted: true})
  expect(rest).toMatchObject({messages: 20, affected: 9, fixed: 9, interrupted: false})
})

test('a memory that goes away for a moment is waited for; one that refuses a message costs that one', async () => {
  const memory = await memoryWithSecrets()
  let failures = 2
  const flaky = {
    exportPage: async (caller: Caller, query: ExportQuery) => {
      if (failures-- > 0) throw new BmfoteError('unavailable', 'away')
      return memory.exportPage(caller, query)
    },
    recordMessages: async (...[caller, messages]: Parameters<LocalMemory['recordMessages']>) => {
      const bad = messages.map((each) => (each.uuid === 'secret-3' ? {...each, timestamp: 'never'} : each))
      return memory.recordMessages(caller, bad)
    },
  }

  const summary = await scanMemory(flaky, OWNER, {fix: true, sleep: async () => undefined})

  expect(summary).toMatchObject({affected: 19, fixed: 18, problems: [{uuid: 'secret-3'}]})
})

test('a fork’s copy is a row of its own, and each is rewritten', async () => {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path})
  onTestFinished(() => memory.close())
  const content = `it is ${PLANTED[0]?.text}`
  await storeRaw(path, [
    {uuid: 'u', content},
    {uuid: 'u', sessionId: 'fork', content},
    {uuid: 'u', workspaceId: 'other', content},
  ])

  expect(await scanMemory(memory, OWNER, {fix: true})).toMatchObject({affected: 2, fixed: 2})
  expect(await scanMemory(memory, OWNER, {workspaceId: 'other'})).toMatchObject({affected: 1, fixed: 0})
})

test('what was deleted while it was looked at stays away', async () => {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path})
  onTestFinished(() => memory.close())
  await storeRaw(path, [{uuid: 'u', content: `it is ${PLANTED[0]?.text}`}])

  const summary = await scanMemory(memory, OWNER, {
    fix: true,
    onSecret: () => void memory.deleteMessages(OWNER, {uuid: 'u'}),
  })

  expect(summary).toMatchObject({affected: 1, fixed: 1})
  const client = createClient({url: `file:${path}`})
  const {rows} = await client.execute('SELECT count(*) AS n FROM messages')
  client.close()
  expect(rows[0]?.n).toBe(0)
})
