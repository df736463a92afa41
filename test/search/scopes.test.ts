import {describe, expect, test} from 'vitest'
import {haystack, memoryWith, say} from '../helpers/search-memory.ts'

const MESSAGES = [
  say('a', 'the kiln is cold', {
    sessionId: 'one',
    project: 'garden',
    author: 'Lea',
    source: 'cursor',
    type: 'user',
    timestamp: '2026-03-01T10:00:00Z',
  }),
  say('b', 'the kiln is warm', {
    sessionId: 'two',
    project: 'my shop',
    author: 'Tom',
    source: 'claude-code',
    type: 'assistant',
    timestamp: '2026-03-05T10:00:00Z',
  }),
  say('c', 'the kiln is hot', {
    sessionId: 'three',
    project: 'webshop',
    author: 'lea',
    source: 'claude-code',
    type: 'user',
    timestamp: '2026-03-09T10:00:00Z',
  }),
]

describe('scopes in the text of the query', () => {
  const asked: [string, string[]][] = [
    ['kiln project:garden', ['a']],
    ['project:"my shop" kiln', ['b']],
    ['kiln author:tom', ['b']],
    ['kiln author:lea', ['a', 'c']],
    ['kiln type:assistant', ['b']],
    ['kiln source:claude-code', ['b', 'c']],
    ['kiln session:three', ['c']],
    ['kiln since:2026-03-05', ['b', 'c']],
    ['kiln until:2026-03-05', ['a']],
    ['kiln since:2026-03-02 until:2026-03-06', ['b']],
    ['kiln source:claude-code author:lea', ['c']],
  ]

  for (const [query, expected] of asked) {
    test(query, async () => {
      const {find} = await memoryWith([...haystack(60), ...MESSAGES])

      expect((await find(query)).toSorted()).toEqual(expected)
    })
  }

  test('narrow what the arguments say, and are not widened by them', async () => {
    const {find} = await memoryWith(MESSAGES)

    expect(await find('kiln source:claude-code', {type: 'user'})).toEqual(['c'])
    expect((await find('kiln', {source: 'claude-code'})).toSorted()).toEqual(['b', 'c'])
  })

  test('a word with a colon that finds nothing as a scope is a word', async () => {
    const {find} = await memoryWith([...MESSAGES, say('json', 'package.json says "type": "module" there')])

    expect((await find('package.json type:module'))[0]).toBe('json')
  })
})
