/** A moment on this machine's clock, with its offset: `2026-11-19T14:03:00+01:00`. It tells what "yesterday" is here. */
export function localIsoDate(date: Date): string {
  const offsetMinutes = -date.getTimezoneOffset()
  const shifted = new Date(date.getTime() + offsetMinutes * 60_000)
  const pad = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
  const sign = offsetMinutes < 0 ? '-' : '+'
  return `${shifted.toISOString().slice(0, 19)}${sign}${pad(offsetMinutes / 60)}:${pad(offsetMinutes % 60)}`
}
