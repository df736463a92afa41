import {parseTimestamp} from '../../model/timestamp.ts'
import {safeLine} from './safe-text.ts'

/** What dates are told by. */
export interface Clock {
  now: Date
  /**
   * People see the time of their own place. In a pipe it is UTC and says so: whoever reads there may be anywhere, and to
   * ask for the local zone alone takes longer than a whole search.
   */
  zone: 'local' | 'utc'
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `2026-11-19 14:03 (3 days ago)`; what is no date is shown as it was stored. */
export function fullDate(timestamp: string | null, clock: Clock): string {
  const relative = relativeDate(timestamp, clock)
  const absolute = absoluteDate(timestamp, clock)
  return relative === '' ? absolute : `${absolute} (${relative})`
}

export function absoluteDate(timestamp: string | null, {zone}: Clock): string {
  if (!timestamp) return 'no date'
  const date = parseDate(timestamp)
  if (!date) return safeLine(timestamp)
  return zone === 'utc' ? `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC` : localDate(date)
}

/** `3 days ago`; empty for what is no date. */
export function relativeDate(timestamp: string | null, {now}: Clock): string {
  const date = timestamp ? parseDate(timestamp) : undefined
  if (!date) return ''
  const distanceMs = now.getTime() - date.getTime()
  const span = describeSpan(Math.abs(distanceMs))
  if (span === '') return 'just now'
  return distanceMs > 0 ? `${span} ago` : `in ${span}`
}

function localDate(date: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`
}

function describeSpan(spanMs: number): string {
  if (spanMs < MINUTE_MS) return ''
  if (spanMs < HOUR_MS) return count(spanMs / MINUTE_MS, 'minute')
  if (spanMs < DAY_MS) return count(spanMs / HOUR_MS, 'hour')
  if (spanMs < 14 * DAY_MS) return count(spanMs / DAY_MS, 'day')
  if (spanMs < 60 * DAY_MS) return count(spanMs / (7 * DAY_MS), 'week')
  if (spanMs < 730 * DAY_MS) return count(spanMs / (30.44 * DAY_MS), 'month')
  return count(spanMs / (365.25 * DAY_MS), 'year')
}

function count(amount: number, unit: string): string {
  const whole = Math.floor(amount)
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}

function parseDate(timestamp: string): Date | undefined {
  const parsed = parseTimestamp(timestamp)
  return parsed && new Date(parsed.ms)
}
