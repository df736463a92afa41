import {expect, test} from 'vitest'
import {selectionOf} from './selection.ts'

test('one thing is named for deletion', () => {
  expect(selectionOf({uuid: 'u'})).toEqual({uuid: 'u', sessionId: undefined})
  expect(selectionOf({uuid: 'u', session: 's'})).toEqual({uuid: 'u', sessionId: 's'})
  expect(selectionOf({session: 's'})).toEqual({sessionId: 's'})
  expect(selectionOf({project: 'p'})).toEqual({project: 'p'})
  expect(selectionOf({before: '2026-01-31'})).toEqual({before: '2026-01-31'})
})

test('nothing, two things and an empty word are refused', () => {
  const refused = /Name one thing to forget/
  expect(() => selectionOf({})).toThrow(refused)
  expect(() => selectionOf({uuid: 'u', project: 'p'})).toThrow(refused)
  expect(() => selectionOf({session: 's', before: '2026-01-31'})).toThrow(refused)
  expect(() => selectionOf({project: ''})).toThrow(refused)
})

test('what is no date deletes nothing', () => {
  expect(() => selectionOf({before: 'yesterday'})).toThrow('"yesterday" is no date.')
})
