import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {OWNER} from '../../../test/helpers/callers.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import type {StoredMessage} from '../model/message.ts'
import {openLocalMemory} from './local-memory.ts'
import {ReaderPool} from './reader-pool.ts'
import {StorageThread} from './storage-thread.ts'

async function startPool() {
  const path = join(tempFolder(), 'memory.db')
  const memory = await openLocalMemory({path})
  await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'still here'}])
  await memory.close()
  const start = vi.spyOn(StorageThread, 'start')
  const pool = await ReaderPool.start({database: {mode: 'file', path}, readers: 1})
  const read = async () => {
    const [message] = (await pool.call('listRecent', [OWNER, {sessionId: 's'}])) as StoredMessage[]
    return message?.content
  }
  return {pool, read, start}
}

test('threads are replaced as they grow old, and every question is answered', async () => {
  const {pool, read, start} = await startPool()

  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(Array.from({length: 100}, read))
    expect(new Set(answers)).toEqual(new Set(['still here']))
  }

  await vi.waitFor(() => expect(start.mock.calls.length).toBeGreaterThan(1))
  await pool.stop()
  for (const {value} of start.mock.results) {
    const thread: StorageThread = await value
    await expect(thread.call('checkHealth')).rejects.toMatchObject({code: 'unavailable'})
  }
  start.mockRestore()
})

test('where no new thread can be had, the old one goes on', async () => {
  const {pool, read, start} = await startPool()
  start.mockRejectedValue(new Error('no more threads'))

  for (let round = 0; round < 20; round++) {
    expect(await Promise.all(Array.from({length: 100}, read))).not.toContain(undefined)
  }

  expect(start.mock.calls.length).toBeGreaterThan(1)
  expect(await read()).toBe('still here')
  await pool.stop()
  start.mockRestore()
})
