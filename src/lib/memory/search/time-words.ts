/** From (inclusive) to (exclusive), in milliseconds; `weight` 1 is what the words most likely mean. */
export interface TimeWindow {
  fromMs: number
  toMs: number
  weight: number
}

export interface TimeWords {
  windows: TimeWindow[]
  /** The date that was understood, to be shown. */
  label: string
  /** Words of the asker's clock ("last", "Tuesday"), which say nothing about the text that is looked for. */
  words: string[]
}

const DAY_MS = 86_400_000
const YEARS_BACK = 8
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  'a couple of': 2,
  couple: 2,
  three: 3,
  'a few': 3,
  few: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
}
const UNIT_DAYS: Record<string, number> = {day: 1, week: 7, month: 30.4, year: 365.25}
const MONTH = `(${MONTHS.join('|')}|${MONTHS.map((month) => month.slice(0, 3)).join('|')}|sept)\\.?`
const COUNT = `(\\d{1,3}|${Object.keys(NUMBERS)
  .sort((a, b) => b.length - a.length)
  .join('|')})`

interface Clock {
  /** Midnight of today where the asker is, as UTC. */
  todayMs: number
  offsetMs: number
}

interface Reader {
  pattern: RegExp
  read: (match: readonly string[], clock: Clock) => TimeWindow[] | null
  /** The words are spoken from the asker's clock and are not looked for in texts. */
  relative: boolean
}

const READERS: readonly Reader[] = [
  {
    pattern: /\b(20\d\d)-(\d\d)-(\d\d)\b/i,
    relative: false,
    read: (m) => day(Number(m[1]), Number(m[2]) - 1, Number(m[3])),
  },
  {
    pattern: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH},?(?: (20\\d\\d))?\\b`, 'i'),
    relative: false,
    read: (m, clock) => dayOfMonth(clock, monthOf(m[2]), Number(m[1]), m[3]),
  },
  {
    pattern: new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?\\b,?(?: (20\\d\\d))?`, 'i'),
    relative: false,
    read: (m, clock) => dayOfMonth(clock, monthOf(m[1]), Number(m[2]), m[3]),
  },
  {
    pattern: new RegExp(`\\b${MONTH},? (20\\d\\d)\\b`, 'i'),
    relative: false,
    read: (m) => month(Number(m[2]), monthOf(m[1])),
  },
  {
    pattern: new RegExp(`\\b(?:in|during|of|since|last|this|early|late|mid) ${MONTH}(?![a-z])`, 'i'),
    relative: false,
    read: (m, clock) => monthOfAnyYear(clock, monthOf(m[1])),
  },
  {
    pattern: /\b(?:in|during|of|since) (20\d\d)\b/i,
    relative: false,
    read: (m) => span(utc(Number(m[1])), utc(Number(m[1]) + 1)),
  },
  {pattern: /\bday before yesterday\b/i, relative: true, read: (_, clock) => days(clock, -2, 1)},
  {pattern: /\b(?:yesterday|last night)\b/i, relative: true, read: (_, clock) => days(clock, -1, 1)},
  {
    pattern: /\b(?:today|tonight|this (?:morning|afternoon|evening))\b/i,
    relative: true,
    read: (_, clock) => days(clock, 0, 1),
  },
  {
    pattern: new RegExp(`\\b(?:about |around |some )?${COUNT} (day|week|month|year)s? ago\\b`, 'i'),
    relative: true,
    read: (m, clock) => ago(clock, numberOf(m[1]), UNIT_DAYS[(m[2] ?? '').toLowerCase()] ?? 1),
  },
  {
    pattern: new RegExp(`\\b(?:last|past|previous) ${COUNT} (day|week|month|year)s\\b`, 'i'),
    relative: true,
    read: (m, clock) => {
      const length = Math.round(numberOf(m[1]) * (UNIT_DAYS[(m[2] ?? '').toLowerCase()] ?? 1))
      return days(clock, -length, length + 1)
    },
  },
  {
    pattern: /\b(?:last|previous) week\b/i,
    relative: true,
    read: (_, clock) => days(clock, -weekday(clock) - 7, 7),
  },
  {pattern: /\bthis week\b/i, relative: true, read: (_, clock) => days(clock, -weekday(clock), 7)},
  {pattern: /\blast weekend\b/i, relative: true, read: (_, clock) => days(clock, -weekday(clock) - 2, 2)},
  {pattern: /\b(?:last|previous) month\b/i, relative: true, read: (_, clock) => monthBack(clock, 1)},
  {pattern: /\bthis month\b/i, relative: true, read: (_, clock) => monthBack(clock, 0)},
  {pattern: /\b(?:last|previous) year\b/i, relative: true, read: (_, clock) => yearBack(clock, 1)},
  {pattern: /\bthis year\b/i, relative: true, read: (_, clock) => yearBack(clock, 0)},
  {
    pattern: new RegExp(`\\b(last |this |on |past )?(${WEEKDAYS.join('|')})\\b`, 'i'),
    relative: true,
    read: (m, clock) => lastWeekday(clock, WEEKDAYS.indexOf((m[2] ?? '').toLowerCase())),
  },
]

/** One expression that lets most queries pass by all the others. */
const MAY_TELL_TIME =
  /20\d\d|day\b|night|weekend|morning|afternoon|evening|\bago\b|\b(?:week|month|year)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i

/** @param now ISO 8601 with the asker's offset; without one it is read as UTC. */
export function readTimeWords(text: string, now: string): TimeWords | null {
  if (!MAY_TELL_TIME.test(text)) return null
  const clock = readClock(now)
  if (!clock) return null
  for (const reader of READERS) {
    const match = reader.pattern.exec(text)
    const windows = match && reader.read(match, clock)
    if (!windows || !match) continue
    return {
      windows: windows.map((window) => ({
        ...window,
        fromMs: window.fromMs - clock.offsetMs,
        toMs: window.toMs - clock.offsetMs,
      })),
      label: labelOf(windows[0]),
      words: reader.relative ? (match[0].toLowerCase().match(/[a-z0-9]+/g) ?? []) : [],
    }
  }
  return null
}

function readClock(now: string): Clock | null {
  const ms = Date.parse(now)
  if (Number.isNaN(ms)) return null
  const zone = /([+-])(\d\d):?(\d\d)$/.exec(now)
  const offsetMs = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0
  return {todayMs: Math.floor((ms + offsetMs) / DAY_MS) * DAY_MS, offsetMs}
}

function labelOf(window: TimeWindow | undefined): string {
  if (!window) return ''
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const last = iso(window.toMs - 1)
  return iso(window.fromMs) === last ? last : `${iso(window.fromMs)} to ${last}`
}

function utc(year: number, monthIndex = 0, dayOfTheMonth = 1): number {
  return Date.UTC(year, monthIndex, dayOfTheMonth)
}

function span(fromMs: number, toMs: number, weight = 1): TimeWindow[] {
  return [{fromMs, toMs, weight}]
}

function firstOf([window]: TimeWindow[]): TimeWindow {
  return window ?? {fromMs: 0, toMs: 0, weight: 0}
}

function day(year: number, monthIndex: number, dayOfTheMonth: number): TimeWindow[] {
  const from = utc(year, monthIndex, dayOfTheMonth)
  return span(from, from + DAY_MS)
}

function month(year: number, monthIndex: number): TimeWindow[] {
  return span(utc(year, monthIndex), utc(year, monthIndex + 1))
}

function days(clock: Clock, start: number, length: number): TimeWindow[] {
  return span(clock.todayMs + start * DAY_MS, clock.todayMs + (start + length) * DAY_MS)
}

/** The further back, the less exactly it is meant: a third of the unit to either side. */
function ago(clock: Clock, count: number, unitDays: number): TimeWindow[] {
  const middle = clock.todayMs - Math.round(count * unitDays) * DAY_MS
  const slack = Math.floor(unitDays / 2) * DAY_MS
  return span(middle - slack, middle + slack + DAY_MS)
}

function weekday(clock: Clock): number {
  return (new Date(clock.todayMs).getUTCDay() + 6) % 7
}

/** The latest one before today; people also mean the one of the week before. */
function lastWeekday(clock: Clock, index: number): TimeWindow[] {
  const back = ((new Date(clock.todayMs).getUTCDay() - index + 6) % 7) + 1
  return [...days(clock, -back, 1), ...days(clock, -back - 7, 1).map((window) => ({...window, weight: 0.4}))]
}

function monthBack(clock: Clock, count: number): TimeWindow[] {
  const today = new Date(clock.todayMs)
  return month(today.getUTCFullYear(), today.getUTCMonth() - count)
}

function yearBack(clock: Clock, count: number): TimeWindow[] {
  const year = new Date(clock.todayMs).getUTCFullYear() - count
  return span(utc(year), utc(year + 1))
}

/** Without a year the latest is meant most; a memory may well hold only an older one. */
function monthOfAnyYear(clock: Clock, monthIndex: number): TimeWindow[] {
  return yearsBack(clock, monthIndex, 1).map((year, i) => ({
    ...firstOf(month(year, monthIndex)),
    weight: i === 0 ? 1 : 0.8,
  }))
}

function dayOfMonth(clock: Clock, monthIndex: number, date: number, year?: string): TimeWindow[] | null {
  if (date < 1 || date > 31) return null
  if (year) return day(Number(year), monthIndex, date)
  return yearsBack(clock, monthIndex, date).map((y, i) => ({
    ...firstOf(day(y, monthIndex, date)),
    weight: i === 0 ? 1 : 0.8,
  }))
}

function yearsBack(clock: Clock, monthIndex: number, date: number): number[] {
  const thisYear = new Date(clock.todayMs).getUTCFullYear()
  const latest = utc(thisYear, monthIndex, date) > clock.todayMs ? thisYear - 1 : thisYear
  return Array.from({length: YEARS_BACK}, (_, i) => latest - i)
}

function monthOf(name: string | undefined): number {
  return MONTHS.findIndex((full) => full.startsWith((name ?? '').toLowerCase().slice(0, 3)))
}

function numberOf(word: string | undefined): number {
  const text = (word ?? '').toLowerCase()
  return NUMBERS[text] ?? (Number(text) || 1)
}
