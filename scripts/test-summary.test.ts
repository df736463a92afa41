import {expect, test} from 'vitest'
import {addUp, countPytest, countVitest, summaryLine} from './test-summary.mjs'

test('counts each test once, by what became of it', () => {
  const report = {
    testResults: [
      {status: 'passed', assertionResults: [{status: 'passed'}, {status: 'passed'}, {status: 'pending'}]},
      {status: 'failed', assertionResults: [{status: 'passed'}, {status: 'failed'}]},
    ],
  }

  expect(countVitest(report)).toEqual({passed: 3, failed: 1, skipped: 1})
})

test('a test file that cannot be loaded is a failure, though no test of it failed', () => {
  const report = {testResults: [{status: 'failed', assertionResults: []}]}

  expect(countVitest(report)).toEqual({passed: 0, failed: 1, skipped: 0})
})

test('adds up suites', () => {
  const suites = [
    {passed: 5, failed: 0, skipped: 1},
    {passed: 2, failed: 3, skipped: 0},
  ]

  expect(addUp(suites)).toEqual({passed: 7, failed: 3, skipped: 1})
})

test('the last line speaks of skipped tests only where there are some', () => {
  expect(summaryLine({passed: 12, failed: 0, skipped: 0})).toBe('12 passed, 0 failed')
  expect(summaryLine({passed: 12, failed: 1, skipped: 2})).toBe('12 passed, 1 failed, 2 skipped')
})

test('counts what pytest reports, a file that can not be imported as one failure', () => {
  const xml =
    '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" ' +
    'skipped="3" tests="50" time="1.5"><testcase name="a"/></testsuite></testsuites>'

  expect(countPytest(xml)).toEqual({passed: 44, failed: 3, skipped: 3})
  expect(countPytest('')).toEqual({passed: 0, failed: 0, skipped: 0})
})
