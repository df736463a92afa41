import type {SearchHit} from '../../model/search-result.ts'
import {snippetSegments} from '../text/marks.ts'
import {safeLine} from '../text/safe-text.ts'
import {segment} from '../text/segments.ts'
import {messageHead, messageIds} from './item-parts.ts'
import type {ItemOptions, ListItem} from './list-item.ts'

export function hitItems(hits: SearchHit[], options: ItemOptions): ListItem[] {
  return hits.map((hit) => ({
    head: messageHead(hit, options.clock),
    body: [snippetSegments(hit.snippet, options), ...(hit.why ?? []).map((why) => [reason(why)])],
    ids: messageIds(hit),
    target: {uuid: hit.uuid, sessionId: hit.sessionId},
  }))
}

function reason(why: string) {
  return segment(`because: ${safeLine(why)}`, 'dim')
}
