import {expect, test} from 'vitest'
import {stripInjected, stripRecall} from './strip-injected.ts'

test.each([
  ['whole', '<bmfote-recall>old</bmfote-recall>', ''],
  ['with attributes', 'a <bmfote-recall project="x">old</bmfote-recall> b', 'a  b'],
  ['over several lines, twice', '<bmfote-recall>\nx\n</bmfote-recall>a<bmfote-recall>y</bmfote-recall>', 'a'],
  [
    'another element of a similar name',
    '<bmfote-recaller>kept</bmfote-recaller>',
    '<bmfote-recaller>kept</bmfote-recaller>',
  ],
  ['never closed', 'a <bmfote-recall> b', 'a <bmfote-recall> b'],
  ['closed without being opened', 'a </bmfote-recall> b', 'a </bmfote-recall> b'],
])('recall, %s', (_, text, expected) => {
  expect(stripRecall(text)).toBe(expected)
})

test('what a model says about reminders is its own text; what comes to it from outside loses them', () => {
  const text = 'see <system-reminder>be careful</system-reminder> this'

  expect(stripRecall(text)).toBe(text)
  expect(stripInjected(text)).toBe('see  this')
})

test('a text full of opening tags takes linear time', () => {
  const text = '<bmfote-recall>'.repeat(200_000)

  expect(stripRecall(text)).toBe(text)
})
