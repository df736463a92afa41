import {createHash} from 'node:crypto'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'
import type {NewMessage} from '../model/message.ts'
import type {NewSession} from '../model/session.ts'

export type JsonlLine =
  | {kind: 'session'; session: NewSession}
  /** `isRow`: a line of an export, which may be put back as it was. */
  | {kind: 'message'; message: NewMessage; isRow: boolean}
  | {kind: 'bad'; reason: string}

export interface JsonlLineOptions {
  /** For lines that name no workspace. */
  workspaceId?: string
  /** For every line, whatever it names. */
  intoWorkspaceId?: string
  /** For lines that name none. */
  source?: string
}

/**
 * Reads lines of an export, message bodies of `POST /api/messages`, and records of evaluation sets
 * (`workspace, session, uuid, author, type, timestamp, content`). Unknown fields are ignored.
 */
export class JsonlLineReader {
  readonly #options: JsonlLineOptions
  /** Messages without a uuid so far, by session. */
  readonly #unnamed = new Map<string, number>()

  constructor(options: JsonlLineOptions = {}) {
    this.#options = options
  }

  read(text: string): JsonlLine {
    const value = parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return {kind: 'bad', reason: value === undefined ? 'not JSON' : 'not an object'}
    }
    const fields = value as Record<string, unknown>
    const problem = findProblem(fields)
    if (problem) return {kind: 'bad', reason: problem}
    if (fields.kind === 'session') return {kind: 'session', session: this.#session(fields)}
    return {kind: 'message', message: this.#message(fields), isRow: fields.kind === 'message'}
  }

  #session(fields: Record<string, unknown>): NewSession {
    return {...pick(fields, SESSION_FIELDS), ...this.#place(fields)}
  }

  #message(fields: Record<string, unknown>): NewMessage {
    const given: Partial<NewMessage> = pick(fields, MESSAGE_FIELDS)
    const place = this.#place(fields)
    const source = given.source ?? this.#options.source
    return {...given, ...place, source, uuid: given.uuid ?? this.#uuidFor(given, place)}
  }

  #place(fields: Record<string, unknown>): {workspaceId?: string; sessionId: string} {
    const {workspaceId, intoWorkspaceId} = this.#options
    const named = fields.workspace_id ?? fields.workspace
    return {
      workspaceId: intoWorkspaceId ?? (typeof named === 'string' ? named : workspaceId),
      sessionId: String(fields.session_id ?? fields.session),
    }
  }

  /**
   * The same line gives the same uuid, so that a repeated import doubles nothing. Where no time tells one "yes" from the
   * next, its place in the session does.
   */
  #uuidFor(message: Partial<NewMessage>, place: {workspaceId?: string; sessionId: string}): string {
    const session = JSON.stringify([place.workspaceId ?? DEFAULT_WORKSPACE, place.sessionId])
    const index = this.#unnamed.get(session) ?? 0
    this.#unnamed.set(session, index + 1)
    const {type, role, author, timestamp, content} = message
    const identity = JSON.stringify([session, type, role, author, content, timestamp ?? index])
    return `line-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`
  }
}

type FieldType = 'text' | 'integer'

/** Wire names, and what they are called inside. */
const MESSAGE_FIELDS: Record<string, [name: keyof NewMessage, type: FieldType]> = {
  uuid: ['uuid', 'text'],
  content: ['content', 'text'],
  type: ['type', 'text'],
  role: ['role', 'text'],
  parent_uuid: ['parentUuid', 'text'],
  model: ['model', 'text'],
  input_tokens: ['inputTokens', 'integer'],
  output_tokens: ['outputTokens', 'integer'],
  timestamp: ['timestamp', 'text'],
  author: ['author', 'text'],
  source: ['source', 'text'],
  machine: ['machine', 'text'],
  project: ['project', 'text'],
  tool: ['tool', 'text'],
  status: ['status', 'text'],
  branch: ['branch', 'text'],
  recorded_at: ['recordedAt', 'text'],
  written_by: ['writtenBy', 'text'],
  revision: ['revision', 'integer'],
}

const SESSION_FIELDS: Record<string, [name: keyof NewSession, type: FieldType]> = {
  project: ['project', 'text'],
  first_message_at: ['firstMessageAt', 'text'],
  last_message_at: ['lastMessageAt', 'text'],
  message_count: ['messageCount', 'integer'],
}

function findProblem(fields: Record<string, unknown>): string | undefined {
  const session = fields.session_id ?? fields.session
  if (typeof session !== 'string' || session === '') return 'no session_id'
  const isSession = fields.kind === 'session'
  if (!isSession && (fields.content ?? null) === null) return 'no content'
  for (const name of ['workspace_id', 'workspace']) {
    if (!isOfType(fields[name], 'text')) return `${name} is not text`
  }
  for (const [name, [, type]] of Object.entries(isSession ? SESSION_FIELDS : MESSAGE_FIELDS)) {
    if (!isOfType(fields[name], type)) return `${name} is not ${type === 'text' ? 'text' : 'a whole number'}`
  }
  return undefined
}

function isOfType(value: unknown, type: FieldType): boolean {
  if (value === undefined || value === null) return true
  return type === 'text' ? typeof value === 'string' : Number.isSafeInteger(value)
}

function pick<T>(fields: Record<string, unknown>, known: Record<string, [keyof T, FieldType]>): Partial<T> {
  const given = Object.entries(known).filter(([wire]) => fields[wire] !== undefined && fields[wire] !== null)
  return Object.fromEntries(given.map(([wire, [name]]) => [name, fields[wire]])) as Partial<T>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
