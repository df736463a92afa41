import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openWorkerMemory} from '../../src/lib/memory/worker-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {describeMemory} from './memory.contract.ts'

describeMemory('WorkerMemory', async () => {
  const memory = await openWorkerMemory({
    database: {mode: 'file', path: join(tempFolder(), 'memory.db')},
    readers: 1,
  })
  return {memory, close: () => memory.close()}
})

test('what was asked before the end is answered', async () => {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openWorkerMemory({database: {mode: 'file', path}})

  const recorded = Promise.all(
    Array.from({length: 200}, (_, n) => memory.recordMessages(OWNER, [{sessionId: 's', uuid: `u${n}`}])),
  )
  await memory.close()

  expect((await recorded).flat().every((result) => result.status === 'ok')).toBe(true)
  await expect(memory.getStats(OWNER, {})).rejects.toMatchObject({code: 'unavailable'})
})

test('a file that is no database is refused with a sentence', async () => {
  const folder = tempFolder()

  await expect(openWorkerMemory({database: {mode: 'file', path: folder}})).rejects.toMatchObject({
    code: 'unavailable',
  })
})
