import type {FastifyInstance} from 'fastify'
import {nameParams, type ProjectParams, projectMessage, projectQuery} from '../../client/protocol.ts'
import type {ListProjectQuery, Memory} from '../../memory/memory.ts'
import {inputFromWire, toWire} from '../../memory/wire.ts'

export function registerProjects(app: FastifyInstance, memory: Memory): void {
  app.get<{Params: {name: string}; Querystring: ProjectParams}>('/api/project/:name', {
    schema: {
      operationId: 'project',
      summary: 'The messages of one project, newest first',
      params: nameParams,
      querystring: projectQuery,
      response: {200: {type: 'array', items: projectMessage}},
    },
    handler: async (request) => {
      const query = inputFromWire<Omit<ListProjectQuery, 'project'>>(request.query)
      return toWire(await memory.listProject(request.caller, {...query, project: request.params.name}))
    },
  })
}
