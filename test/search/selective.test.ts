import {expect, test} from 'vitest'
import type {SearchQuery} from '../../src/lib/memory/memory.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {memoryWith} from '../helpers/search-memory.ts'

/** More than a search looks at, each with the same common words. */
const CROWD = 6_000

function crowd(): NewMessage[] {
  return Array.from({length: CROWD}, (_, number) => ({
    sessionId: `crowd ${number % 40}`,
    uuid: `crowd ${number}`,
    project: 'pottery',
    author: 'tom',
    timestamp: new Date(Date.parse('2026-05-01T00:00:00Z') + number * 60_000).toISOString(),
    content: `the kiln was fired again, load ${number}`,
  }))
}

/** What was said before all of them, in the same words. */
const OLD: NewMessage[] = [
  {
    sessionId: 'old',
    uuid: 'old',
    project: 'garden',
    author: 'lea',
    timestamp: '2026-02-03T09:00:00Z',
    content: 'the kiln was fired again with the heron glaze',
  },
  ...Array.from({length: 80}, (_, number) => ({
    sessionId: `shed ${number}`,
    uuid: `shed ${number}`,
    project: 'shed',
    timestamp: new Date(Date.parse('2025-01-01T00:00:00Z') + number * 86_400_000).toISOString(),
    content: `the kiln was fired again in the shed, entry ${number}`,
  })),
]

const FILTERS: Record<string, {query: string; filter?: Omit<SearchQuery, 'query'>}> = {
  'a project': {query: 'kiln fired', filter: {project: 'garden'}},
  'a project named in the query': {query: 'kiln fired project:garden'},
  'a day': {query: 'kiln fired', filter: {since: '2026-02-03', until: '2026-02-04'}},
  'hours of a day': {query: 'kiln fired since:2026-02-03T08:30:00Z until:2026-02-03T09:30:00Z'},
  'an end': {query: 'kiln fired', filter: {since: '2026-01-31', until: '2026-03-01'}},
  'an author': {query: 'kiln fired', filter: {author: 'Lea'}},
  'a session': {query: 'kiln fired', filter: {sessionId: 'old'}},
  'a phrase and a word': {query: '"kiln was fired" heron'},
  'operators and a word that only it has': {query: 'kiln AND fired AND glaze'},
}

test('among thousands with the same words, what fits is found however old it is', async () => {
  const {find} = await memoryWith([...OLD, ...crowd()])

  for (const [what, {query, filter}] of Object.entries(FILTERS))
    expect.soft((await find(query, {limit: 5, ...filter}))[0], what).toBe('old')
  expect.soft(await find('kiln fired', {limit: 100, project: 'shed'}), 'many sessions').toHaveLength(80)
  expect.soft(await find('kiln fired', {limit: 100, until: '2025-03-22'}), 'a long time').toHaveLength(80)
  expect.soft(await find('kiln fired', {project: 'nowhere'}), 'no such project').toEqual([])
})
