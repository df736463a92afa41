import {BmfoteError} from './errors.ts'
import {CONTENT_CHARS_MAX, DEFAULT_WORKSPACE, ID_CHARS_MAX, LABEL_CHARS_MAX} from './limits.ts'
import type {NewMessage} from './message.ts'
import {parseTimestamp} from './timestamp.ts'

/** A message that the store can take as it is. */
export interface NormalMessage extends NewMessage {
  workspaceId: string
  timestampMs: number | null
  /** A row of an export: put back as it was, with what it did not have left out. */
  isRestored: boolean
  type: string
  truncated: boolean
}

/**
 * Everything that a message must be before it is stored, in one place for every way in: ids checked, text made well
 * formed, long content cut with a mark, the date understood.
 * @throws invalid_input with a sentence that names the field
 */
export function normalizeMessage(
  message: NewMessage,
  now: Date,
  options: {restore?: boolean} = {},
): NormalMessage {
  // Only an export knows revisions: other lines that are imported beside it are new messages.
  const isRestored = (options.restore ?? false) && message.revision !== undefined
  const workspaceId = checkId('workspace_id', message.workspaceId ?? DEFAULT_WORKSPACE)
  const sessionId = checkId('session_id', message.sessionId)
  const uuid = checkId('uuid', message.uuid)
  const said = readTimestamp('timestamp', message.timestamp)
  const timestamp = said ?? (isRestored ? undefined : {text: now.toISOString(), ms: now.getTime()})
  const content = message.content === undefined ? undefined : cutContent(wellFormed(message.content))
  return {
    ...message,
    ...labelsOf(message),
    workspaceId,
    sessionId,
    uuid,
    type: checkLabel('type', message.type) || 'user',
    parentUuid: message.parentUuid ? checkId('parent_uuid', message.parentUuid) : undefined,
    content: content?.text,
    truncated: content?.truncated ?? false,
    timestamp: timestamp?.text,
    timestampMs: timestamp?.ms ?? null,
    isRestored,
    recordedAt: readTimestamp('recorded_at', message.recordedAt)?.text,
  }
}

/** An id is opaque: 1 to 256 characters, whatever they are, that every store and client can give back unchanged. */
export function checkId(field: string, id: string): string {
  if (id.length === 0) throw invalid(`${field} is empty.`)
  if (id.length > ID_CHARS_MAX) throw invalid(`${field} is longer than ${ID_CHARS_MAX} characters.`)
  if (id.includes('\0') || !id.isWellFormed()) throw invalid(`${field} holds a NUL or half a surrogate pair.`)
  return id
}

/** NUL and lone surrogates can't be stored as text by every client of the database; U+FFFD shows where they were. */
export function wellFormed(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole
}

/** @throws invalid_input when it is given and no date */
export function readTimestamp(field: string, text: string | undefined) {
  if (text === undefined) return undefined
  const timestamp = parseTimestamp(text)
  if (timestamp) return timestamp
  throw invalid(
    `${field} is not an ISO 8601 date: "${text.slice(0, 40)}".`,
    'Send it as 2026-01-31T12:00:00Z.',
  )
}

function labelsOf(message: NewMessage): Partial<NewMessage> {
  const {role, model, author, source, machine, project, tool, status, branch, writtenBy} = message
  const labels = {role, model, author, source, machine, project, tool, status, branch, writtenBy}
  return Object.fromEntries(Object.entries(labels).map(([field, label]) => [field, checkLabel(field, label)]))
}

/** Empty labels say nothing and count as left out. */
export function checkLabel(field: string, label: string | undefined): string | undefined {
  if (label === undefined || label === '') return undefined
  if (label.length > LABEL_CHARS_MAX) throw invalid(`${field} is longer than ${LABEL_CHARS_MAX} characters.`)
  return wellFormed(label)
}

/** Counts characters as people and other languages do: an emoji is one, though two code units here. */
export function cutContent(content: string): {text: string; truncated: boolean} {
  if (content.length <= CONTENT_CHARS_MAX) return {text: content, truncated: false}
  const length = countCodePoints(content)
  if (length <= CONTENT_CHARS_MAX) return {text: content, truncated: false}
  const mark = `\n[cut by bmfote: ${length} characters, of which the first ${CONTENT_CHARS_MAX - MARK_ROOM_CHARS} are kept]`
  return {text: takeCodePoints(content, CONTENT_CHARS_MAX - MARK_ROOM_CHARS) + mark, truncated: true}
}

/** What the mark may take, so that content with its mark is still within the limit and is never cut twice. */
const MARK_ROOM_CHARS = 100

function countCodePoints(text: string): number {
  let pairs = 0
  for (let i = 0; i < text.length; i++) if (isHighSurrogate(text.charCodeAt(i))) pairs++
  return text.length - pairs
}

function takeCodePoints(text: string, count: number): string {
  let end = 0
  for (let taken = 0; taken < count && end < text.length; taken++) {
    end += isHighSurrogate(text.charCodeAt(end)) ? 2 : 1
  }
  return text.slice(0, end)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function invalid(sentence: string, next?: string): BmfoteError {
  return new BmfoteError('invalid_input', sentence, {next})
}
