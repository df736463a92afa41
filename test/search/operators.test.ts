import {describe, expect, test} from 'vitest'
import {haystack, memoryWith, say} from '../helpers/search-memory.ts'

const MESSAGES = [
  say('falcon ledger', 'the falcon wrote into the ledger'),
  say('ledger falcon', 'a ledger is not for a falcon'),
  say('falcon', 'a falcon over the harbour'),
  say('heron', 'a heron by the harbour'),
  say('ledge', 'two ledges above the sea'),
  say('far', `the falcon ${'and so on '.repeat(30)} the ledger`),
]

describe('operators that are meant', () => {
  const asked: [string, string[]][] = [
    ['"falcon wrote"', ['falcon ledger']],
    ['what does "a falcon over" say', ['falcon']],
    ['"falcon" "harbour"', ['falcon']],
    ['falcon AND ledger', ['falcon ledger', 'ledger falcon', 'far']],
    ['falcon NOT ledger', ['falcon']],
    ['heron OR ledges', ['heron', 'ledge']],
    ['(heron OR falcon) AND harbour', ['heron', 'falcon']],
    ['ledg*', ['falcon ledger', 'ledger falcon', 'far', 'ledge']],
    ['NEAR(falcon ledger, 5)', ['falcon ledger', 'ledger falcon']],
    ['falcon AND "the ledger"', ['falcon ledger', 'far']],
  ]

  for (const [query, expected] of asked) {
    test(query, async () => {
      const {find} = await memoryWith([...haystack(60), ...MESSAGES])

      expect((await find(query)).toSorted()).toEqual(expected.toSorted())
    })
  }
})

test('a quotation that nobody said finds what is related', async () => {
  const {find} = await memoryWith(MESSAGES)

  expect(await find('"heron in the ledger"')).toContain('heron')
})

test('what looks like an operator and is none is text', async () => {
  const {find} = await memoryWith([...MESSAGES, say('not', 'a falcon and a heron, near the sea')])

  expect((await find('falcon and heron'))[0]).toBe('not')
  expect((await find('is the falcon near (the sea) OR'))[0]).toBe('not')
})
