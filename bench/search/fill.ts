import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {SHARED_PRINCIPAL} from '../../src/lib/model/principal.ts'
import {generateMessages} from '../messages/conversations.ts'
import type {Needle} from './needles.ts'

const BATCH = 1_000
/** A needle stands at the end of a message that is otherwise like the others, but not too long a one. */
const HAY_CHARS_MAX = 800
const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}

/** Writes so many messages, with the needles spread evenly among them. */
export async function fillMemory(path: string, options: {messages: number; needles: readonly Needle[]}) {
  const memory = await openLocalMemory({path})
  const every = Math.max(1, Math.floor(options.messages / (options.needles.length + 1)))
  let batch: NewMessage[] = []
  let made = 0
  let planted = 0
  for (const message of generateMessages({count: options.messages, seed: 11})) {
    made++
    const needle = made % every === 0 ? options.needles[planted++] : undefined
    batch.push(needle ? withNeedle(message, needle) : message)
    if (batch.length === BATCH || made === options.messages) {
      await memory.recordMessages(CALLER, batch)
      batch = []
      if (made % 100_000 === 0) console.error(`${made} messages written`)
    }
  }
  await memory.close()
}

function withNeedle(message: NewMessage, {uuid, text}: Needle): NewMessage {
  return {...message, uuid, content: `${message.content?.slice(0, HAY_CHARS_MAX)}\n${text}`}
}
