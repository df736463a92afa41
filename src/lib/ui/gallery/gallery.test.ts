import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {textWidth} from '../text/width.ts'
import {VIEWS} from './gallery.tsx'

// Dates are shown on the clock of the machine.
beforeAll(() => vi.stubEnv('TZ', 'UTC'))
afterAll(() => vi.unstubAllEnvs())

const SIZES = [
  {columns: 80, rows: 24},
  {columns: 40, rows: 24},
]

describe.each(Object.keys(VIEWS))('%s', (name) => {
  const drawView = VIEWS[name] ?? (() => '')

  test.each(SIZES)('on a screen of $columns columns', (size) => {
    const text = drawView({size, color: false})
    expect(`\n${text}\n`).toMatchSnapshot()
  })

  test('without colour there is no escape sequence at all', () => {
    expect(drawView({size: {columns: 80, rows: 24}, color: false})).not.toContain('\u001b')
  })
})

const SCREENS = [
  'search',
  'recent',
  'errors',
  'sessions',
  'conversation',
  'notice',
  'agent run',
  'agent run, asking',
]

describe.each(SCREENS)('the screen of %s', (name) => {
  const drawView = VIEWS[name] ?? (() => '')

  test.each([
    {columns: 80, rows: 24},
    {columns: 40, rows: 20},
    {columns: 20, rows: 6},
    {columns: 5, rows: 3},
    {columns: 200, rows: 60},
  ])('fits into $columns × $rows', (size) => {
    const lines = drawView({size, color: false}).split('\n')

    expect(lines.length).toBeLessThan(size.rows)
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(size.columns)
  })
})
