import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {OWNER} from '../../../../test/helpers/callers.ts'
import {say} from '../../../../test/helpers/search-memory.ts'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {openDatabaseFile} from '../../storage/file-database.ts'
import {openScope} from '../../storage/search-scope.ts'
import {openLocalMemory} from '../local-memory.ts'
import {FrequencyCache} from './frequency-cache.ts'

async function open() {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path})
  const database = await openDatabaseFile(path)
  onTestFinished(async () => {
    await database.close()
    await memory.close()
  })
  let atMs = 0
  const cache = new FrequencyCache(database, () => atMs)
  const count = async (word: string, workspaceId = 'bmfote-default') => {
    const scope = await openScope(database, workspaceId, {})
    const read = scope && (await cache.read(scope, [`"${word}"`]))
    return {count: read?.counts.get(`"${word}"`), total: read?.total, othersShare: read?.othersShare}
  }
  const add = (messages: Parameters<typeof say>[]) =>
    memory.recordMessages(
      OWNER,
      messages.map((message) => say(...message)),
    )
  return {count, add, wait: (ms: number) => (atMs += ms)}
}

test('a word that nobody used is found as soon as somebody does', async () => {
  const {count, add} = await open()
  await add(Array.from({length: 200}, (_, n) => [`other ${n}`, 'the heron stands still']))

  expect(await count('kiln')).toMatchObject({count: 0, total: 200})
  await add([['first', 'the kiln is warm']])
  expect(await count('kiln')).toMatchObject({count: 1})
})

test('a count is kept until there are clearly more messages, or it is old', async () => {
  const {count, add, wait} = await open()
  await add(Array.from({length: 200}, (_, n) => [`kiln ${n}`, 'the kiln is warm']))

  // The first count learns that there is no other workspace; the next ones leave its token out.
  await count('kiln')
  expect(await count('kiln')).toMatchObject({count: 200})
  await add([['one more', 'the kiln is cold']])
  expect(await count('kiln')).toMatchObject({count: 200})
  wait(10 * 60_000)
  expect(await count('kiln')).toMatchObject({count: 201, total: 201})
  await add(Array.from({length: 20}, (_, n) => [`many more ${n}`, 'the kiln is cold']))
  expect(await count('kiln')).toMatchObject({count: 221, total: 221})
})

test('counts are those of the workspace, also when others come to it later', async () => {
  const {count, add} = await open()
  await add([['mine', 'the kiln is warm']])
  expect(await count('kiln')).toEqual({count: 1, total: 1, othersShare: 0})
  expect(await count('kiln')).toEqual({count: 1, total: 1, othersShare: 0})

  await add(Array.from({length: 3}, (_, n) => [`theirs ${n}`, 'the kiln is theirs', {workspaceId: 'theirs'}]))

  expect(await count('kiln')).toEqual({count: 1, total: 1, othersShare: 0.75})
  expect(await count('kiln', 'theirs')).toEqual({count: 3, total: 3, othersShare: 0.25})
})
