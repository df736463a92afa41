import type {Row} from '@libsql/client'
import type {StoredMessage} from '../model/message.ts'

/** Columns of a whole message, for `messages m LEFT JOIN sessions s`. */
export const MESSAGE_COLUMNS = `m.workspace_id, m.session_id, m.uuid, m.parent_uuid, m.type, m.role, m.content, m.model,
  m.input_tokens, m.output_tokens, m.timestamp, s.project, m.author, m.written_by, m.source, m.machine, m.tool,
  m.status, m.branch, m.recorded_at, m.revision`

export const SESSION_JOIN = `LEFT JOIN sessions s ON s.workspace_id = m.workspace_id AND s.session_id = m.session_id`

/**
 * True for the first copy of a message: forks repeat a uuid under another session, and lists over several sessions
 * show it once.
 */
export const IS_FIRST_COPY = `NOT EXISTS (SELECT 1 FROM messages e
  WHERE e.workspace_id = m.workspace_id AND e.uuid = m.uuid AND e.id < m.id)`

export function toStoredMessage(row: Row): StoredMessage {
  return {
    workspaceId: String(row.workspace_id),
    sessionId: String(row.session_id),
    uuid: String(row.uuid),
    parentUuid: textOrNull(row.parent_uuid),
    type: String(row.type),
    role: textOrNull(row.role),
    content: textOrNull(row.content) ?? '',
    model: textOrNull(row.model),
    inputTokens: numberOrNull(row.input_tokens),
    outputTokens: numberOrNull(row.output_tokens),
    timestamp: textOrNull(row.timestamp),
    project: textOrNull(row.project),
    author: textOrNull(row.author),
    writtenBy: textOrNull(row.written_by),
    source: textOrNull(row.source),
    machine: textOrNull(row.machine),
    tool: textOrNull(row.tool),
    status: textOrNull(row.status),
    branch: textOrNull(row.branch),
    recordedAt: textOrNull(row.recorded_at),
    revision: Number(row.revision),
  }
}

/** Other clients of the database may have put a number or a blob where text is meant. */
export function textOrNull(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof ArrayBuffer) return new TextDecoder().decode(value)
  return String(value)
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}
