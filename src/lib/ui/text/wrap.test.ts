import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {lineText, segment} from './segments.ts'
import {textWidth} from './width.ts'
import {clampLines, truncateLine, wrapParts, wrapSegments} from './wrap.ts'

const wrapText = (text: string, width: number) => wrapSegments([segment(text)], width).map(lineText)

describe('wrapSegments', () => {
  test('breaks at spaces', () => {
    expect(wrapText('the retry loop waits', 10)).toEqual(['the retry', 'loop waits'])
  })

  test('breaks inside a word that is longer than a line', () => {
    expect(wrapText('see https://example.com/a', 10)).toEqual(['see', 'https://ex', 'ample.com/', 'a'])
  })

  test('breaks between wide characters, and never in the middle of one', () => {
    expect(wrapText('指数バックオフ', 5)).toEqual(['指数', 'バッ', 'クオ', 'フ'])
    expect(wrapText('ab 日本語', 6)).toEqual(['ab 日', '本語'])
  })

  test('keeps newlines, empty lines and indentation', () => {
    expect(wrapText('if (x) {\n\n\treturn\n}', 20)).toEqual(['if (x) {', '', '    return', '}'])
  })

  test('keeps the style of every piece across lines', () => {
    const lines = wrapSegments([segment('the '), segment('retry loop', 'mark'), segment(' waits')], 9)
    expect(lines).toEqual([
      [segment('the '), segment('retry', 'mark')],
      [segment('loop', 'mark')],
      [segment('waits')],
    ])
  })

  test('gets done even where nothing fits', () => {
    expect(wrapText('日本', 1)).toEqual(['日', '本'])
  })

  test('loses nothing but spaces, and stays within the width', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'bc', ' ', '  ', '\n', '日', 'é', '👨‍👩‍👧‍👦', '-'),
      maxLength: 80,
    })
    fc.assert(
      fc.property(text, fc.integer({min: 8, max: 30}), (words, width) => {
        const lines = wrapText(words, width)
        expect(lines.join('').replaceAll(' ', '')).toBe(words.replaceAll(/[ \n]/g, ''))
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('clampLines', () => {
  test('says by an ellipsis that there is more', () => {
    const lines = wrapSegments([segment('one two three four five')], 9)
    expect(clampLines(lines, 2, 9).map(lineText)).toEqual(['one two', 'three…'])
    expect(clampLines(lines, 9, 9)).toBe(lines)
  })

  test('stays within the width', () => {
    const lines = wrapSegments([segment('aaaaa bbbbb')], 5)
    expect(clampLines(lines, 1, 5).map(lineText)).toEqual(['aaaa…'])
  })
})

describe('truncateLine', () => {
  test('cuts only what is too long', () => {
    expect(lineText(truncateLine([segment('日本語の'), segment('text', 'mark')], 8))).toBe('日本語…')
    expect(lineText(truncateLine([segment('short')], 5))).toBe('short')
  })
})

describe('wrapParts', () => {
  test('breaks between parts first', () => {
    const parts = [segment('assistant'), segment('webshop'), segment('2026-11-19 09:33 (3 days ago)')]
    expect(wrapParts(parts, 80).map(lineText)).toEqual([
      'assistant · webshop · 2026-11-19 09:33 (3 days ago)',
    ])
    expect(wrapParts(parts, 40).map(lineText)).toEqual([
      'assistant · webshop',
      '2026-11-19 09:33 (3 days ago)',
    ])
    expect(wrapParts(parts, 16).map(lineText)).toEqual([
      'assistant',
      'webshop',
      '2026-11-19 09:33',
      '(3 days ago)',
    ])
  })
})
