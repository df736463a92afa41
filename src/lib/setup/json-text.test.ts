import fc from 'fast-check'
import {parse} from 'jsonc-parser'
import {describe, expect, test} from 'vitest'
import {appendAt, removeAt, setAt, valueAt} from './json-text.ts'

const BOTH = {allowTrailingComma: true}

describe('an edit leaves the rest as it is', () => {
  test.each([
    ['{}', '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'],
    ['{"x":1}', '{"x":1,"a":{"b":[1]}}'],
    ['{"x": 1}', '{"x": 1, "a": {"b": [1]}}'],
    ['{\n\t"x": 1\n}\n', '{\n\t"x": 1,\n\t"a": {\n\t\t"b": [\n\t\t\t1\n\t\t]\n\t}\n}\n'],
    ['{\r\n  "x": 1\r\n}', '{\r\n  "x": 1,\r\n  "a": {\r\n    "b": [\r\n      1\r\n    ]\r\n  }\r\n}'],
    ['{\n  "x": 1 // one\n}', '{\n  "x": 1, // one\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'],
    ['{\n  "x": 1, // one\n}', '{\n  "x": 1, // one\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'],
    ['{"x": 1, /* , */ }', '{"x": 1, "a": {"b": [1]} /* , */ }'],
    ['// top\n{\n  // inside\n}\n', '// top\n{\n  // inside\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}\n'],
    ['{\n  "a": {"b": [0, 2]}\n}', '{\n  "a": {"b": [0, 2, 1]}\n}'],
    ['{\n  "a": {"b": []}\n}', '{\n  "a": {"b": [\n    1\n  ]}\n}'],
    [
      '{\n    "a": {\n        "b": []\n    }\n}',
      '{\n    "a": {\n        "b": [\n            1\n        ]\n    }\n}',
    ],
    ['{"a": {"b": ["},]", 0]}}', '{"a": {"b": ["},]", 0, 1]}}'],
  ])('%j', (before, after) => {
    expect(appendAt(before, ['a', 'b'], 1)).toBe(after)
  })

  test('a value is replaced in its place', () => {
    const text = '{\n  "a": 1, // one\n  "b": {"c": true}\n}'

    expect(setAt(text, ['b'], {d: [1]})).toBe(
      '{\n  "a": 1, // one\n  "b": {\n    "d": [\n      1\n    ]\n  }\n}',
    )
    expect(setAt(text, ['a'], 'x')).toBe('{\n  "a": "x", // one\n  "b": {"c": true}\n}')
  })
})

describe('taking out', () => {
  test.each([
    ['{"a": 1, "b": 2, "c": 3}', ['a'], '{"b": 2, "c": 3}'],
    ['{"a": 1, "b": 2, "c": 3}', ['b'], '{"a": 1, "c": 3}'],
    ['{"a": 1, "b": 2, "c": 3}', ['c'], '{"a": 1, "b": 2}'],
    ['{\n  "a": 1,\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
    ['{\n  "a": 1, // one\n  // two\n  "b": 2\n}', ['b'], '{\n  "a": 1 // one\n  // two\n}'],
    ['{\n  "a": 1 /* , */, // one\n  "b": 2\n}', ['a'], '{ /* , */ // one\n  "b": 2\n}'],
    ['{\n  "a": 1\n}', ['a'], '{}'],
    ['{\n  // only\n  "a": 1,\n}', ['a'], '{\n  // only\n}'],
    ['[[1], [2]]', [0], '[[2]]'],
    ['{"a": 1}', ['b'], '{"a": 1}'],
  ])('%j without %j', (before, path, after) => {
    expect(removeAt(before, path)).toBe(after)
  })
})

describe('whatever the file holds', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '__proto__', 'constructor', 'ä"\\'))
  const json = fc.jsonValue({noUnicodeString: false})
  const format = fc.constantFrom<(value: unknown) => string>(
    (value) => JSON.stringify(value),
    (value) => JSON.stringify(value, null, 2),
    (value) => `${JSON.stringify(value, null, '\t')}\n`,
    (value) => JSON.stringify(value, null, 4).replaceAll('\n', '\r\n'),
    (value) => `// first\n${JSON.stringify(value, null, 2)} /* last, one */\n`,
    (value) => JSON.stringify(value, null, 2).replaceAll('\n', ' // a, comment\n'),
  )

  test('what was put in comes out again to the byte, and is there in between', () => {
    fc.assert(
      fc.property(fc.dictionary(key, json), key, json, format, (object, name, value, render) => {
        fc.pre(!Object.hasOwn(object, name))
        const text = render(object)

        const edited = setAt(text, [name], value)

        expect(valueAt(edited, [name])).toEqual(JSON.parse(JSON.stringify(value)))
        expect(JSON.stringify(without(parse(edited, [], BOTH), name))).toBe(
          JSON.stringify(parse(text, [], BOTH)),
        )
        expect(removeAt(edited, [name])).toBe(text)
      }),
      {numRuns: 500},
    )
  })
})

function without(object: Record<string, unknown>, name: string): object {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
}
