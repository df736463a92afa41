import type {FastifyInstance} from 'fastify'
import {stats, type WorkspaceParams, workspaceQuery} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'
import {inputFromWire, toWire} from '../../memory/wire.ts'

export function registerStats(app: FastifyInstance, memory: Memory): void {
  app.get<{Querystring: WorkspaceParams}>('/api/stats', {
    schema: {
      operationId: 'stats',
      summary: 'Counts and dates, of one workspace or of all that the caller may read',
      querystring: workspaceQuery,
      response: {200: stats},
    },
    handler: async (request) => toWire(await memory.getStats(request.caller, inputFromWire(request.query))),
  })
}
