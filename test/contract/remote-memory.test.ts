import {join} from 'node:path'
import {loadServerConfig} from '../../src/lib/config/server-config.ts'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import {buildApp} from '../../src/lib/server/app.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {describeMemory} from './memory.contract.ts'

describeMemory('RemoteMemory', async () => {
  const folder = tempFolder()
  const local = await openLocalMemory({path: join(folder, 'memory.db')})
  const config = loadServerConfig({}, {HOME: folder, API_TOKEN: 'the-token'})
  const app = await buildApp({memory: local, config})
  const url = await app.listen({host: '127.0.0.1', port: 0})
  const memory = openRemoteMemory({url: `${url}/`, token: 'the-token'})
  return {
    memory,
    close: async () => {
      await app.close()
      await local.close()
    },
  }
})
