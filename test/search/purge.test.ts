import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {haystack, memoryWith, record, say} from '../helpers/search-memory.ts'

const WORD = 'zyxqvwconfidential'
/** The index keeps words without what they share with the one before, and stemmed. */
const TRACE = 'qvwconfidenti'

test('what is deleted is gone from the file, text and index, and what stays is found', async () => {
  const {memory, path} = await memoryWith([
    ...haystack(400),
    say('secret', `the ${WORD} plan of ${WORD}Things`),
    say('kept', 'the public plan of the heron'),
  ])
  // Enough behind it for the index to have moved what was written first.
  await record(memory, haystack(800).slice(400))

  await memory.deleteMessages(OWNER, {uuid: 'secret'})
  await memory.close()

  expect(readFileSync(path).includes(TRACE)).toBe(false)
  const again = await openLocalMemory({path})
  const [kept] = await again.searchMessages(OWNER, {query: 'plan of the heron'})
  expect(kept?.uuid).toBe('kept')
  expect(await again.searchMessages(OWNER, {query: WORD})).toEqual([])
  await again.close()
})
