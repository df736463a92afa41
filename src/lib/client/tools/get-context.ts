import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from '../protocol/limits.ts'
import type {ContextMessageBody} from '../protocol.ts'
import {ToolError} from './arguments.ts'
import {attribution, type Clipped, clip, identifier, QUOTED_NOTICE, quoteClipped} from './quote.ts'
import {
  type Attribution,
  attributed,
  attributionOf,
  content,
  fullLength,
  notice,
  workspace,
} from './result-schema.ts'
import {defineTool} from './tool.ts'

/** The message that was asked for comes whole; its neighbours share this much, so that an answer stays readable. */
const NEIGHBOUR_CHARS_TOTAL = 40_000
const NEIGHBOUR_CHARS_MAX = 8_000

const {context} = WIRE_LIMITS

const message = {
  type: 'object',
  properties: {...attributed, content, full_length: fullLength},
  required: ['uuid', 'session_id', 'content'],
} as const

const inputSchema = {
  type: 'object',
  properties: {
    uuid: {type: 'string', description: 'The uuid of the message'},
    context: {
      type: 'integer',
      description: `Messages before and after, ${context.min} to ${context.max}`,
      default: context.default,
    },
    workspace,
  },
  required: ['uuid'],
} as const

const outputSchema = {
  type: 'object',
  properties: {
    notice,
    message,
    before: {type: 'array', items: message},
    after: {type: 'array', items: message},
  },
  required: ['notice', 'message', 'before', 'after'],
} as const

export const getContext = defineTool<FromSchema<typeof inputSchema>, FromSchema<typeof outputSchema>>({
  name: 'get_context',
  title: 'Read a message in its context',
  description:
    'Read one message of memory whole, with the messages before and after it in the same session. Takes a uuid that ' +
    'search_memory, find_error, get_recent or remember gave.',
  inputSchema,
  outputSchema,
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true},
  async run(api, {uuid, context, workspace}) {
    const found = await api.getMessage(uuid, {context, workspace_id: workspace})
    if (!found) {
      throw new ToolError(
        `There is no message with the uuid ${identifier(uuid)} here. Take a uuid from search_memory or get_recent.`,
      )
    }
    const before = found.before ?? []
    const after = found.after ?? []
    const share = Math.floor(NEIGHBOUR_CHARS_TOTAL / Math.max(1, before.length + after.length))
    const neighbour = (body: ContextMessageBody) => {
      const where = attributionOf({...body, session_id: found.session_id, project: found.project})
      return {...where, ...clip(body.content, Math.min(share, NEIGHBOUR_CHARS_MAX))}
    }
    return {
      notice: QUOTED_NOTICE,
      message: {...attributionOf(found), content: found.content},
      before: before.map(neighbour),
      after: after.map(neighbour),
    }
  },
  format({message, before, after}) {
    return [
      QUOTED_NOTICE,
      ...before.map((neighbour) => block('Before', neighbour)),
      block('The message', message),
      ...after.map((neighbour) => block('After', neighbour)),
    ].join('\n\n')
  },
})

function block(heading: string, shown: Attribution & Clipped): string {
  return `${heading}: ${attribution(shown)}\n${quoteClipped(shown)}`
}
