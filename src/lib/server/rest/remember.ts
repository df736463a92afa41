import type {FastifyInstance} from 'fastify'
import {type RememberBody, rememberBody, rememberResult} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'
import {memoryApi} from '../memory-api.ts'

export function registerRemember(app: FastifyInstance, memory: Memory): void {
  app.post<{Body: RememberBody}>('/api/remember', {
    schema: {
      operationId: 'remember',
      summary: 'Store one thing to remember, as the MCP tool does',
      body: rememberBody,
      response: {200: rememberResult},
    },
    handler: (request) => memoryApi(memory, request.caller).remember(request.body),
  })
}
