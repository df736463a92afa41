import type {FromSchema} from 'json-schema-to-ts'
import {identifier} from './quote.ts'
import {workspace} from './result-schema.ts'
import {defineTool} from './tool.ts'

const inputSchema = {
  type: 'object',
  properties: {
    content: {type: 'string', description: 'What to remember, understandable without this conversation'},
    topic: {type: 'string', description: 'A few words to find it by', default: ''},
    project: {type: 'string', description: 'The project it belongs to', default: 'managed-agent'},
    workspace,
  },
  required: ['content'],
} as const

const outputSchema = {
  type: 'object',
  properties: {
    uuid: {type: 'string', description: 'What get_context takes'},
    session_id: {type: 'string'},
    workspace_id: {type: 'string'},
    truncated: {type: 'boolean', description: 'The content was over 50,000 characters and was stored cut'},
  },
  required: ['uuid', 'session_id', 'workspace_id'],
} as const

export const remember = defineTool<FromSchema<typeof inputSchema>, FromSchema<typeof outputSchema>>({
  name: 'remember',
  title: 'Remember',
  description:
    'Write one thing into memory, so that later sessions and other AI tools find it: a decision and its reason, a ' +
    'preference that was stated, a fact that was hard to find out, how a problem was solved. One thing a call, in ' +
    'words that make sense on their own. Never secrets.',
  inputSchema,
  outputSchema,
  annotations: {readOnlyHint: false, destructiveHint: false, idempotentHint: false},
  async run(api, {content, topic, project, workspace}) {
    const stored = await api.remember({content, topic, project, workspace_id: workspace})
    const {uuid, session_id, workspace_id, truncated} = stored
    return truncated ? {uuid, session_id, workspace_id, truncated} : {uuid, session_id, workspace_id}
  },
  format({uuid, session_id, truncated}) {
    const cut = truncated ? ' It was longer than 50,000 characters, and was stored cut.' : ''
    return `Remembered.${cut}\nuuid ${identifier(uuid)} | session ${identifier(session_id)}`
  },
})
