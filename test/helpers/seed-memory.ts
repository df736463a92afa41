import {join} from 'node:path'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {OWNER} from './callers.ts'
import type {TempHome} from './temp-home.ts'

/** Puts messages into the file that the terminal's commands of that home read, as an import of an export would. */
export async function seedMemory(home: TempHome, messages: NewMessage[]): Promise<void> {
  const memory = await openLocalMemory({path: join(home.bmfote, 'memory.db')})
  try {
    const results = await memory.recordMessages(OWNER, messages, {restore: true})
    const refused = results.find(({status}) => status !== 'ok')
    if (refused) throw new Error(`${refused.uuid}: ${refused.error}`)
  } finally {
    await memory.close()
  }
}
