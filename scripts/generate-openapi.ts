import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {loadServerConfig} from '../src/lib/config/server-config.ts'
import {openLocalMemory} from '../src/lib/memory/local-memory.ts'
import {buildApp} from '../src/lib/server/app.ts'

/** schema/openapi.json: what a server answers at /openapi.json, for those who have none running. */
export async function generateOpenApi(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bmfote-openapi-'))
  const memory = await openLocalMemory({path: join(folder, 'empty.db')})
  const app = await buildApp({memory, config: loadServerConfig({}, {HOME: folder})})
  try {
    const response = await app.inject('/openapi.json')
    return `${JSON.stringify(response.json(), null, 2)}\n`
  } finally {
    await app.close()
    await memory.close()
    await rm(folder, {recursive: true, force: true})
  }
}
