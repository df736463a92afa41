import {BmfoteError} from './errors.ts'

/** Who proved to be asking. Today there is one, `shared`; per-user tokens will bring more. */
export interface Principal {
  id: string
  /** Workspaces it may read: all, or these. */
  read: 'all' | readonly string[]
  /** Workspaces it may write and delete in: all, or these. */
  write: 'all' | readonly string[]
  /** May put back rows with the clock and the writer that they had (the import of an export). */
  restore: boolean
}

/** Carried by every call of `Memory`: who asks, through which request, and what for. */
export interface Caller {
  principal: Principal
  /** Joins a stored row, a tombstone and a log line. */
  requestId: string
  /** The surface that the call came through: `cli:import`, `rest`, `mcp`, … */
  reason: string
}

/** The owner of `API_TOKEN`, or anybody on this machine's loopback where no token is configured. */
export const SHARED_PRINCIPAL: Principal = {id: 'shared', read: 'all', write: 'all', restore: true}

export type Action = 'read' | 'write' | 'delete' | 'restore'

/**
 * The one place where access is decided.
 * @throws forbidden when the principal may not do this in that workspace. The sentence names only what the caller sent.
 */
export function authorize(principal: Principal, action: Action, workspaceId: string): void {
  const scope = action === 'read' ? principal.read : principal.write
  const inScope = scope === 'all' || scope.includes(workspaceId)
  if (inScope && (action !== 'restore' || principal.restore)) return
  throw new BmfoteError('forbidden', `You may not ${action} in workspace "${workspaceId}".`, {
    next: 'Ask the owner of this server for access, or name another workspace.',
  })
}

/** The workspaces that a call without a workspace covers. */
export function readableWorkspaces(principal: Principal): 'all' | readonly string[] {
  return principal.read
}
