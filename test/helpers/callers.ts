import {type Caller, SHARED_PRINCIPAL} from '../../src/lib/model/principal.ts'

/** The owner of the memory, as the terminal and a server without a token speak for. */
export const OWNER: Caller = {principal: SHARED_PRINCIPAL, requestId: 'test-request', reason: 'test'}

/** Somebody who may only work in one workspace: nobody has such a token yet, but every border must hold it. */
export function confinedTo(workspaceId: string): Caller {
  const principal = {id: `only-${workspaceId}`, read: [workspaceId], write: [workspaceId], restore: false}
  return {principal, requestId: 'confined-request', reason: 'test'}
}
