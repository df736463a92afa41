import {describe, expect, test} from 'vitest'
import {nearestWord} from './suggest.ts'

describe('nearestWord', () => {
  const known = ['search', 'server start', 'sessions', 'status']

  test.each([
    ['serach', 'search'],
    ['stauts', 'status'],
    ['STATSU', 'status'],
    ['sess', 'sessions'],
    ['server strat', 'server start'],
  ])('%s was meant to be %s', (typed, meant) => {
    expect(nearestWord(typed, known)).toBe(meant)
  })

  test.each(['remember', 'x', 'claude-code', 's'])('%s is like nothing there is', (typed) => {
    expect(nearestWord(typed, known)).toBeUndefined()
  })

  test('nothing is near when nothing is known', () => {
    expect(nearestWord('search', [])).toBeUndefined()
  })
})
