import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest'
import {Client} from '../../../src/lib/client/node.ts'
import type {Policy} from '../../helpers/managed-agents/policy.ts'
import {scriptedPolicy} from '../../helpers/managed-agents/scripted-policy.ts'
import {type ManagedAgents, startManagedAgents} from '../../helpers/managed-agents/start-managed-agents.ts'
import {startServerProcess} from '../../helpers/server-process.ts'
import {tempFolder} from '../../helpers/temp-folder.ts'
import type {MemoryPlace} from '../claude/machine.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
} from '../claude/stand-in-api.ts'
import {openSurfaces, SEARCH_REQUEST} from './surfaces.ts'

const TOKEN = 'a-long-random-token'

/** One for each surface; what they have in common is what is asked for. */
const FACTS = [
  {word: 'Amaranth', fact: 'The harbour gate behind the fish market is painted in Amaranth.'},
  {word: 'Bergamot', fact: 'Lorries with timber use the harbour gate that smells of Bergamot.'},
  {word: 'Cinnabar', fact: 'Since March nobody may leave by the Cinnabar harbour gate at night.'},
  {word: 'Damascene', fact: 'We keep the spare key of the Damascene harbour gate in the lighthouse.'},
  {word: 'Eucalyptus', fact: 'A new motor for the harbour gate near the Eucalyptus trees comes on Monday.'},
  {word: 'Farandole', fact: 'Pilots call the northern harbour gate Farandole, after the tug.'},
  {word: 'Gossamer', fact: 'The harbour gate named Gossamer is the only one that ferries pass.'},
  {word: 'Hollyhock', fact: 'Customs officers wait at the Hollyhock harbour gate until noon.'},
]
const QUESTION = 'Which harbour gate is there?'

let api: StandInApi
let managed: ManagedAgents

beforeAll(async () => {
  api = await startStandInApi(answer)
  managed = await startManagedAgents({policy: managedPolicy})
})
afterAll(async () => {
  await managed.close()
  await api.close()
})

/** The model searches when it is asked to, and has nothing to say. */
function answer(request: ApiRequest): Answer {
  const words = lastWords(request)
  const [, name = '', query] = SEARCH_REQUEST.exec(words) ?? []
  if (name === '' || words.includes('tool_result')) return {blocks: [{type: 'text', text: 'Noted.'}]}
  return {blocks: [{type: 'tool_use', name, input: {query, limit: 50}}]}
}

/** Remembers what it is told to, and reads more hits than the one that goes by a script. */
const managedPolicy: Policy = async (run) => {
  if (run.prompt.startsWith('Remember')) return scriptedPolicy(run)
  return (await run.tools.call('search_memory', {query: run.prompt, limit: 50})).text
}

test('what is said on one surface is found on every other, with its date, author and source', async () => {
  const server = await startServerProcess({home: tempFolder(), env: {API_TOKEN: TOKEN}})
  onTestFinished(server.kill)
  const place: MemoryPlace = {url: server.url, token: TOKEN}
  const surfaces = await openSurfaces({place, api, managed})
  expect(surfaces).toHaveLength(FACTS.length)
  const begin = Date.now()
  for (const [index, {fact}] of FACTS.entries()) await surfaces[index]?.tell(fact)

  const memory = new Client({...place, timeout: 10_000})
  for (const [index, {fact, word}] of FACTS.entries()) {
    const hits = await memory.search(word)
    const {author, source} = surfaces[index] ?? {}
    // The words of a Managed Agent are there twice: what it remembered, which nobody signs, and the turn that it was told in.
    const told = hits.filter(({snippet}) => snippet.replaceAll(/>>>|<<</g, '').includes(fact.slice(0, 30)))
    expect(told).toContainEqual(expect.objectContaining({author, source}))
    for (const {timestamp} of told) expect(Date.parse(timestamp ?? '')).toBeGreaterThanOrEqual(begin - 1_000)
  }

  for (const {name, look} of surfaces) {
    const text = await look(QUESTION)
    const missing = FACTS.filter(({word}) => !text.includes(word)).map(({word}) => word)
    expect({name, missing}).toEqual({name, missing: []})
    for (const {author} of surfaces) expect(text).toContain(author)
  }
  await memory.close()
}, 600_000)
