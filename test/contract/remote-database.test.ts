import {afterAll} from 'vitest'
import {openStoredMemory} from '../../src/lib/memory/local-memory.ts'
import {startSqld} from '../helpers/sqld.ts'
import {describeMemory} from './memory.contract.ts'

const sqld = await startSqld({auth: true})
afterAll(() => sqld.close())

describeMemory('LocalMemory over a remote database', async () => {
  await sqld.empty()
  const memory = await openStoredMemory({mode: 'remote', url: sqld.url, authToken: sqld.token()})
  return {memory, close: () => memory.close()}
})
