import {safeLine} from '../text/safe-text.ts'
import {type Segment, segment} from '../text/segments.ts'
import {type Spoken, speakerName} from '../text/speaker.ts'
import {type Clock, fullDate} from '../text/when.ts'

interface Placed {
  project?: string | null
  branch?: string | null
  source?: string | null
  timestamp: string | null
}

/** Who said it, about which project and branch, on which surface, when: the first line of every message shown. */
export function messageHead(message: Spoken & Placed, clock: Clock): Segment[] {
  return [
    segment(speakerName(message), message.status === 'error' ? 'bad' : 'strong'),
    segment(safeLine(message.project ?? ''), 'accent'),
    segment(safeLine(message.branch ?? ''), 'dim'),
    segment(safeLine(message.source ?? ''), 'dim'),
    segment(fullDate(message.timestamp, clock), 'dim'),
  ].filter(({text}) => text !== '')
}

export function messageIds(message: {uuid: string; sessionId: string}): string[] {
  return [`uuid ${safeLine(message.uuid)}`, `session ${safeLine(message.sessionId)}`]
}
