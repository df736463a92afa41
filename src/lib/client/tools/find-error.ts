import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from '../protocol/limits.ts'
import {attribution, QUOTED_NOTICE, quote} from './quote.ts'
import {attributed, attributionOf, notice, workspace} from './result-schema.ts'
import {defineTool} from './tool.ts'

const {limit} = WIRE_LIMITS.findError

const inputSchema = {
  type: 'object',
  properties: {
    error_text: {type: 'string', description: 'The error as it was printed, or its telling part'},
    limit: {type: 'integer', description: `Matches, ${limit.min} to ${limit.max}`, default: limit.default},
    workspace,
  },
  required: ['error_text'],
} as const

const outputSchema = {
  type: 'object',
  properties: {
    notice,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...attributed,
          error_context: {type: 'string', description: 'The text around the error'},
          solution: {type: 'string', description: 'What followed it, where something did'},
        },
        required: ['uuid', 'session_id', 'error_context'],
      },
    },
  },
  required: ['notice', 'errors'],
} as const

export const findError = defineTool<FromSchema<typeof inputSchema>, FromSchema<typeof outputSchema>>({
  name: 'find_error',
  title: 'Find an error seen before',
  description:
    'Find out whether an error came up before, and what followed it then. Call it as soon as a command, a test or a ' +
    'tool fails, with the error text as it was printed.',
  inputSchema,
  outputSchema,
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true},
  async run(api, {error_text, limit, workspace}) {
    const matches = await api.findError({error: error_text, limit, workspace_id: workspace})
    return {
      notice: QUOTED_NOTICE,
      errors: matches.map((match) => ({
        ...attributionOf(match),
        error_context: match.error_context,
        ...(match.solution ? {solution: match.solution} : {}),
      })),
    }
  },
  format({errors}) {
    if (errors.length === 0)
      return 'No such error in memory. Try its telling part alone, without paths and numbers.'
    const blocks = errors.map((match, index) => {
      const followed = match.solution ? `What followed:\n${quote(match.solution)}` : 'Nothing followed it.'
      return `[${index + 1}] ${attribution(match)}\n${quote(match.error_context)}\n${followed}`
    })
    const heading = `${errors.length} ${errors.length === 1 ? 'match' : 'matches'}. ${QUOTED_NOTICE}`
    return [heading, ...blocks, 'To read the whole story, call get_context with a uuid.'].join('\n\n')
  },
})
