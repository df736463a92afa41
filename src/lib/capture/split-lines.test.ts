import fc from 'fast-check'
import {expect, test} from 'vitest'
import {LineSplitter, type RawLine} from './split-lines.ts'

function split(chunks: Buffer[], lineBytesMax?: number): RawLine[] {
  const splitter = new LineSplitter({lineBytesMax})
  const lines = chunks.flatMap((chunk) => [...splitter.push(chunk)])
  const rest = splitter.rest()
  return rest ? [...lines, rest] : lines
}

test('lines do not depend on how the bytes are cut into chunks', () => {
  const text = fc.string({unit: fc.constantFrom('a', 'é', '中', '😀', '\n', '\r'), maxLength: 60})

  fc.assert(
    fc.property(
      text,
      fc.array(fc.integer({min: 1, max: 7}), {minLength: 1, maxLength: 20}),
      (input, sizes) => {
        const bytes = Buffer.from(input)
        const chunks: Buffer[] = []
        for (let from = 0, turn = 0; from < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          chunks.push(bytes.subarray(from, from + size))
          from += size
        }
        const lines = split(chunks)
        expect(lines.map((line) => line.text).join('\n')).toBe(input.replace(/\n$/, ''))
        expect(lines.reduce((sum, line) => sum + line.bytes, 0)).toBe(bytes.length)
      },
    ),
  )
})

test('a line over the limit costs itself only, wherever chunks end', () => {
  const chunks = ['ok\n12345', '6789', '0\nfine\n'].map((text) => Buffer.from(text))

  expect(split(chunks, 5)).toEqual([
    {text: 'ok', bytes: 3},
    {text: null, bytes: 11},
    {text: 'fine', bytes: 5},
  ])
})

test('bytes that are not UTF-8 are replaced', () => {
  expect(split([Buffer.from([0x61, 0xff, 0x0a])])).toEqual([{text: 'a\uFFFD', bytes: 3}])
})
