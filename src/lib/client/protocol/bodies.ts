import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from './limits.ts'
import {date, id, label, nullableInteger, workspaceId} from './schema-parts.ts'

/** What is sent to be stored. */

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

export type NewMessageBody = FromSchema<typeof messageBody>
export type NewSessionBody = FromSchema<typeof sessionBody>
export type RememberBody = FromSchema<typeof rememberBody>
