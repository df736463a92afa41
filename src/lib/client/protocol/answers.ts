import type {FromSchema} from 'json-schema-to-ts'
import {nullableInteger, nullableString} from './schema-parts.ts'

/** What a server answers. */

export const errorBody = {
  $id: 'Error',
  type: 'object',
  description: 'What went wrong, for a person and for a program, and the next step',
  properties: {error: {type: 'string'}, code: {type: 'string'}, next: {type: 'string'}},
  required: ['error'],
} as const

/** Who said it and where: on every message that is read. */
const provenance = {
  author: {...nullableString, description: 'Who said it, as the client claims'},
  source: {...nullableString, description: 'The surface it was said on'},
  machine: nullableString,
  tool: {...nullableString, description: 'The tool, for tool calls and results'},
  status: {...nullableString, description: 'ok or error, for tool results'},
  branch: {...nullableString, description: 'The git branch that was checked out'},
} as const

export const searchHit = {
  $id: 'SearchHit',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    session_id: {type: 'string'},
    type: {type: 'string'},
    role: nullableString,
    timestamp: nullableString,
    model: nullableString,
    project: nullableString,
    author: provenance.author,
    source: provenance.source,
    tool: provenance.tool,
    status: provenance.status,
    snippet: {type: 'string', description: 'A passage with the hits between >>> and <<<'},
    rank: {type: 'number', description: 'Negative; the most negative is the best'},
    understood_date: {type: 'string', description: 'What time words of the query were understood as'},
    why: {type: 'array', items: {type: 'string'}, description: 'With explain=true: why the hit is there'},
  },
  required: ['uuid', 'session_id', 'type', 'role', 'timestamp', 'model', 'project', 'snippet', 'rank'],
} as const

export const errorMatch = {
  $id: 'ErrorMatch',
  type: 'object',
  properties: {
    error_context: {type: 'string', description: 'At most 800 characters around the error'},
    project: nullableString,
    timestamp: nullableString,
    session_id: {type: 'string'},
    uuid: {type: 'string'},
    author: provenance.author,
    source: provenance.source,
    solution: {...nullableString, description: 'At most 800 characters of what followed'},
  },
  required: ['error_context', 'project', 'timestamp', 'session_id', 'uuid', 'solution'],
} as const

export const contextMessage = {
  $id: 'ContextMessage',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    type: {type: 'string'},
    role: nullableString,
    content: {type: 'string'},
    timestamp: nullableString,
    model: nullableString,
    ...provenance,
  },
  required: ['uuid', 'type', 'role', 'content', 'timestamp', 'model'],
} as const

export const messageWithContext = {
  $id: 'Message',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    session_id: {type: 'string'},
    type: {type: 'string'},
    role: nullableString,
    content: {type: 'string'},
    timestamp: nullableString,
    model: nullableString,
    project: nullableString,
    ...provenance,
    written_by: {...nullableString, description: 'Who proved to be writing it'},
    recorded_at: {...nullableString, description: "The server's clock when it was stored"},
    workspace_id: {type: 'string'},
    parent_uuid: nullableString,
    input_tokens: nullableInteger,
    output_tokens: nullableInteger,
    revision: {type: 'integer'},
    before: {type: 'array', items: contextMessage},
    after: {type: 'array', items: contextMessage},
  },
  required: ['uuid', 'session_id', 'type', 'role', 'content', 'timestamp', 'model', 'project'],
} as const

export const recentMessage = {
  $id: 'RecentMessage',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    session_id: {type: 'string'},
    type: {type: 'string'},
    role: nullableString,
    content: {type: 'string'},
    timestamp: nullableString,
    project: nullableString,
    model: nullableString,
    ...provenance,
  },
  required: ['uuid', 'session_id', 'type', 'role', 'content', 'timestamp', 'project'],
} as const

export const projectMessage = {
  $id: 'ProjectMessage',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    session_id: {type: 'string'},
    type: {type: 'string'},
    content: {type: 'string'},
    timestamp: nullableString,
    role: nullableString,
    model: nullableString,
    ...provenance,
  },
  required: ['uuid', 'session_id', 'type', 'content', 'timestamp'],
} as const

export const session = {
  $id: 'Session',
  type: 'object',
  properties: {
    session_id: {type: 'string'},
    project: nullableString,
    first_message_at: nullableString,
    last_message_at: nullableString,
    message_count: {type: 'integer'},
    workspace_id: {type: 'string'},
  },
  required: ['session_id', 'project', 'first_message_at', 'last_message_at', 'message_count', 'workspace_id'],
} as const

export const stats = {
  $id: 'Stats',
  type: 'object',
  properties: {
    messages: {type: 'integer'},
    sessions: {type: 'integer'},
    first_message: nullableString,
    last_message: nullableString,
    workspace_id: {type: 'string'},
  },
  required: ['messages', 'sessions', 'first_message', 'last_message'],
} as const

/** A whole row, as export gives it and the import of an export takes it. */
export const storedMessage = {
  $id: 'StoredMessage',
  type: 'object',
  properties: {
    workspace_id: {type: 'string'},
    session_id: {type: 'string'},
    uuid: {type: 'string'},
    parent_uuid: nullableString,
    type: {type: 'string'},
    role: nullableString,
    content: {type: 'string'},
    model: nullableString,
    input_tokens: nullableInteger,
    output_tokens: nullableInteger,
    timestamp: nullableString,
    project: nullableString,
    author: nullableString,
    written_by: nullableString,
    source: nullableString,
    machine: nullableString,
    tool: nullableString,
    status: nullableString,
    branch: nullableString,
    recorded_at: nullableString,
    revision: {type: 'integer'},
  },
  required: ['workspace_id', 'session_id', 'uuid', 'type', 'content', 'timestamp', 'revision'],
} as const

export const exportPage = {
  $id: 'ExportPage',
  type: 'object',
  properties: {
    sessions: {type: 'array', items: session},
    messages: {type: 'array', items: storedMessage},
    next_cursor: nullableString,
  },
  required: ['sessions', 'messages', 'next_cursor'],
} as const

export const recordResult = {
  $id: 'RecordResult',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    status: {type: 'string', enum: ['ok', 'deleted', 'error']},
    workspace_id: {type: 'string'},
    truncated: {
      type: 'boolean',
      description: 'The content was over 50,000 characters and was stored cut, marked',
    },
    error: {type: 'string'},
  },
  required: ['uuid', 'status'],
} as const

export const batchResult = {
  $id: 'BatchResult',
  type: 'object',
  properties: {results: {type: 'array', items: recordResult}},
  required: ['results'],
} as const

export const sessionResult = {
  $id: 'SessionResult',
  type: 'object',
  properties: {session_id: {type: 'string'}, status: {type: 'string'}, workspace_id: {type: 'string'}},
  required: ['session_id', 'status'],
} as const

export const rememberResult = {
  $id: 'RememberResult',
  type: 'object',
  properties: {
    uuid: {type: 'string'},
    session_id: {type: 'string'},
    workspace_id: {type: 'string'},
    truncated: {type: 'boolean'},
  },
  required: ['uuid', 'session_id', 'workspace_id'],
} as const

export const deleteResult = {
  $id: 'DeleteResult',
  type: 'object',
  properties: {deleted: {type: 'integer'}},
  required: ['deleted'],
} as const

export const syncResult = {
  $id: 'SyncResult',
  type: 'object',
  properties: {status: {type: 'string', enum: ['synced', 'skipped']}, reason: {type: 'string'}},
  required: ['status'],
} as const

export const recallResult = {
  $id: 'RecallResult',
  type: 'object',
  properties: {
    text: {type: 'string', description: 'One <bmfote-recall> element; empty when nothing is worth saying'},
    uuids: {type: 'array', items: {type: 'string'}, description: 'Of the messages quoted in it'},
  },
  required: ['text', 'uuids'],
} as const

export const health = {
  $id: 'Health',
  type: 'object',
  properties: {status: {type: 'string'}, error: {type: 'string'}},
  required: ['status'],
} as const

export const serverStatus = {
  $id: 'ServerStatus',
  type: 'object',
  properties: {
    version: {type: 'string'},
    started_at: {type: 'string'},
    mode: {type: 'string', enum: ['file', 'remote', 'replica']},
    database: {type: 'string', description: 'The path of the file, or the address without its token'},
    database_bytes: {type: 'integer', description: 'Of the file, or of the copy of a replica, WAL included'},
    messages: {type: 'integer'},
    sessions: {type: 'integer'},
    writes_under_way: {type: 'integer'},
    primary_url: {type: 'string', description: 'Of a remote database, also behind a replica'},
    primary_reachable: {type: 'boolean'},
    trouble: {type: 'string', description: 'Why it was not reached'},
    synced_at: {type: 'string', description: 'When the copy last had all that its primary had'},
    sync_lag_seconds: {type: 'number'},
  },
  required: ['version', 'started_at', 'messages', 'sessions', 'writes_under_way'],
} as const

export const discovery = {
  $id: 'Discovery',
  type: 'object',
  properties: {
    name: {type: 'string'},
    version: {type: 'string'},
    license: {type: 'string'},
    source: {type: 'string', description: 'Where the source of this very server is'},
    search: {type: 'string'},
    fetch: {type: 'string'},
    recent: {type: 'string'},
    spec: {type: 'string'},
    mcp: {type: 'string'},
    instance: {type: 'string', description: 'Tells this run of the server from any other'},
  },
  required: ['name', 'search', 'fetch', 'recent', 'spec'],
} as const

export type ErrorBody = FromSchema<typeof errorBody>
export type SearchHitBody = FromSchema<typeof searchHit>
export type ErrorMatchBody = FromSchema<typeof errorMatch>
export type ContextMessageBody = FromSchema<typeof contextMessage>
export type MessageWithContextBody = FromSchema<typeof messageWithContext>
export type RecentMessageBody = FromSchema<typeof recentMessage>
export type ProjectMessageBody = FromSchema<typeof projectMessage>
export type SessionInfoBody = FromSchema<typeof session>
export type StatsBody = FromSchema<typeof stats>
export type StoredMessageBody = FromSchema<typeof storedMessage>
export type ExportPageBody = FromSchema<typeof exportPage>
export type RecordResultBody = FromSchema<typeof recordResult>
export type BatchResultBody = FromSchema<typeof batchResult>
export type SessionResultBody = FromSchema<typeof sessionResult>
export type RememberResultBody = FromSchema<typeof rememberResult>
export type DeleteResultBody = FromSchema<typeof deleteResult>
export type ServerStatusBody = FromSchema<typeof serverStatus>
export type SyncResultBody = FromSchema<typeof syncResult>
export type DiscoveryBody = FromSchema<typeof discovery>
export type RecallResultBody = FromSchema<typeof recallResult>
