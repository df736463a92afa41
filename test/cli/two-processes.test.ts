import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ApiClient} from '../../src/lib/client/api-client.ts'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

test('a server and another process write and read one file side by side', async () => {
  const home = tempFolder()
  const server = await startServerProcess({home})
  const beside = await openLocalMemory({path: join(home, 'memory.db')})
  const api = new ApiClient({url: server.url})
  const messages = (who: string, round: number) =>
    Array.from({length: 50}, (_, n) => ({uuid: `${who}-${round}-${n}`, content: `said by ${who}`}))

  const throughServer = async () => {
    for (let round = 0; round < 20; round++) {
      await api.recordMessages(messages('server', round).map((message) => ({...message, session_id: 'a'})))
    }
  }
  const throughFile = async () => {
    for (let round = 0; round < 20; round++) {
      await beside.recordMessages(
        OWNER,
        messages('file', round).map((message) => ({...message, sessionId: 'b'})),
      )
    }
  }
  await Promise.all([throughServer(), throughFile()])

  expect((await api.stats()).messages).toBe(2_000)
  expect((await beside.getStats(OWNER, {})).messages).toBe(2_000)
  expect(await api.search({q: 'file', limit: 1})).toMatchObject([{session_id: 'b'}])
  expect(await beside.searchMessages(OWNER, {query: 'server', limit: 1})).toMatchObject([{sessionId: 'a'}])
  await beside.close()
  await server.stop()
}, 120_000)
