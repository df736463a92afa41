import type {ErrorMatch} from '../../model/search-result.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Segment, segment} from '../text/segments.ts'
import {type Clock, fullDate} from '../text/when.ts'
import {messageIds} from './item-parts.ts'
import type {ItemOptions, ListItem} from './list-item.ts'

export function errorItems(matches: ErrorMatch[], options: ItemOptions): ListItem[] {
  return matches.map((match) => ({
    head: errorHead(match, options.clock),
    body: [
      [segment('error: ', 'bad'), segment(safeLine(match.errorContext))],
      match.solution
        ? [segment('then: ', 'accent'), segment(safeLine(match.solution))]
        : [segment('No answer to it is stored.', 'dim')],
    ],
    ids: messageIds(match),
    target: {uuid: match.uuid, sessionId: match.sessionId},
  }))
}

function errorHead(match: ErrorMatch, clock: Clock): Segment[] {
  return [
    segment(safeLine(match.project ?? ''), 'accent'),
    segment(safeLine(match.author ?? '')),
    segment(safeLine(match.source ?? ''), 'dim'),
    segment(fullDate(match.timestamp, clock), 'dim'),
  ].filter(({text}) => text !== '')
}
