const ISO_FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|z|[+-]\d{2}:?\d{2})?)?$/

export interface Timestamp {
  /** As given where the database can read it, else the same moment in UTC. */
  text: string
  ms: number
}

/**
 * Reads an ISO 8601 date or date-time; one without an offset is UTC, as SQLite takes it too. Undefined when it is
 * none: JavaScript's own parser would take it for local time, or guess.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = ISO_FORM.exec(text.trim())
  if (!match) return undefined
  const [, date, time = '00:00', zone = 'Z'] = match
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  const ms = Date.parse(`${date}T${time}${offset}`)
  if (Number.isNaN(ms)) return undefined
  const readBySqlite = offset === zone || match[3] === undefined
  return {text: readBySqlite ? text.trim() : new Date(ms).toISOString(), ms}
}
