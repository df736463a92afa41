import fc from 'fast-check'
import {expect, test} from 'vitest'
import {firstCommentLine, readJsonObject} from './json-object.ts'

const source = {path: 'x.json', dialect: 'json'} as const

/** JSON with slips of the hand in it. */
const nearlyJson = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue(), {minKeys: 1}).map((object) => JSON.stringify(object, null, 2)),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', ',', '}', '"', '\\', '0', '.', '-', '/', '\n', '\u0001', 'e', '\u00a0'),
      ),
    ),
  )
  .map(([text, slips]) =>
    slips.reduce((broken, [at, slip]) => {
      const place = at % (broken.length + 1)
      return broken.slice(0, place) + slip + broken.slice(place + (slip === '' ? 1 : 0))
    }, text),
  )

test('takes what JSON.parse takes, and nothing else', () => {
  fc.assert(
    fc.property(nearlyJson, (text) => {
      fc.pre(text.trim() !== '')
      expect(
        isTaken(() => readJsonObject(text, source, [])),
        text,
      ).toBe(isTaken(() => parseObject(text)))
    }),
    {numRuns: 3_000},
  )
})

test('knows where the first comment is', () => {
  expect(firstCommentLine('{\n  "a": "// no comment"\n}')).toBeUndefined()
  expect(firstCommentLine('{\n  "a": 1 // one\n}')).toBe(2)
})

function parseObject(text: string): void {
  const value = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object')
}

function isTaken(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
