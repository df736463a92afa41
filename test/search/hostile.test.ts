import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {OWNER} from '../helpers/callers.ts'
import {haystack, memoryWith, say} from '../helpers/search-memory.ts'

/** One of them is in the messages. */
const WORDS = ['zebu', 'quokka', 'kiosk', 'the', 'okapi', 'numbat', 'dugong', 'galago', 'tarsier', 'saola']
const words = (count: number) => Array.from({length: count}, (_, i) => WORDS[i % WORDS.length])

/** What a search that gives it to FTS5 as it stands would choke on, or never end with. */
const HOSTILE: Record<string, string> = {
  'one letter': 'e',
  'the commonest word': 'the the the',
  'ten thousand words': words(10_000).join(' '),
  'two thousand terms with OR': words(2_000).join(' OR '),
  'two thousand terms with AND': words(2_000).join(' AND '),
  'a word as long as a book': 'kiosk'.repeat(20_000),
  'brackets as deep as a well': `${'('.repeat(1_500)}kiosk${')'.repeat(1_500)}`,
  star: '*',
  'stars and letters': 'k* t* e*',
  'half of a quotation': '"the kiosk',
  quotes: '""" " ""',
  'operators alone': 'AND OR NOT',
  'an operator at the end': 'kiosk AND',
  'an operator at the start': 'NOT kiosk',
  'half of a NEAR': 'NEAR(kiosk',
  'a NEAR of nothing': 'NEAR(, 5)',
  'a NEAR as wide as the world': 'NEAR(kiosk the, 99999999999)',
  'a column': 'content:kiosk',
  'columns of the index': '{scope parts} : kiosk',
  'a caret': '^kiosk',
  'a minus': '- kiosk -the',
  SQL: `'; DROP TABLE messages; --`,
  'wild cards of LIKE': '%_%',
  'a NUL': 'kiosk\0kiosk',
  'half of a character': '\ud83e kiosk',
  nothing: '',
  blanks: ' \n\t ',
  punctuation: '?!…—«»',
  'an empty scope': 'project: author: since:',
  'a scope that is no date': 'since:soon kiosk',
  'a date that is none': 'kiosk on 99 March 2026',
}

describe('whatever the query says, it is answered', () => {
  for (const [what, query] of Object.entries(HOSTILE)) {
    test(what, async () => {
      const {find} = await memoryWith([...haystack(60), say('kiosk', 'the kiosk is open')])

      const found = await find(query, {limit: 5})

      expect(found.length).toBeLessThanOrEqual(5)
      expect(new Set(found).size).toBe(found.length)
      // Where the query names something that is here, all the rest of it does not keep it away.
      if (/(?<![a-z0-9])kiosk(?![a-z0-9])/.test(query)) expect(found).toContain('kiosk')
    })
  }

  test('any text at all', async () => {
    const {find} = await memoryWith(haystack(40))
    const piece = fc.constantFrom(
      '"',
      '*',
      '(',
      ')',
      ' AND ',
      ' OR ',
      ' NOT ',
      'NEAR(',
      ':',
      '-',
      '^',
      '{',
      'since:',
      'a',
    )
    const text = fc.oneof(
      fc.string({unit: 'grapheme'}),
      fc.string({unit: 'binary'}),
      fc.array(piece).map((list) => list.join('')),
    )

    await fc.assert(
      fc.asyncProperty(text, async (query) => {
        expect((await find(query, {limit: 3})).length).toBeLessThanOrEqual(3)
      }),
      {numRuns: 150},
    )
  })
})

test('a word that every message has still finds them', async () => {
  const {find} = await memoryWith(haystack(60))

  expect(await find('the')).toHaveLength(20)
})

test('the one word of a pasted text that is here is found, wherever it stands', async () => {
  const {find} = await memoryWith([...haystack(30), say('kiosk', 'the kiosk is open')])
  const unknown = Array.from({length: 40}, (_, i) => `unheard${'abcdefghij'[i % 10]}${i}`)

  expect(await find([...unknown, 'kiosk'].join(' '))).toEqual(['kiosk'])
  expect(await find(['kiosk', ...unknown].join(' '))).toEqual(['kiosk'])
})

test('a search changes nothing', async () => {
  const {memory, find} = await memoryWith([say('kiosk', 'the kiosk is open'), ...haystack(30)])
  const before = await memory.exportPage(OWNER, {})

  for (let time = 0; time < 3; time++) await find('kiosk')

  const after = await memory.exportPage(OWNER, {})
  expect(after).toEqual(before)
})
