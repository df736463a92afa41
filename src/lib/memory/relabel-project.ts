import {BmfoteError} from '../model/errors.ts'
import type {Caller} from '../model/principal.ts'
import type {Memory} from './memory.ts'

export interface RelabelProject {
  from: string
  to: string
  workspaceId?: string
}

type Sessions = Pick<Memory, 'listSessions' | 'recordSession'>

const SESSIONS_AT_ONCE = 200

export async function hasProject(
  memory: Sessions,
  caller: Caller,
  {project, workspaceId}: {project: string; workspaceId?: string},
): Promise<boolean> {
  return (await memory.listSessions(caller, {project, workspaceId, limit: 1})).length > 0
}

/**
 * Every session of one project becomes one of another; gives how many there were. Stopped in the middle, it goes on from
 * there the next time.
 * @throws not_found when there is no project of the first name, invalid_input when both are the same
 */
export async function relabelProject(
  memory: Sessions,
  caller: Caller,
  {from, to, workspaceId}: RelabelProject,
): Promise<number> {
  if (from === to) throw new BmfoteError('invalid_input', `"${from}" is both the old name and the new one.`)
  if (!(await hasProject(memory, caller, {project: from, workspaceId}))) throw noProject(from)
  const relabelled = new Set<string>()
  for (;;) {
    const sessions = await memory.listSessions(caller, {project: from, workspaceId, limit: SESSIONS_AT_ONCE})
    const left = sessions.filter(({sessionId}) => !relabelled.has(sessionId))
    if (left.length === 0) return relabelled.size
    for (const {sessionId} of left) {
      await memory.recordSession(caller, {sessionId, project: to, workspaceId})
      relabelled.add(sessionId)
    }
  }
}

export function noProject(name: string): BmfoteError {
  return new BmfoteError('not_found', `There is no project "${name}" in this memory.`, {
    next: 'See what there is: bmfote sessions',
  })
}
