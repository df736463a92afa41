import {join} from 'node:path'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {describeMemory} from './memory.contract.ts'

describeMemory('LocalMemory', async () => {
  const memory = await openLocalMemory({path: join(tempFolder(), 'memory.db')})
  return {memory, close: () => memory.close()}
})
