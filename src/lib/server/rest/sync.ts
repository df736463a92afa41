import type {FastifyInstance} from 'fastify'
import {type SyncResultBody, syncResult} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'

export function registerSync(app: FastifyInstance, memory: Memory): void {
  app.post('/api/sync', {
    schema: {
      operationId: 'sync',
      summary: 'Pull and push an embedded replica now',
      response: {200: syncResult},
    },
    handler: async (): Promise<SyncResultBody> =>
      (await memory.sync?.()) ?? {status: 'skipped', reason: 'The memory is kept elsewhere.'},
  })
}
