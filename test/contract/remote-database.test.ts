import {afterAll} from 'vitest'
import {openWorkerMemory} from '../../src/lib/memory/worker-memory.ts'
import {startSqld} from '../helpers/sqld.ts'
import {describeMemory} from './memory.contract.ts'

const sqld = await startSqld({auth: true})
afterAll(() => sqld.close())

describeMemory('WorkerMemory over a remote database', async () => {
  await sqld.empty()
  const memory = await openWorkerMemory({
    database: {mode: 'remote', url: sqld.url, authToken: sqld.token()},
    readers: 1,
  })
  return {memory, close: () => memory.close()}
})
