import {join} from 'node:path'
import {afterAll} from 'vitest'
import {openWorkerMemory} from '../../src/lib/memory/worker-memory.ts'
import {startSqld} from '../helpers/sqld.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {describeMemory} from './memory.contract.ts'

const sqld = await startSqld({auth: true})
afterAll(() => sqld.close())

describeMemory('WorkerMemory over a replica', async () => {
  await sqld.empty()
  const memory = await openWorkerMemory({
    database: {
      mode: 'replica',
      path: join(tempFolder(), 'replica.db'),
      url: sqld.url,
      authToken: sqld.token(),
    },
    readers: 1,
  })
  return {memory, close: () => memory.close()}
})
