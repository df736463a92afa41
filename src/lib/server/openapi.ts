import {loadServerConfig} from '../config/server-config.ts'
import type {Memory} from '../memory/memory.ts'
import {buildApp} from './app.ts'
import {describeRoutes} from './describe-routes.ts'

/** The document that a server gives at /openapi.json, without one: for schema/openapi.json. */
export async function buildOpenApi(): Promise<object> {
  // Routes are only described, never asked, so there is nothing for a memory to do.
  const app = await buildApp({memory: {} as Memory, config: loadServerConfig({}, {})})
  await app.ready()
  const document = describeRoutes(app.routeTable)
  await app.close()
  return document
}
