import type {StoredMessage} from '../../model/message.ts'
import {safeLine} from '../text/safe-text.ts'
import {segment} from '../text/segments.ts'
import {messageHead, messageIds} from './item-parts.ts'
import type {ItemOptions, ListItem} from './list-item.ts'

/** Of a long message the list shows this much; the conversation shows all of it. */
export const PREVIEW_CHARS_MAX = 400

export function messageItems(messages: StoredMessage[], options: ItemOptions): ListItem[] {
  return messages.map((message) => ({
    head: messageHead(message, options.clock),
    body: [[segment(preview(message.content))]],
    ids: messageIds(message),
    target: {uuid: message.uuid, sessionId: message.sessionId},
  }))
}

function preview(content: string): string {
  // Cut before cleaning, so that fifty long messages cost no more than fifty short ones.
  const text = safeLine(content.slice(0, PREVIEW_CHARS_MAX * 4))
  const isCut = text.length > PREVIEW_CHARS_MAX || content.length > PREVIEW_CHARS_MAX * 4
  return isCut ? `${text.slice(0, PREVIEW_CHARS_MAX).toWellFormed()}…` : text
}
