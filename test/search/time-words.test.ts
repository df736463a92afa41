import {describe, expect, test} from 'vitest'
import {OWNER} from '../helpers/callers.ts'
import {haystack, memoryWith, say} from '../helpers/search-memory.ts'

/** A Friday. */
const NOW = '2026-03-20T15:00:00+01:00'

const TOLD = [
  say('first week', 'We agreed that our ideal customer is a dental clinic in Bavaria.', {
    timestamp: '2026-03-04T09:00:00Z',
  }),
  say('second week', 'We agreed that our ideal customer is a law firm with ten seats.', {
    timestamp: '2026-03-11T09:00:00Z',
  }),
  say('third week', 'We agreed that our ideal customer is a bakery with its own shop.', {
    timestamp: '2026-03-17T09:00:00Z',
  }),
]

describe('one fact, told anew in three weeks', () => {
  const asked: [string, string][] = [
    ['what was the ideal customer we agreed on last Tuesday?', 'third week'],
    ['the ideal customer we agreed on this week', 'third week'],
    ['who was our ideal customer last week?', 'second week'],
    ['what did we agree on 11 March about the ideal customer?', 'second week'],
    ['ideal customer, 2026-03-11', 'second week'],
    ['who was the ideal customer two weeks ago?', 'first week'],
    ['ideal customer on March 4th', 'first week'],
    ['ideal customer until:2026-03-05', 'first week'],
    ['ideal customer since:2026-03-15', 'third week'],
  ]

  for (const [query, expected] of asked) {
    test(`"${query}" gets that of the ${expected}`, async () => {
      const {find} = await memoryWith([...haystack(150), ...TOLD], {now: NOW})

      expect((await find(query))[0]).toBe(expected)
      expect((await find(query, {now: NOW}))[0]).toBe(expected)
    })
  }

  test('the others are not lost: a date says what comes first', async () => {
    const {find} = await memoryWith(TOLD, {now: NOW})

    const found = await find('the ideal customer of last week')

    expect(found.toSorted()).toEqual(TOLD.map(({uuid}) => uuid).toSorted())
  })

  test('the date that was understood is told', async () => {
    const {memory} = await memoryWith(TOLD, {now: NOW})

    const [hit] = await memory.searchMessages(OWNER, {
      query: 'the ideal customer of last Tuesday',
      now: NOW,
      explain: true,
    })

    expect(hit?.why?.join('\n')).toContain('2026-03-17')
  })
})

test('yesterday is the day before where the asker is', async () => {
  const {find} = await memoryWith([
    say('Monday', 'The pump in the cellar was loud, said the plumber.', {timestamp: '2026-03-16T08:00:00Z'}),
    say('Tuesday', 'The pump in the cellar was leaking, said the plumber.', {
      timestamp: '2026-03-17T08:00:00Z',
    }),
  ])
  const query = 'what did the plumber say of the pump yesterday?'

  expect((await find(query, {now: '2026-03-17T22:30:00Z'}))[0]).toBe('Monday')
  expect((await find(query, {now: '2026-03-18T00:30:00+02:00'}))[0]).toBe('Tuesday')
})

test('time words about a time when nothing was said are words like others', async () => {
  const {find} = await memoryWith([
    say('wanted', 'Yesterday the plumber mended the pump.', {timestamp: '2025-01-05T08:00:00Z'}),
    say('other', 'The plumber mended the pump in the cellar.', {timestamp: '2025-01-09T08:00:00Z'}),
  ])

  expect((await find('what did the plumber mend yesterday?'))[0]).toBe('wanted')
})

test('a month without a year is the last one that there was', async () => {
  const {find} = await memoryWith(
    [
      say('two years ago', 'Rehearsed the budget with the bank, all went well.', {
        timestamp: '2024-05-10T08:00:00Z',
      }),
      say('last time', 'Rehearsed the budget with the board, all went well.', {
        timestamp: '2025-05-10T08:00:00Z',
      }),
      say('later', 'Rehearsed the budget with the staff, all went well.', {
        timestamp: '2026-02-10T08:00:00Z',
      }),
    ],
    {now: NOW},
  )

  expect((await find('with whom did we rehearse the budget in May?'))[0]).toBe('last time')
})
