import fc from 'fast-check'
import {expect, test} from 'vitest'
import {cutMiddle} from './cut-text.ts'

test('text that fits stays as it is', () => {
  expect(cutMiddle('short', 100)).toEqual({text: 'short', isCut: false})
})

test('of longer text beginning and end stay, and the number says how much is missing', () => {
  const {text, isCut} = cutMiddle(`${'a'.repeat(500)}${'z'.repeat(500)}`, 160, 0.4)

  expect(isCut).toBe(true)
  expect(text).toBe(`${'a'.repeat(40)}\n[… 900 characters left out …]\n${'z'.repeat(60)}`)
})

test('the result is within the limit and never holds half a character', () => {
  const text = fc.string({unit: fc.constantFrom('a', '😀', '中'), maxLength: 400})

  fc.assert(
    fc.property(text, fc.integer({min: 60, max: 300}), (input, max) => {
      const cut = cutMiddle(input, max).text
      expect(cut.length).toBeLessThanOrEqual(max)
      expect(cut.isWellFormed()).toBe(true)
    }),
  )
})
