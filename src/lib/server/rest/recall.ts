import type {FastifyInstance} from 'fastify'
import {type RecallParams, recallQuery, recallResult} from '../../client/protocol.ts'
import type {Memory, RecallQuery} from '../../memory/memory.ts'
import {inputFromWire, toWire} from '../../memory/wire.ts'

export function registerRecall(app: FastifyInstance, memory: Memory): void {
  app.get<{Querystring: RecallParams}>('/api/recall', {
    schema: {
      operationId: 'recall',
      summary: 'What is worth knowing before one starts, as one block of quoted text',
      querystring: recallQuery,
      response: {200: recallResult},
    },
    handler: async (request) => {
      const {q: query, ...params} = request.query
      const asked = {...inputFromWire<Omit<RecallQuery, 'query'>>(params), query}
      return toWire(await memory.recall(request.caller, asked))
    },
  })
}
