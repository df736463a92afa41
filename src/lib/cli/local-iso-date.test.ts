import {afterEach, expect, test, vi} from 'vitest'
import {localIsoDate} from './local-iso-date.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['UTC', '2026-11-19T14:03:00+00:00'],
  ['Asia/Kolkata', '2026-11-19T19:33:00+05:30'],
  ['America/St_Johns', '2026-11-19T10:33:00-03:30'],
])('a moment on the clock of %s', (zone, expected) => {
  vi.stubEnv('TZ', zone)
  expect(localIsoDate(new Date('2026-11-19T14:03:00Z'))).toBe(expected)
})
