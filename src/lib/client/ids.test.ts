import {createHash} from 'node:crypto'
import {expect, test} from 'vitest'
import {derivedId, ID_NAMESPACE, randomId} from './ids.ts'

test('a derived id is a name-based UUID of version 5, wherever its bytes end in a block', () => {
  for (let length = 0; length < 200; length++) {
    const name = 'x'.repeat(length)
    expect(derivedId(name), name).toBe(uuid5(name))
  }
})

test.each([
  [['call', 'session-1', 'toolu_01']],
  [['', '', '']],
  [['Ünïcode', '😀', '\u0000']],
  [['half a pair \ud83d']],
  [['x'.repeat(100_000)]],
])('whatever the name: %j', (parts) => {
  expect(derivedId(...parts)).toBe(uuid5(parts.join('\u001f')))
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
