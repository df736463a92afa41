import {WIRE_LIMITS} from '../client/protocol.ts'
import {BmfoteError} from '../model/errors.ts'
import type {Database} from '../storage/database.ts'
import {readRows} from '../storage/read-messages.ts'
import {readSessionRows} from '../storage/session-store.ts'
import {clamp} from './clamp.ts'
import type {ExportPage, ExportQuery} from './memory.ts'

/** A page ends early when its content is this long, so that it never fills the memory. */
const PAGE_CHARS_MAX = 4_000_000

/** All sessions first, then all messages, each in the order they came. */
export async function readExportPage(
  database: Database,
  query: ExportQuery & {workspaceId: string},
): Promise<ExportPage> {
  const limit = clamp(query.limit, WIRE_LIMITS.export.limit)
  const {kind, afterId} = readCursor(query.cursor)
  const {workspaceId, sessionId} = query
  if (kind === 's') {
    const rows = await readSessionRows(database, {workspaceId, sessionId, afterId, limit})
    const last = rows.at(-1)
    const nextCursor = rows.length === limit && last ? `s:${last.id}` : 'm:0'
    return {sessions: rows.map((row) => row.session), messages: [], nextCursor}
  }
  const rows = await readRows(database, {workspaceId, sessionId, afterId, limit})
  const page = takePage(rows)
  const last = page.at(-1)
  const more = last !== undefined && (page.length < rows.length || rows.length === limit)
  return {sessions: [], messages: page.map((row) => row.message), nextCursor: more ? `m:${last.id}` : null}
}

function takePage<T extends {message: {content: string}}>(rows: T[]): T[] {
  let chars = 0
  const end = rows.findIndex((row, index) => {
    chars += row.message.content.length
    return index > 0 && chars > PAGE_CHARS_MAX
  })
  return end === -1 ? rows : rows.slice(0, end)
}

function readCursor(cursor = 's:0'): {kind: 's' | 'm'; afterId: number} {
  const match = /^([sm]):(\d{1,15})$/.exec(cursor)
  if (match) return {kind: match[1] === 's' ? 's' : 'm', afterId: Number(match[2])}
  throw new BmfoteError('invalid_input', 'The cursor is not one that a page gave.', {
    next: 'Start without a cursor, then pass on next_cursor.',
  })
}
