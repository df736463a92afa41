import type {ScanSummary, StoredSecret} from '../capture/scan-memory.ts'
import {plainItemLines} from './lists/item-lines.ts'
import {messageIds} from './lists/item-parts.ts'
import {renderLines} from './print.ts'
import {count} from './text/count.ts'
import {safeLine} from './text/safe-text.ts'
import {segment} from './text/segments.ts'
import {type Clock, fullDate} from './text/when.ts'

/** One secret: what it is, where and when it was said, what stands around it, and how to get there. */
export function secretText(secret: StoredSecret, {clock, color}: {clock: Clock; color: boolean}): string {
  const head = [
    segment(safeLine(secret.kind), 'bad'),
    segment(safeLine(secret.project ?? ''), 'accent'),
    segment(fullDate(secret.timestamp, clock), 'dim'),
  ].filter(({text}) => text !== '')
  const body = [[segment(safeLine(secret.excerpt))]]
  const target = {uuid: secret.uuid, sessionId: secret.sessionId}
  return renderLines(plainItemLines({head, body, ids: messageIds(secret), target}), {color})
}

export function scanSummaryText(summary: ScanSummary, {place}: {place: string}): string {
  const {messages, affected, fixed, kinds, problems} = summary
  if (affected === 0) return `No secrets found in ${count(messages, 'message')} of ${safeLine(place)}.`
  const lines = [
    `${count(affected, 'message')} of ${count(messages, 'message')} in ${safeLine(place)} ${affected === 1 ? 'holds' : 'hold'} a secret:`,
    ...kinds.map(({kind, count: often}) => `  ${safeLine(kind)}  ${often}`),
    fixed > 0
      ? `${count(fixed, 'message')} rewritten, with [redacted:kind] in the place of each secret.`
      : '',
    ...problems.map(({uuid, reason}) => `  not rewritten: ${safeLine(uuid)} (${safeLine(reason)})`),
  ]
  return lines.filter((line) => line !== '').join('\n')
}
