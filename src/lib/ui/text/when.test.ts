import {expect, test} from 'vitest'
import {absoluteDate, type Clock, fullDate, relativeDate} from './when.ts'

const NOW: Clock = {now: new Date('2026-11-22T12:00:00Z'), zone: 'local'}
const UTC: Clock = {...NOW, zone: 'utc'}

test('a date is told as far as it is away', () => {
  const told = (timestamp: string) => relativeDate(timestamp, NOW)
  expect(told('2026-11-22T11:59:30Z')).toBe('just now')
  expect(told('2026-11-22T11:59:00Z')).toBe('1 minute ago')
  expect(told('2026-11-22T09:00:00Z')).toBe('3 hours ago')
  expect(told('2026-11-19T12:00:00Z')).toBe('3 days ago')
  expect(told('2026-11-01T12:00:00Z')).toBe('3 weeks ago')
  expect(told('2026-06-22T12:00:00Z')).toBe('5 months ago')
  expect(told('2020-11-22T12:00:00Z')).toBe('5 years ago')
  expect(told('2026-11-24T12:00:00Z')).toBe('in 2 days')
})

test('the date itself is shown on the clock of this machine', () => {
  const local = new Date(2026, 10, 9, 8, 7)
  expect(absoluteDate(local.toISOString(), NOW)).toBe('2026-11-09 08:07')
})

test('in a pipe it is UTC, and says so', () => {
  expect(absoluteDate('2026-11-09T08:07:00+02:00', UTC)).toBe('2026-11-09 06:07 UTC')
})

test('what is no date is shown as it was stored, without what a terminal would obey', () => {
  expect(fullDate('yester\u001b[2Jday', NOW)).toBe('yesterday')
  expect(fullDate(null, NOW)).toBe('no date')
})

test('both are shown together', () => {
  const local = new Date(2026, 10, 19, 12, 0)
  expect(fullDate(local.toISOString(), NOW)).toMatch(/^2026-11-19 12:00 \([23] days ago\)$/)
})
