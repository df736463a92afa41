/**
 * The HTTP contract of a bmfote server, as plain JSON Schema and the types that follow from it. The server builds its
 * routes and its OpenAPI document from here, the client its calls: one source, MIT, importing nothing of ours.
 */
import type {FromSchema} from 'json-schema-to-ts'

export const DEFAULT_WORKSPACE_ID = 'bmfote-default'

/**
 * What an MCP client says of itself once, for all its calls: settings of tools can hold headers, and no arguments.
 * Values are percent-encoded (encodeURIComponent), for headers hold Latin letters only.
 */
export const CLIENT_HEADERS = {
  source: 'X-Bmfote-Source',
  author: 'X-Bmfote-Author',
  workspace: 'X-Bmfote-Workspace',
} as const

/** Limits of the wire. Numbers out of a range are clamped, not refused. */
export const WIRE_LIMITS = {
  search: {limit: {default: 20, min: 1, max: 100}},
  findError: {limit: {default: 5, min: 1, max: 20}},
  context: {default: 1, min: 0, max: 10},
  recent: {hours: {default: 24, min: 1, max: 168}, limit: {default: 50, min: 1, max: 200}},
  project: {limit: {default: 20, min: 1, max: 100}},
  sessions: {limit: {default: 50, min: 1, max: 200}},
  recall: {limit: {default: 10, min: 1, max: 50}, budget: {default: 6_000, min: 500, max: 20_000}},
  export: {limit: {default: 1_000, min: 1, max: 1_000}},
  batchItems: 1_000,
  bodyBytes: 10 * 1024 * 1024,
  contentChars: 50_000,
  idChars: 256,
  labelChars: 512,
} as const

const nullableString = {type: ['string', 'null']} as const
const nullableInteger = {type: ['integer', 'null']} as const
const id = {type: 'string', minLength: 1, maxLength: 256} as const
const label = {type: ['string', 'null'], maxLength: 512} as const
const date = {type: ['string', 'null'], description: 'ISO 8601 date-time'} as const
const workspaceId = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  description: 'The workspace; bmfote-default when omitted',
} as const

/** Where to say it in a query string: numbers arrive as text there, and are read as integers and clamped. */
function integerInRange(range: {default: number; min: number; max: number}) {
  return {
    type: 'integer',
    description: `${range.min} to ${range.max}, default ${range.default}; out of range is clamped`,
  } as const
}

// Answers --------------------------------------------------------------------------------------------------------

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

// Bodies ---------------------------------------------------------------------------------------------------------

export const messageBody = {
  $id: 'NewMessage',
  type: 'object',
  properties: {
    session_id: id,
    uuid: id,
    content: {type: ['string', 'null'], description: 'Above 50,000 characters it is stored cut, with a mark'},
    type: {...label, description: 'user or assistant, default user'},
    role: label,
    parent_uuid: {type: ['string', 'null'], maxLength: 256},
    model: label,
    input_tokens: nullableInteger,
    output_tokens: nullableInteger,
    timestamp: {...date, description: "ISO 8601 date-time; default: the server's clock"},
    workspace_id: {...workspaceId, type: ['string', 'null']},
    author: label,
    source: label,
    machine: label,
    project: label,
    tool: label,
    status: label,
    branch: {...label, description: 'The git branch that was checked out'},
    recorded_at: {...date, description: 'Kept with ?restore=true only'},
    written_by: {...label, description: 'Kept with ?restore=true only'},
    revision: {...nullableInteger, description: 'Kept with ?restore=true only'},
  },
  required: ['session_id', 'uuid'],
} as const

export const batchBody = {
  $id: 'NewMessages',
  type: 'array',
  maxItems: WIRE_LIMITS.batchItems,
  // Items are checked one by one by the handler: a bad one costs itself only.
  items: {},
  description: 'Message bodies as of POST /api/messages, at most 1,000; a bad one costs itself only',
} as const

export const sessionBody = {
  $id: 'NewSession',
  type: 'object',
  properties: {
    session_id: id,
    project: label,
    first_message_at: date,
    last_message_at: date,
    message_count: {...nullableInteger, minimum: 0},
    workspace_id: {...workspaceId, type: ['string', 'null']},
  },
  required: ['session_id'],
} as const

export const rememberBody = {
  $id: 'Remember',
  type: 'object',
  properties: {
    content: {type: 'string'},
    topic: label,
    project: label,
    workspace_id: {...workspaceId, type: ['string', 'null']},
    author: label,
    source: label,
    machine: label,
  },
  required: ['content'],
} as const

// Queries --------------------------------------------------------------------------------------------------------

export const searchQuery = {
  type: 'object',
  properties: {
    q: {type: 'string', description: 'A question, words, a "phrase", or FTS5 syntax'},
    limit: integerInRange(WIRE_LIMITS.search.limit),
    type: {type: 'string', enum: ['user', 'assistant']},
    workspace_id: workspaceId,
    author: {type: 'string'},
    source: {type: 'string'},
    project: {type: 'string'},
    session_id: {type: 'string'},
    since: {type: 'string', description: 'ISO 8601; this date or later'},
    until: {type: 'string', description: 'ISO 8601; before this date'},
    now: {
      type: 'string',
      description: "The caller's clock, ISO 8601 with an offset, for words such as yesterday",
    },
    explain: {type: 'boolean'},
  },
  required: ['q'],
} as const

export const similarErrorQuery = {
  type: 'object',
  properties: {
    error: {type: 'string'},
    limit: integerInRange(WIRE_LIMITS.findError.limit),
    workspace_id: workspaceId,
  },
  required: ['error'],
} as const

export const recallQuery = {
  type: 'object',
  properties: {
    q: {type: 'string', description: 'A question; or name a project, or a session'},
    project: {type: 'string'},
    session_id: {type: 'string', description: 'The thread of this session'},
    limit: integerInRange(WIRE_LIMITS.recall.limit),
    budget: integerInRange(WIRE_LIMITS.recall.budget),
    workspace_id: workspaceId,
    now: {type: 'string', description: "The caller's clock, ISO 8601 with an offset"},
  },
} as const

export const messageQuery = {
  type: 'object',
  properties: {
    context: integerInRange(WIRE_LIMITS.context),
    workspace_id: workspaceId,
    session_id: {type: 'string', description: 'Which copy, where a fork repeats the uuid; else the earliest'},
  },
} as const

export const recentQuery = {
  type: 'object',
  properties: {
    hours: integerInRange(WIRE_LIMITS.recent.hours),
    limit: integerInRange(WIRE_LIMITS.recent.limit),
    session_id: {type: 'string', description: 'Only this session; hours does not apply then'},
    workspace_id: workspaceId,
  },
} as const

export const projectQuery = {
  type: 'object',
  properties: {limit: integerInRange(WIRE_LIMITS.project.limit), workspace_id: workspaceId},
} as const

export const sessionsQuery = {
  type: 'object',
  properties: {
    project: {type: 'string'},
    workspace_id: workspaceId,
    limit: integerInRange(WIRE_LIMITS.sessions.limit),
    before: {type: 'string', description: 'ISO 8601: only sessions whose last message is earlier'},
  },
} as const

export const exportQuery = {
  type: 'object',
  properties: {
    workspace_id: workspaceId,
    session_id: {type: 'string'},
    cursor: {type: 'string', description: 'next_cursor of the page before'},
    limit: integerInRange(WIRE_LIMITS.export.limit),
  },
} as const

export const workspaceQuery = {type: 'object', properties: {workspace_id: workspaceId}} as const

export const deleteMessageQuery = {
  type: 'object',
  properties: {
    workspace_id: workspaceId,
    session_id: {type: 'string', description: 'Only the copy in this session'},
    dry_run: {type: 'boolean', description: 'Count only'},
  },
} as const

export const deleteSessionQuery = {
  type: 'object',
  properties: {workspace_id: workspaceId, dry_run: {type: 'boolean', description: 'Count only'}},
} as const

export const deleteManyQuery = {
  type: 'object',
  properties: {
    workspace_id: workspaceId,
    project: {type: 'string', minLength: 1},
    before: {type: 'string', minLength: 1, description: 'ISO 8601: every message earlier than this'},
    dry_run: {type: 'boolean', description: 'Count only'},
  },
  oneOf: [{required: ['project']}, {required: ['before']}],
  description: 'Exactly one of project and before',
} as const

export const batchQuery = {
  type: 'object',
  properties: {
    restore: {type: 'boolean', description: 'Keep recorded_at, written_by and revision as given'},
  },
} as const

// Paths ----------------------------------------------------------------------------------------------------------

export const uuidParams = {type: 'object', properties: {uuid: {type: 'string'}}, required: ['uuid']} as const
export const idParams = {type: 'object', properties: {id: {type: 'string'}}, required: ['id']} as const
export const nameParams = {type: 'object', properties: {name: {type: 'string'}}, required: ['name']} as const

// Types ----------------------------------------------------------------------------------------------------------

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
export type SyncResultBody = FromSchema<typeof syncResult>
export type DiscoveryBody = FromSchema<typeof discovery>
export type NewMessageBody = FromSchema<typeof messageBody>
export type NewSessionBody = FromSchema<typeof sessionBody>
export type RememberBody = FromSchema<typeof rememberBody>
export type SearchParams = FromSchema<typeof searchQuery>
export type SimilarErrorParams = FromSchema<typeof similarErrorQuery>
export type MessageParams = FromSchema<typeof messageQuery>
export type RecallParams = FromSchema<typeof recallQuery>
export type RecallResultBody = FromSchema<typeof recallResult>
export type RecentParams = FromSchema<typeof recentQuery>
export type ProjectParams = FromSchema<typeof projectQuery>
export type SessionsParams = FromSchema<typeof sessionsQuery>
export type ExportParams = FromSchema<typeof exportQuery>
export type WorkspaceParams = FromSchema<typeof workspaceQuery>
export type BatchParams = FromSchema<typeof batchQuery>
export type DeleteMessageParams = FromSchema<typeof deleteMessageQuery>
export type DeleteSessionParams = FromSchema<typeof deleteSessionQuery>
export type DeleteManyParams = FromSchema<typeof deleteManyQuery>
