import type {StoredMessage} from '../../model/message.ts'
import {parseTimestamp} from '../../model/timestamp.ts'
import {cutEnd, quoteLabel, quoteText} from './quoted-text.ts'

export type PassageKind = 'fact' | 'tool' | 'said'

/** Where `remember` keeps what it was given. */
export const REMEMBERED_SESSION = /^agent-memory-/

export function kindOf(message: Pick<StoredMessage, 'sessionId' | 'tool' | 'role'>): PassageKind {
  if (REMEMBERED_SESSION.test(message.sessionId)) return 'fact'
  return message.tool !== null || message.role === 'tool' ? 'tool' : 'said'
}

/** The caller's offset from UTC, which dates are shown in. */
export interface Clock {
  offsetMinutes: number
}

export function clockOf(now: string | undefined): Clock {
  const [, sign, hours = '0', minutes = '0'] = /T.*([+-])(\d\d):?(\d\d)$/.exec(now ?? '') ?? []
  return {offsetMinutes: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))}
}

/** `UTC`, `UTC+02:00`. */
export function zoneName({offsetMinutes}: Clock): string {
  if (offsetMinutes === 0) return 'UTC'
  const size = Math.abs(offsetMinutes)
  const part = (value: number) => String(value).padStart(2, '0')
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${part(Math.floor(size / 60))}:${part(size % 60)}`
}

/** `2026-03-02 09:14`, where the caller is. */
export function dateOf(timestamp: string | null, clock: Clock): string {
  const parsed = timestamp === null ? undefined : parseTimestamp(timestamp)
  if (!parsed) return 'undated'
  return new Date(parsed.ms + clock.offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}

export function timeOf(message: Pick<StoredMessage, 'timestamp'>): number {
  const parsed = message.timestamp === null ? undefined : parseTimestamp(message.timestamp)
  return parsed?.ms ?? 0
}

/** Dated, attributed, with the uuid that opens it. `excerpt` is cut so that the whole is at most `charsMax` long. */
export function describePassage(
  message: StoredMessage,
  excerpt: string,
  options: {clock: Clock; charsMax: number; withProject?: boolean},
): string {
  const head = `${dateOf(message.timestamp, options.clock)} ${speakerOf(message, options.withProject)}: `
  const tail = ` [${quoteLabel(message.uuid, 256)}]`
  // The indentation of further lines counts too.
  const room = options.charsMax - head.length - tail.length
  let quoted = cutEnd(excerpt, room)
  while (quoted.length > 0 && quoted.length + 2 * countBreaks(quoted) > room) {
    quoted = cutEnd(quoted, Math.min(quoted.length - 1, room - 2 * countBreaks(quoted)))
  }
  return head + quoted + tail
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1
}

function speakerOf(message: StoredMessage, withProject = false): string {
  const said = message.author ?? (message.type === 'assistant' ? 'assistant' : message.type)
  const project = withProject && message.project ? `project ${quoteLabel(message.project)}` : ''
  const source = message.source ? quoteLabel(message.source) : ''
  const where = [project, source].filter(Boolean).join(', ')
  const who = kindOf(message) === 'tool' ? toolName(message) : quoteLabel(said)
  return where ? `${who} (${where})` : who
}

function toolName(message: StoredMessage): string {
  const name = quoteLabel(message.tool ?? 'tool')
  if (message.status === 'error') return `${name} failed`
  return message.type === 'assistant' ? `${name} call` : `${name} result`
}

/** The text of a message as it may be quoted, without the mark of a cut and without blank lines. */
export function quotable(message: StoredMessage): string {
  return quoteText(message.content)
}

export function headingOf(message: StoredMessage, clock: Clock): string {
  const project = message.project ? `, project ${quoteLabel(message.project)}` : ''
  const date = dateOf(message.timestamp, clock).slice(0, 10)
  return `Session ${quoteLabel(message.sessionId, 256)}${project}, ${date}:`
}
