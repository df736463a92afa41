import {CONVERSATION_CONTEXT} from '../ui/conversation/conversation.ts'
import type {LoadConversation} from '../ui/conversation/load.ts'
import type {MemoryContext} from './memory-command.ts'

/** The conversations that the views open, from the memory. */
export function conversationLoader({memory, caller, workspaceId}: MemoryContext): LoadConversation {
  return async ({uuid, sessionId}) => {
    const around = uuid ?? (await lastUuid(sessionId))
    if (!around) return null
    return memory.getMessage(caller, {uuid: around, sessionId, workspaceId, context: CONVERSATION_CONTEXT})
  }

  async function lastUuid(sessionId: string): Promise<string | undefined> {
    const [last] = await memory.listRecent(caller, {sessionId, workspaceId, limit: 1})
    return last?.uuid
  }
}
