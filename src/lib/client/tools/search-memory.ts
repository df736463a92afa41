import type {FromSchema} from 'json-schema-to-ts'
import {WIRE_LIMITS} from '../protocol/limits.ts'
import type {SearchHitBody} from '../protocol.ts'
import {attribution, label, QUOTED_NOTICE, quote} from './quote.ts'
import {attributed, attributionOf, notice, workspace} from './result-schema.ts'
import {defineTool} from './tool.ts'

const {limit} = WIRE_LIMITS.search

const inputSchema = {
  type: 'object',
  properties: {
    query: {type: 'string', description: 'A question or words; a "quoted phrase" is matched as such'},
    limit: {type: 'integer', description: `Hits, ${limit.min} to ${limit.max}`, default: limit.default},
    type: {type: 'string', enum: ['user', 'assistant'], description: 'Only what this side said'},
    workspace,
  },
  required: ['query'],
} as const

const outputSchema = {
  type: 'object',
  properties: {
    notice,
    understood_date: {type: 'string', description: 'What time words of the query were understood as'},
    hits: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...attributed,
          snippet: {type: 'string', description: 'A passage with the hits between >>> and <<<'},
        },
        required: ['uuid', 'session_id', 'snippet'],
      },
    },
  },
  required: ['notice', 'hits'],
} as const

export const searchMemory = defineTool<FromSchema<typeof inputSchema>, FromSchema<typeof outputSchema>>({
  name: 'search_memory',
  title: 'Search memory',
  description:
    'Search everything that was said and done in earlier sessions, by all of the AI tools that share this memory. ' +
    'Call it before you answer or act on anything that may have come up before: decisions, preferences, earlier ' +
    'work, names. Best hits first; get_context reads around a hit.',
  inputSchema,
  outputSchema,
  annotations: {readOnlyHint: true, destructiveHint: false, idempotentHint: true},
  async run(api, {query, limit, type, workspace}) {
    return answerOf(await api.search({q: query, limit, type, workspace_id: workspace}))
  },
  format: show,
})

/** Hits as an agent reads them. */
export function showHits(hits: readonly SearchHitBody[]): string {
  return show(answerOf(hits))
}

type Answer = FromSchema<typeof outputSchema>

function answerOf(hits: readonly SearchHitBody[]): Answer {
  return {
    notice: QUOTED_NOTICE,
    ...(hits[0]?.understood_date ? {understood_date: hits[0].understood_date} : {}),
    hits: hits.map((hit) => ({...attributionOf(hit), snippet: hit.snippet})),
  }
}

function show({hits, understood_date}: Answer): string {
  if (hits.length === 0) return 'Nothing in memory matches. Try fewer words, other words, or get_recent.'
  const blocks = hits.map((hit, index) => `[${index + 1}] ${attribution(hit)}\n${quote(hit.snippet)}`)
  const heading = `${hits.length} ${hits.length === 1 ? 'hit' : 'hits, best first'}. ${QUOTED_NOTICE}`
  const time = understood_date ? [`Time understood as ${label(understood_date)}.`] : []
  return [heading, ...time, ...blocks, 'To read around a hit, call get_context with its uuid.'].join('\n\n')
}
