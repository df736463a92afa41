import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from './limits.ts'
import {integerInRange, workspaceId} from './schema-parts.ts'

/** What is asked: the parameters of queries and paths. */

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

export const uuidParams = {type: 'object', properties: {uuid: {type: 'string'}}, required: ['uuid']} as const
export const idParams = {type: 'object', properties: {id: {type: 'string'}}, required: ['id']} as const
export const nameParams = {type: 'object', properties: {name: {type: 'string'}}, required: ['name']} as const

export type SearchParams = FromSchema<typeof searchQuery>
export type SimilarErrorParams = FromSchema<typeof similarErrorQuery>
export type MessageParams = FromSchema<typeof messageQuery>
export type RecallParams = FromSchema<typeof recallQuery>
export type RecentParams = FromSchema<typeof recentQuery>
export type ProjectParams = FromSchema<typeof projectQuery>
export type SessionsParams = FromSchema<typeof sessionsQuery>
export type ExportParams = FromSchema<typeof exportQuery>
export type WorkspaceParams = FromSchema<typeof workspaceQuery>
export type BatchParams = FromSchema<typeof batchQuery>
export type DeleteMessageParams = FromSchema<typeof deleteMessageQuery>
export type DeleteSessionParams = FromSchema<typeof deleteSessionQuery>
export type DeleteManyParams = FromSchema<typeof deleteManyQuery>
