import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {safeJson, safeLine, safeText} from './safe-text.ts'

/** Everything that a terminal acts upon, but the two that a text of several lines is made of. */
const OBEYED = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

const anyText = fc.string({unit: 'binary', maxLength: 200})

describe('safeText', () => {
  const cases: [string, string, string][] = [
    ['colours', 'a\u001b[1;31mred\u001b[0mb', 'aredb'],
    ['clearing the screen and moving about', '\u001b[2J\u001b[H\u001b[10;20Hx', 'x'],
    ['the title of the window', 'a\u001b]0;owned\u0007b', 'ab'],
    ['the clipboard, ended by ST', 'a\u001b]52;c;cm0gLXJm\u001b\\b', 'ab'],
    ['a link', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['a title that never ends, but for its line', 'a\u001b]0;owned\nnext', 'a\nnext'],
    ['device control strings', 'a\u001bP1$r0m\u001b\\b', 'ab'],
    ['resetting the terminal', 'a\u001bcb', 'ab'],
    ['choosing another set of letters', 'a\u001b(0b', 'ab'],
    ['a lone escape at the end', 'a\u001b', 'a'],
    ['the 8-bit forms', 'a\u009b31mred\u009d0;owned\u009cb', 'aredb'],
    ['backspace, bell, delete', 'safe\b\b\b\bevil\u0007\u007f', 'safeevil'],
    ['going back to the start of the line', 'safe\revil', 'safe\nevil'],
    ["another system's line ends", 'one\r\ntwo\u2028three', 'one\ntwo\nthree'],
    ['reversed text', 'user\u202egnp.exe\u202c \u2066x\u2069', 'usergnp.exe x'],
    ['hidden text', 'a\u200b\ufeff\u{e0041}b', 'ab'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ]
  for (const [name, hostile, safe] of cases) {
    test(`neutralises ${name}`, () => expect(safeText(hostile)).toBe(safe))
  }

  test('leaves what people write as it is', () => {
    const text = 'tab\there\nnaïve 日本語 한국어 עברית فارسی\u200cها 👨‍👩‍👧‍👦 ❤️'
    expect(safeText(text)).toBe(text)
  })

  test('lets nothing through that a terminal obeys, whatever it is given', () => {
    fc.assert(fc.property(anyText, (text) => !OBEYED.test(safeText(text))))
  })
})

describe('safeLine', () => {
  test('a label can not forge a second line', () => {
    expect(safeLine(' shop\n❯ admin \t x\r\n')).toBe('shop ❯ admin x')
  })
})

describe('safeJson', () => {
  test('is the same value', () => {
    fc.assert(
      fc.property(fc.array(anyText), (value) => {
        expect(JSON.parse(safeJson(value))).toEqual(value)
      }),
    )
  })

  test('lets nothing through that a terminal obeys', () => {
    fc.assert(fc.property(anyText, (text) => !OBEYED.test(safeJson({[text]: text}))))
  })

  test('can be indented for people', () => {
    expect(safeJson({a: '\u009b31m'}, 2)).toBe('{\n  "a": "\\u009b31m"\n}')
  })
})
