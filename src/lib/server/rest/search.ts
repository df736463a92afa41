import type {FastifyInstance} from 'fastify'
import {
  errorMatch,
  type SearchParams,
  type SimilarErrorParams,
  searchHit,
  searchQuery,
  similarErrorQuery,
} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'
import {memoryApi} from '../memory-api.ts'

export function registerSearch(app: FastifyInstance, memory: Memory): void {
  app.get<{Querystring: SearchParams}>('/api/search', {
    schema: {
      operationId: 'search',
      summary: 'Search messages, best first',
      querystring: searchQuery,
      response: {200: {type: 'array', items: searchHit}},
    },
    handler: (request) => memoryApi(memory, request.caller).search(request.query),
  })
  app.get<{Querystring: SimilarErrorParams}>('/api/similar-error', {
    schema: {
      operationId: 'findError',
      summary: 'Find an error that came up before, and what followed it',
      querystring: similarErrorQuery,
      response: {200: {type: 'array', items: errorMatch}},
    },
    handler: (request) => memoryApi(memory, request.caller).findError(request.query),
  })
}
