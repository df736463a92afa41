import fc from 'fast-check'
import {expect, test} from 'vitest'
import {changedLines} from './changed-lines.ts'

test.each([
  ['', 'a\nb', [], ['a', 'b']],
  ['a\nb', '', ['a', 'b'], []],
  ['a\nb\nc\nd', 'a\nB\nc\nD', ['b', 'd'], ['B', 'D']],
  ['a\nsecret\nb', 'a\nnew\nsecret\nb\nnewer', [], ['new', 'newer']],
])('%j to %j', (before, after, removed, added) => {
  expect(changedLines(before, after)).toEqual({removed, added})
})

test('of a long line only the part that differs', () => {
  const before = `{"key":"${'s'.repeat(500)}","b":1}`

  expect(changedLines(before, before.replace('"b":1', '"b":1,"c":2'))).toEqual({
    removed: ['…sssssssssssss","b":1}'],
    added: ['…sssssssssssss","b":1,"c":2}'],
  })
})

test('what is removed was there, what is added is there, and the rest is the same', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), {minLength: 1})
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const {removed, added} = changedLines(a.join('\n'), b.join('\n'))

      expect(a.length - removed.length).toBe(b.length - added.length)
      for (const line of new Set(removed)) {
        expect(removed.filter((each) => each === line).length).toBeLessThanOrEqual(
          a.filter((each) => each === line).length,
        )
      }
    }),
  )
})
