import type {MessageWithContext} from '../../model/message.ts'
import type {Target} from '../lists/list-item.ts'

/**
 * Gives a message with CONVERSATION_CONTEXT messages before and after it; for a session without a message named, its
 * last one. Null when it is not there (any more).
 */
export type LoadConversation = (target: Target) => Promise<MessageWithContext | null>
