import type {MessageWithContext, StoredMessage} from '../../model/message.ts'

/** A stretch of a session around one message, which grows at its ends while it is read. */
export interface Conversation {
  messages: StoredMessage[]
  /** The message that was asked for. */
  uuid: string
  sessionId: string
  project: string | null
  hasEarlier: boolean
  hasLater: boolean
}

/** Messages asked for before and after: the most that one request gives. */
export const CONVERSATION_CONTEXT = 10

/** `asked`: how many were asked for on each side; where fewer came, there are no more. */
export function startConversation(found: MessageWithContext, asked = CONVERSATION_CONTEXT): Conversation {
  const {before, after, ...message} = found
  return {
    messages: [...before, message, ...after],
    uuid: found.uuid,
    sessionId: found.sessionId,
    project: found.project,
    hasEarlier: before.length >= asked,
    hasLater: after.length >= asked,
  }
}

/** `found`: what is around the conversation's first message, or null when that is gone by now. */
export function addEarlier(conversation: Conversation, found: MessageWithContext | null): Conversation {
  const earlier = unknownTo(conversation, found?.before ?? [])
  return {
    ...conversation,
    messages: [...earlier, ...conversation.messages],
    hasEarlier: earlier.length >= CONVERSATION_CONTEXT,
  }
}

export function addLater(conversation: Conversation, found: MessageWithContext | null): Conversation {
  const later = unknownTo(conversation, found?.after ?? [])
  return {
    ...conversation,
    messages: [...conversation.messages, ...later],
    hasLater: later.length >= CONVERSATION_CONTEXT,
  }
}

function unknownTo({messages}: Conversation, found: StoredMessage[]): StoredMessage[] {
  const known = new Set(messages.map(({uuid}) => uuid))
  return found.filter(({uuid}) => !known.has(uuid))
}
