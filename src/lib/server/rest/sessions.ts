import type {FastifyInstance} from 'fastify'
import {
  DEFAULT_WORKSPACE_ID,
  type DeleteSessionParams,
  deleteResult,
  deleteSessionQuery,
  idParams,
  type NewSessionBody,
  type SessionResultBody,
  type SessionsParams,
  session,
  sessionBody,
  sessionResult,
  sessionsQuery,
} from '../../client/protocol.ts'
import type {ListSessionsQuery, Memory} from '../../memory/memory.ts'
import {inputFromWire, toWire} from '../../memory/wire.ts'
import type {NewSession} from '../../model/session.ts'

export function registerSessions(app: FastifyInstance, memory: Memory): void {
  app.get<{Querystring: SessionsParams}>('/api/sessions', {
    schema: {
      operationId: 'sessions',
      summary: 'Sessions, newest first',
      querystring: sessionsQuery,
      response: {200: {type: 'array', items: session}},
    },
    handler: async (request) =>
      toWire(await memory.listSessions(request.caller, inputFromWire<ListSessionsQuery>(request.query))),
  })
  app.post<{Body: NewSessionBody}>('/api/sessions', {
    schema: {
      operationId: 'recordSession',
      summary: 'Store what is known of a session; what is left out is kept',
      body: sessionBody,
      response: {200: sessionResult},
    },
    handler: async (request): Promise<SessionResultBody> => {
      const {session_id, workspace_id} = request.body
      await memory.recordSession(request.caller, inputFromWire<NewSession>(request.body))
      return {session_id, status: 'ok', workspace_id: workspace_id ?? DEFAULT_WORKSPACE_ID}
    },
  })
  app.delete<{Params: {id: string}; Querystring: DeleteSessionParams}>('/api/sessions/:id', {
    schema: {
      operationId: 'deleteSession',
      summary: 'Delete a session and its messages for good',
      params: idParams,
      querystring: deleteSessionQuery,
      response: {200: deleteResult},
    },
    handler: (request) =>
      memory.deleteMessages(request.caller, {...inputFromWire(request.query), sessionId: request.params.id}),
  })
}
