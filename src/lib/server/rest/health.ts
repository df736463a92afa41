import type {FastifyInstance} from 'fastify'
import {health} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'
import {toBmfoteError} from '../http-errors.ts'

export function registerHealth(app: FastifyInstance, memory: Memory): void {
  app.get('/health', {
    config: {open: true},
    schema: {
      operationId: 'health',
      summary: 'Whether the database answers',
      response: {200: health, 503: health},
    },
    handler: async (request, reply) => {
      try {
        await memory.checkHealth()
      } catch (error) {
        request.log.error({err: error}, 'the database does not answer')
        // Anybody may ask, and is not told where the database is: the log and /api/status say.
        const {code} = toBmfoteError(error)
        return reply.code(503).send({status: 'unhealthy', error: `The database does not answer (${code}).`})
      }
      return {status: 'ok'}
    },
  })
}
