import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from '../protocol/limits.ts'
import {attribution, clip, QUOTED_NOTICE, quoteClipped} from './quote.ts'
import {attributed, attributionOf, content, fullLength, notice, workspace} from './result-schema.ts'
import {defineTool} from './tool.ts'

/** All messages of an answer share this much, so that asking for many costs no more than asking for a few. */
const CONTENT_CHARS_TOTAL = 40_000
const CONTENT_CHARS_MAX = 4_000

const {hours, limit} = WIRE_LIMITS.recent

const inputSchema = {
  type: 'object',
  properties: {
    hours: {
      type: 'integer',
      description: `How far back, ${hours.min} to ${hours.max}`,
      default: hours.default,
    },
    limit: {type: 'integer', description: `Messages, ${limit.min} to ${limit.max}`, default: limit.default},
    workspace,
  },
} as const

const outputSchema = {
  type: 'object',
  properties: {
    notice,
    messages: {
      type: 'array',
      items: {
        type: 'object',
        properties: {...attributed, content, full_length: fullLength},
        required: ['uuid', 'session_id', 'content'],
      },
    },
  },
  required: ['notice', 'messages'],
} as const

export const getRecent = defineTool<FromSchema<typeof inputSchema>, FromSchema<typeof outputSchema>>({
  name: 'get_recent',
  title: 'Read the most recent messages',
  description:
    'Read what was said most recently, newest first, in all sessions and AI tools that share this memory. Call it to ' +
    'pick up work where it was left. Long messages are cut; get_context gives one whole.',
  inputSchema,
  outputSchema,
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true},
  async run(api, {hours, limit, workspace}) {
    const bodies = await api.recent({hours, limit, workspace_id: workspace})
    const share = Math.floor(CONTENT_CHARS_TOTAL / Math.max(1, bodies.length))
    return {
      notice: QUOTED_NOTICE,
      messages: bodies.map((body) => {
        return {...attributionOf(body), ...clip(body.content, Math.min(share, CONTENT_CHARS_MAX))}
      }),
    }
  },
  format({messages}) {
    if (messages.length === 0) return 'Nothing was recorded in that time. Raise hours, or use search_memory.'
    const blocks = messages.map((message, index) => {
      return `[${index + 1}] ${attribution(message)}\n${quoteClipped(message)}`
    })
    const count = `${messages.length} ${messages.length === 1 ? 'message' : 'messages, newest first'}`
    return [`${count}. ${QUOTED_NOTICE}`, ...blocks].join('\n\n')
  },
})
