import type {FastifyInstance} from 'fastify'
import {type DiscoveryBody, discovery} from '../../client/protocol.ts'
import {PRODUCT} from '../../config/product.ts'
import {describeRoutes} from '../describe-routes.ts'

export function registerDiscovery(app: FastifyInstance, instance?: string): void {
  app.get('/', {
    config: {open: true},
    schema: {operationId: 'discover', summary: 'What this is and where to go', response: {200: discovery}},
    handler: async (): Promise<DiscoveryBody> => ({
      name: PRODUCT.name,
      version: PRODUCT.version,
      license: PRODUCT.license,
      source: PRODUCT.source,
      search: '/api/search?q={query}',
      fetch: '/api/message/{uuid}',
      recent: '/api/recent?hours={hours}',
      spec: '/openapi.json',
      mcp: '/mcp',
      instance,
    }),
  })
  let document: object | undefined
  app.get('/openapi.json', {
    config: {open: true},
    schema: {operationId: 'openapi', summary: 'This document'},
    handler: async () => {
      document ??= describeRoutes(app.routeTable)
      return document
    },
  })
}
