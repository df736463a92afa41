import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {graphemes, textWidth} from './width.ts'

test('letters are one column, those of East Asia two, accents none', () => {
  expect(textWidth('hello, world')).toBe(12)
  expect(textWidth('日本語')).toBe(6)
  expect(textWidth('ｶﾀｶﾅ')).toBe(4)
  expect(textWidth('한국어')).toBe(6)
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('…·❯')).toBe(3)
})

test('an emoji of several is as wide as it can become where a terminal draws them one by one', () => {
  expect(textWidth('👨‍👩‍👧‍👦')).toBe(8)
  expect(textWidth('👍🏽')).toBe(4)
  expect(textWidth('🇩🇪')).toBe(2)
  expect(textWidth('❤️')).toBe(2)
  expect(textWidth('1️⃣')).toBe(2)
})

/** Where scripts, symbols and emoji change their width; inside Han and Hangul all are alike. */
const BLOCKS = [
  [0x00a0, 0x3500],
  [0x4d00, 0x4f00],
  [0x9f00, 0xad00],
  [0xd700, 0xd7ff],
  [0xf900, 0xffff],
  [0x16fe0, 0x17100],
  [0x18700, 0x18e00],
  [0x1aff0, 0x1b300],
  [0x1d300, 0x1d380],
  [0x1f000, 0x1fbff],
  [0x20000, 0x20010],
  [0x30000, 0x30010],
] as const

test('no character is wider for Ink than for us, so that Ink never cuts our lines', () => {
  const wider: string[] = []
  for (const [first, last] of BLOCKS) {
    for (let code = first; code <= last; code += 1) collect(code, wider)
  }
  expect(wider).toEqual([])
})

test('a character is what a reader sees as one', () => {
  expect(graphemes('e\u0301👨‍👩‍👧‍👦x')).toEqual(['e\u0301', '👨‍👩‍👧‍👦', 'x'])
})

function collect(code: number, wider: string[]): void {
  const character = String.fromCodePoint(code)
  if (!/\p{Assigned}/u.test(character) || /[\p{Cs}\p{Co}]/u.test(character)) return
  if (stringWidth(character) > textWidth(character)) wider.push(`U+${code.toString(16)}`)
}
