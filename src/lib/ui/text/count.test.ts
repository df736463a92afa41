import {expect, test} from 'vitest'
import {count} from './count.ts'

test('one is one, and thousands can be read', () => {
  expect(count(0, 'message')).toBe('0 messages')
  expect(count(1, 'message')).toBe('1 message')
  expect(count(999, 'line')).toBe('999 lines')
  expect(count(1000, 'line')).toBe('1,000 lines')
  expect(count(1_234_567, 'line')).toBe('1,234,567 lines')
})
