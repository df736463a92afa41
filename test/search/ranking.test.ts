import {describe, expect, test} from 'vitest'
import {OWNER} from '../helpers/callers.ts'
import {haystack, memoryWith, record, say} from '../helpers/search-memory.ts'

describe('near-duplicates', () => {
  test('ten copies of one text take one place', async () => {
    const text = 'Restart the kiosk gateway, then clear its cache and try the payment again.'
    const copies = Array.from({length: 10}, (_, i) =>
      say(`copy ${i}`, i % 2 ? text : `${text.toUpperCase()} `),
    )
    const {find} = await memoryWith([
      ...copies,
      say('other', 'The kiosk gateway is down since the payment provider moved.'),
    ])

    const found = await find('kiosk gateway payment', {limit: 5})

    expect(found).toHaveLength(2)
    expect(found).toContain('other')
  })

  test('texts that differ by a number are two facts', async () => {
    const {find} = await memoryWith([
      say('thirty', 'The kiosk gateway gives up on the payment provider after 30 seconds.'),
      say('ninety', 'The kiosk gateway gives up on the payment provider after 90 seconds.'),
    ])

    expect((await find('when does the kiosk gateway give up?')).toSorted()).toEqual(['ninety', 'thirty'])
  })
})

test('what was remembered on purpose comes before chatter about it', async () => {
  const {memory, find} = await memoryWith([
    ...haystack(60),
    say('chatter', 'Was the deploy key of the kiosk in the vault?', {timestamp: '2026-11-20T11:00:00Z'}),
  ])
  const {uuid} = await memory.remember(OWNER, {
    content:
      'The deploy key of the kiosk is in the red safe, and only Dina and the people of the night shift can open it.',
  })

  expect((await find('where is the deploy key of the kiosk?'))[0]).toBe(uuid)
})

describe('an exact hit is never buried', () => {
  test('the very sentence, in a long message, under hundreds with the same words', async () => {
    const sentence = 'the ledger keeps the kiosk open after the harbour closes'
    const near = Array.from({length: 500}, (_, i) =>
      say(`near ${i}`, `kiosk ledger harbour keeps open closes ${i}, ledger kiosk harbour`, {
        sessionId: `near ${i % 40}`,
      }),
    )
    const long = `${'Some more about the weather of that week. '.repeat(60)}${sentence}. ${'And so on. '.repeat(60)}`
    const {find} = await memoryWith([...near, say('exact', long)])

    expect((await find(sentence))[0]).toBe('exact')
    expect((await find(`"${sentence}"`))[0]).toBe('exact')
  })

  test('the very name, under hundreds with its words', async () => {
    const near = Array.from({length: 300}, (_, i) =>
      say(`near ${i}`, `parse the ledger row ${i}: parse, ledger, row`),
    )
    const {find} = await memoryWith([
      ...near,
      say('exact', `${'Some more about that week. '.repeat(40)}It is parseLedgerRow that throws.`),
    ])

    expect((await find('parseLedgerRow'))[0]).toBe('exact')
  })
})

test('nothing of another workspace shows, not even in the figures', async () => {
  const ours = [
    say('rare', 'the kiosk has a new awning', {sessionId: 's'}),
    say('common', 'the awning of the harbour', {sessionId: 's'}),
    say('other', 'an awning, a harbour and a heron', {sessionId: 't'}),
  ]
  const {memory} = await memoryWith(ours)
  const query = {query: 'kiosk awning harbour', explain: true}
  const before = await memory.searchMessages(OWNER, query)

  const theirs = Array.from({length: 400}, (_, i) =>
    say(`theirs ${i}`, `kiosk kiosk kiosk number ${i}`, {
      workspaceId: 'theirs',
      sessionId: i % 2 ? 's' : 't',
    }),
  )
  await record(memory, theirs)

  expect(before.map(({uuid}) => uuid).toSorted()).toEqual(['common', 'other', 'rare'])
  expect(await memory.searchMessages(OWNER, query)).toEqual(before)
  const token = Buffer.from('theirs').toString('hex')
  for (const attack of [
    `scope:w${token}x`,
    `w${token}x`,
    `kiosk OR w${token}x`,
    `kiosk) OR (scope:w${token}x`,
  ]) {
    const hits = await memory.searchMessages(OWNER, {query: attack, limit: 100})
    expect(hits.filter(({uuid}) => uuid.startsWith('theirs'))).toEqual([])
  }
})

test('something related is better than nothing', async () => {
  const {find} = await memoryWith([...haystack(60), say('related', 'The kiosks were painted in spring.')])

  expect((await find('why was every kiosk repainted by the municipality of Zug?'))[0]).toBe('related')
  expect((await find('kios'))[0]).toBe('related')
  expect((await find('how do we paint?'))[0]).toBe('related')
})
