import type {Session} from '../../model/session.ts'
import {count} from '../text/count.ts'
import {safeLine} from '../text/safe-text.ts'
import {segment} from '../text/segments.ts'
import {absoluteDate, fullDate} from '../text/when.ts'
import type {ItemOptions, ListItem} from './list-item.ts'

export function sessionItems(sessions: Session[], options: ItemOptions): ListItem[] {
  return sessions.map((session) => ({
    head: [
      segment(safeLine(session.project ?? 'no project'), 'accent'),
      segment(count(session.messageCount, 'message')),
      segment(fullDate(session.lastMessageAt, options.clock), 'dim'),
    ],
    body: session.firstMessageAt
      ? [[segment(`since ${absoluteDate(session.firstMessageAt, options.clock)}`, 'dim')]]
      : [],
    ids: [`session ${safeLine(session.sessionId)}`],
    target: {sessionId: session.sessionId},
  }))
}
