import {createHash} from 'node:crypto'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {derivedId, ID_NAMESPACE, randomId} from './ids.ts'

test('a derived id is a name-based UUID of version 5, whatever the name', () => {
  fc.assert(
    fc.property(fc.array(fc.string({unit: 'binary', maxLength: 200}), {maxLength: 4}), (parts) => {
      expect(derivedId(...parts)).toBe(uuid5(parts.join('\u001f')))
    }),
    {numRuns: 30},
  )
})

test.each([54, 55, 56, 63, 64, 119, 120, 100_000])('also where its %i bytes end at a block', (length) => {
  const name = 'x'.repeat(length - 16 > 0 ? length - 16 : length)

  expect(derivedId(name)).toBe(uuid5(name))
})

test('random ids are UUIDs of version 4, and no two are the same', () => {
  const ids = Array.from({length: 1_000}, randomId)

  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

function uuid5(name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(ID_NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(Buffer.from(name.toWellFormed(), 'utf8'))
    .digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
