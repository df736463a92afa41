/** Now, with this machine's offset: what "yesterday" in a question is meant by. */
export function zonedNow(now = new Date()): string {
  const offsetMinutes = -now.getTimezoneOffset()
  const shifted = new Date(now.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const hours = Math.floor(Math.abs(offsetMinutes) / 60)
  return `${shifted}${sign}${twoDigits(hours)}:${twoDigits(Math.abs(offsetMinutes) % 60)}`
}

/** Each later than the one before, so that what is said within a millisecond stays in its order. */
export class RisingClock {
  #lastMs = 0

  now(): string {
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1)
    return new Date(this.#lastMs).toISOString()
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
