import {describe, expect, onTestFinished, test} from 'vitest'
import {OWNER} from '../../../test/helpers/callers.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {openLocalMemory} from './local-memory.ts'
import {relabelProject} from './relabel-project.ts'

async function memoryOf(sessions: {project: string; workspaceId?: string; count: number}[]) {
  const memory = await openLocalMemory({path: `${tempFolder()}/memory.db`})
  onTestFinished(() => memory.close())
  for (const {project, workspaceId, count} of sessions) {
    const messages = Array.from({length: count}, (_, index) => {
      const id = `${project}-${index}`
      return {uuid: id, sessionId: id, content: `about ${id}`, project, workspaceId}
    })
    await memory.recordMessages(OWNER, messages)
  }
  const countOf = async (project: string, workspaceId?: string) =>
    (await memory.listSessions(OWNER, {project, workspaceId, limit: 200})).length
  return {memory, countOf}
}

describe('the sessions of a project', () => {
  test('go by another name, more of them than one page holds', async () => {
    const {memory, countOf} = await memoryOf([
      {project: 'old', count: 450},
      {project: 'other', count: 3},
    ])

    expect(await relabelProject(memory, OWNER, {from: 'old', to: 'new'})).toBe(450)
    expect(await countOf('old')).toBe(0)
    expect(await countOf('other')).toBe(3)
    expect((await memory.listProject(OWNER, {project: 'new', limit: 100})).length).toBe(100)
    const [hit] = await memory.searchMessages(OWNER, {query: 'about', project: 'new', limit: 1})
    expect(hit?.project).toBe('new')
  })

  test('stay as they are in another workspace', async () => {
    const {memory, countOf} = await memoryOf([
      {project: 'old', count: 2},
      {project: 'old', workspaceId: 'w', count: 2},
    ])
    await relabelProject(memory, OWNER, {from: 'old', to: 'new', workspaceId: 'w'})

    expect(await countOf('old')).toBe(2)
    expect(await countOf('new', 'w')).toBe(2)
  })

  test('must be there, and their new name another one', async () => {
    const {memory} = await memoryOf([{project: 'old', count: 1}])

    await expect(relabelProject(memory, OWNER, {from: 'gone', to: 'new'})).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(relabelProject(memory, OWNER, {from: 'old', to: 'old'})).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
