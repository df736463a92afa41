import {describe, expect, test} from 'vitest'
import {locateError, normalizeError} from './normalize-error.ts'

describe('the same error on another day has the same key', () => {
  const PAIRS: [string, string][] = [
    [
      "TypeError: Cannot read properties of undefined (reading 'id')\n    at a (/x/y.js:1:2)",
      "Uncaught TypeError: Cannot read properties of undefined (reading 'name')\n    at b (C:\\z\\w.js:99:2)",
    ],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'Error: connect ECONNREFUSED 10.1.2.3:80'],
    [
      "ENOENT: no such file or directory, open '/home/ana/a.txt'",
      "ENOENT: no such file or directory, open '/srv/b/c.json'",
    ],
    [
      '2026-03-02T09:00:00Z worker 17 failed: lease 9f86d081884c lost',
      '2025-01-01 10:11:12 worker 4 failed: lease 2c26b46b68ff lost',
    ],
    [
      'Traceback (most recent call last):\n  File "/a.py", line 3, in <module>\nKeyError: \'price\'',
      'Traceback (most recent call last):\n  File "/b/c.py", line 77, in f\nKeyError: "cost"',
    ],
    [
      'src/a.ts(3,4): error TS2345: Argument of type A',
      'lib/b/c.ts(30,41): error TS2345: Argument of type A',
    ],
    ["fatal: couldn't find remote ref 'main'", "fatal: couldn't find remote ref 'topic'"],
  ]

  test.each(PAIRS)('%j', (first, second) => {
    expect(normalizeError(first)?.key).toBeTruthy()
    expect(normalizeError(second)?.key).toBe(normalizeError(first)?.key)
  })
})

describe('another error has another key', () => {
  test.each([
    ['error TS2345: Argument of type A', 'error TS2322: Argument of type A'],
    ['Request failed with status code 404', 'Request failed with status code 500'],
    ['Error: connect ECONNREFUSED 1.2.3.4:5', 'Error: connect ETIMEDOUT 1.2.3.4:5'],
    ["couldn't open the lock file", "couldn't read the lock file"],
  ])('%s, %s', (first, second) => {
    expect(normalizeError(first)?.key).not.toBe(normalizeError(second)?.key)
  })
})

test('the telling line is taken from a log, not its frames', () => {
  const log =
    '> build\n> tsc\n\n  at x (a.js:1:1)\nwarning: slow\nValueError: bad shape (3, 4)\n    at y (b.js:2:2)'

  expect(normalizeError(log)).toMatchObject({line: 'ValueError: bad shape (3, 4)', code: ''})
  expect(normalizeError('PaymentDeclinedError: no')?.code).toBe('PaymentDeclinedError')
})

test.each(['', '\n\n', 'all is well', '{}', '1234'])('%j is no error', (text) => {
  expect(normalizeError(text)).toBeNull()
})

test('a text says where it has the error, and how exactly', () => {
  const error = normalizeError("Error: Cannot find module 'zod'")
  const match = (text: string) => error && locateError(text, error)?.match

  expect(match("ok\nError: Cannot find module 'zod'\nok")).toBe('same')
  expect(match("I keep getting Error: Cannot find module 'zod' when I start it")).toBe('same')
  expect(match("Error: Cannot find module './b.js'")).toBe('alike')
  expect(match('Error: something else')).toBeUndefined()
})

test('text that is made to be slow is read in no time at all', () => {
  const nasty = [
    'a.'.repeat(50_000),
    `${'/a'.repeat(20_000)} Error: x`,
    "'".repeat(50_000),
    `Error: ${'1.'.repeat(40_000)}`,
  ]

  for (const text of nasty) expect(normalizeError(text)?.key.length ?? 0).toBeLessThan(1_000)
})
