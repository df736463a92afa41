import type {ServerStatusBody} from '../../client/protocol.ts'
import {renderLines} from '../print.ts'
import {count} from '../text/count.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, type Style, segment} from '../text/segments.ts'
import {type Clock, fullDate} from '../text/when.ts'
import {megabytes} from './maintenance-text.ts'

export interface ServerStatusView {
  isWell: boolean
  url?: string
  version?: string
  trouble?: string
  next?: string
  details?: ServerStatusBody
  /** What hooks of this machine have put down and not delivered yet. */
  waiting: {events: number; oldestAt?: string}
  lastBackup?: {at: string; file: string; bytes: number}
}

export function serverStatusText(
  view: ServerStatusView,
  {clock, color}: {clock: Clock; color: boolean},
): string {
  const {isWell, url, version, trouble, next, details, waiting, lastBackup} = view
  const where = [url, version && `version ${version}`].filter(Boolean).join(', ')
  const oldest = waiting.oldestAt ? `, the oldest ${fullDate(waiting.oldestAt, clock)}` : ''
  const rows = [
    row('server', isWell ? `up  ${where}` : `not well  ${where}`.trimEnd(), isWell ? 'accent' : 'bad'),
    ...(trouble === undefined ? [] : [row('', trouble)]),
    ...(next === undefined ? [] : [row('', `→ ${next}`)]),
    ...(details === undefined ? [] : detailRows(details, clock)),
    row('spool', `${count(waiting.events, 'event')} of this machine to deliver${oldest}`),
    row(
      'backup',
      lastBackup === undefined
        ? 'none from this BMFOTE_HOME'
        : `${fullDate(lastBackup.at, clock)}, ${lastBackup.file}, ${megabytes(lastBackup.bytes)}`,
    ),
  ]
  return renderLines(rows, {color})
}

function detailRows(details: ServerStatusBody, clock: Clock): Line[] {
  const {mode, database, database_bytes: bytes, messages, sessions} = details
  const size = bytes === undefined ? '' : `, ${megabytes(bytes)}`
  const lag = details.sync_lag_seconds
  return [
    row('since', fullDate(details.started_at, clock)),
    ...(mode === undefined ? [] : [row('database', `${mode}, ${database}${size}`)]),
    ...(details.primary_url === undefined
      ? []
      : [row('primary', `${details.primary_url}${details.primary_reachable ? '' : ' does not answer'}`)]),
    ...(details.trouble === undefined ? [] : [row('', details.trouble)]),
    ...(lag === undefined
      ? []
      : [row('sync', `${lag.toFixed(1)} s behind, ${fullDate(details.synced_at ?? null, clock)}`)]),
    row('holds', `${count(messages, 'message')} of ${count(sessions, 'session')}`),
    row('queue', `${count(details.writes_under_way, 'write')} under way`),
  ]
}

const NAME_COLUMNS = 10

function row(name: string, text: string, style: Style = 'plain'): Line {
  return [segment(name.padEnd(NAME_COLUMNS)), segment(safeLine(text), style)]
}
