import type {InStatement} from '@libsql/client'
import {BmfoteError} from '../model/errors.ts'
import {ADOPTION_TABLE} from './adopt-in-chunks.ts'
import type {Database} from './database.ts'
import {purgeIndex} from './purge-index.ts'
import type {WriteContext} from './write-messages.ts'

export type Doomed = {workspaceId: string} & (
  | {kind: 'message'; uuid: string; sessionId?: string}
  | {kind: 'session'; sessionId: string}
  | {kind: 'project'; project: string}
  | {kind: 'before'; beforeMs: number}
)

export async function countDoomed(database: Database, doomed: Doomed): Promise<number> {
  const {where, args} = matching(doomed)
  const [row] = await database.query(`SELECT count(*) AS count FROM messages m WHERE ${where}`, args)
  return Number(row?.count ?? 0)
}

/** Rows, index entries and tombstones in one transaction; tells how many messages went. */
export async function deleteDoomed(
  database: Database,
  doomed: Doomed,
  context: WriteContext & {now: Date},
): Promise<number> {
  const {where, args} = matching(doomed)
  const why = {
    deletedAt: context.now.toISOString(),
    deletedBy: context.writtenBy,
    reason: context.reason,
    requestId: context.requestId,
  }
  // A message that is named by its uuid alone goes from every fork, and stays away from all of them.
  const session = doomed.kind === 'message' && doomed.sessionId === undefined ? 'NULL' : 'm.session_id'
  const statements: InStatement[] = [
    {sql: `SELECT count(*) AS count FROM messages m WHERE ${where}`, args},
    {
      sql: `INSERT INTO tombstones (workspace_id, session_id, uuid, deleted_at, deleted_by, reason, request_id)
        SELECT DISTINCT m.workspace_id, ${session}, m.uuid, :deletedAt, :deletedBy, :reason, :requestId
        FROM messages m WHERE ${where}`,
      args: {...args, ...why},
    },
    ...closeSessions(doomed, why),
    {sql: `DELETE FROM messages AS m WHERE ${where}`, args},
    ...dropSessions(doomed),
  ]
  await refuseDuringAdoption(database)
  const [counted] = await database.write(statements)
  const count = Number(counted?.rows[0]?.count ?? 0)
  // The rows are gone. Where there is no room or no way to tidy the index now, a later deletion does it.
  if (count > 0) await purgeIndex(database).catch(() => undefined)
  return count
}

/** What has not been taken over yet would not be deleted, and come back. */
async function refuseDuringAdoption(database: Database): Promise<void> {
  const begun = await database.query(`SELECT 1 FROM sqlite_master WHERE name = '${ADOPTION_TABLE}'`)
  if (begun.length === 0) return
  throw new BmfoteError('unavailable', 'The messages of release 0.11.7 are still being taken over.', {
    next: 'Delete when that is done, which the server logs.',
    retryAfterSeconds: ADOPTION_RETRY_SECONDS,
  })
}

const ADOPTION_RETRY_SECONDS = 30

/** A whole session that goes takes with it what a spool still holds of it, said before this moment. */
function closeSessions(doomed: Doomed, why: Record<string, string>): InStatement[] {
  const sessions = sessionsOf(doomed)
  if (!sessions) return []
  return [
    {
      sql: `INSERT INTO tombstones (workspace_id, session_id, uuid, deleted_at, deleted_by, reason, request_id)
        SELECT workspace_id, session_id, NULL, :deletedAt, :deletedBy, :reason, :requestId
        FROM sessions WHERE ${sessions.where}`,
      args: {...sessions.args, ...why},
    },
  ]
}

/** The trigger drops a session with its last message; this is for those that never had one. */
function dropSessions(doomed: Doomed): InStatement[] {
  const sessions = sessionsOf(doomed)
  return sessions ? [{sql: `DELETE FROM sessions WHERE ${sessions.where}`, args: sessions.args}] : []
}

interface Condition {
  where: string
  args: Record<string, string | number>
}

function sessionsOf(doomed: Doomed): Condition | undefined {
  const {workspaceId} = doomed
  switch (doomed.kind) {
    case 'session':
      return {
        where: 'workspace_id = :workspaceId AND session_id = :sessionId',
        args: {workspaceId, sessionId: doomed.sessionId},
      }
    case 'project':
      return {
        where: 'workspace_id = :workspaceId AND project = :project',
        args: {workspaceId, project: doomed.project},
      }
    default:
      return undefined
  }
}

function matching(doomed: Doomed): Condition {
  const {workspaceId} = doomed
  switch (doomed.kind) {
    case 'message':
      return doomed.sessionId === undefined
        ? {where: 'm.workspace_id = :workspaceId AND m.uuid = :uuid', args: {workspaceId, uuid: doomed.uuid}}
        : {
            where: 'm.workspace_id = :workspaceId AND m.uuid = :uuid AND m.session_id = :sessionId',
            args: {workspaceId, uuid: doomed.uuid, sessionId: doomed.sessionId},
          }
    case 'session':
      return {
        where: 'm.workspace_id = :workspaceId AND m.session_id = :sessionId',
        args: {workspaceId, sessionId: doomed.sessionId},
      }
    case 'project':
      return {
        where: `m.workspace_id = :workspaceId AND m.session_id IN (
          SELECT session_id FROM sessions WHERE workspace_id = :workspaceId AND project = :project)`,
        args: {workspaceId, project: doomed.project},
      }
    case 'before':
      return {
        where: 'm.workspace_id = :workspaceId AND m.timestamp_ms < :beforeMs',
        args: {workspaceId, beforeMs: doomed.beforeMs},
      }
  }
}
