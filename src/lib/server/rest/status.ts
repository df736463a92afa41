import type {FastifyInstance} from 'fastify'
import {serverStatus} from '../../client/protocol.ts'
import {PRODUCT} from '../../config/product.ts'
import type {Memory} from '../../memory/memory.ts'
import {toWire} from '../../memory/wire.ts'
import {readDatabaseStanding} from '../database-standing.ts'
import type {Metrics} from '../metrics.ts'

export function registerStatus(
  app: FastifyInstance,
  {memory, metrics}: {memory: Memory; metrics: Metrics},
): void {
  const startedAt = new Date().toISOString()
  app.get('/api/status', {
    schema: {
      operationId: 'status',
      summary: 'How it stands with the server and its database',
      response: {200: serverStatus},
    },
    handler: async (request) => {
      const {messages, sessions} = await memory.getStats(request.caller, {})
      return toWire({
        version: PRODUCT.version,
        startedAt,
        messages,
        sessions,
        writesUnderWay: metrics.writesUnderWay(),
        ...(await readDatabaseStanding(memory)),
      })
    },
  })
}
