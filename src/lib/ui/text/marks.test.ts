import {expect, test} from 'vitest'
import {snippetSegments} from './marks.ts'
import {segment} from './segments.ts'

test('what stands between the marks is marked', () => {
  expect(snippetSegments('…the >>>retry<<< loop\nwaits', {keepMarks: false})).toEqual([
    segment('…the '),
    segment('retry', 'mark'),
    segment(' loop waits'),
  ])
})

test('where colour can not show them the marks stay', () => {
  const text = snippetSegments('a >>>b<<< c', {keepMarks: true}).map((piece) => piece.text)
  expect(text.join('')).toBe('a >>>b<<< c')
})

test("another program's angle brackets are text", () => {
  expect(snippetSegments('>>> print(1)', {keepMarks: false})).toEqual([segment('>>> print(1)')])
})

test('a mark can not be torn open by a control character inside it', () => {
  expect(snippetSegments('>>>re\u001b[0mtry<<<', {keepMarks: false})).toEqual([segment('retry', 'mark')])
})
