/**
 * The moment as an ISO 8601 date-time with the offset of a zone, for whoever has to know what "yesterday" means there.
 * @param timezone IANA name; undefined is UTC, which costs nothing to say
 */
export function zonedNow(now: Date, timezone?: string): string {
  if (timezone === undefined || timezone === 'UTC') return now.toISOString()
  const offset = offsetOf(now, timezone)
  const sign = offset < 0 ? '-' : '+'
  const minutes = Math.abs(offset)
  const pad = (value: number) => String(value).padStart(2, '0')
  const local = new Date(now.getTime() + offset * 60_000).toISOString().replace('Z', '')
  return `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/** Whether the zone is one that this machine knows. */
export function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: timezone})
    return true
  } catch {
    return false
  }
}

/** Minutes east of Greenwich at that moment. */
function offsetOf(now: Date, timezone: string): number {
  const format = new Intl.DateTimeFormat('en', {timeZone: timezone, timeZoneName: 'longOffset'})
  const name = format.formatToParts(now).find(({type}) => type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}
