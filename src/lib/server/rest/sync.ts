import type {FastifyInstance} from 'fastify'
import {type SyncResultBody, syncResult} from '../../client/protocol.ts'

export function registerSync(app: FastifyInstance): void {
  app.post('/api/sync', {
    schema: {
      operationId: 'sync',
      summary: 'Pull and push an embedded replica now',
      response: {200: syncResult},
    },
    handler: async (): Promise<SyncResultBody> => ({
      status: 'skipped',
      reason: 'The database is a local file, so there is nothing to sync with.',
    }),
  })
}
