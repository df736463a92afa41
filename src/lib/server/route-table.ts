import type {FastifyInstance, FastifySchema} from 'fastify'

export interface Route {
  method: string
  /** The pattern, as `/api/message/:uuid`. */
  url: string
  schema?: FastifySchema
  open: boolean
}

/** Every route that is registered after this call: OpenAPI, 405 and the tests go by it. */
export function collectRoutes(app: FastifyInstance): Route[] {
  const routes: Route[] = []
  app.addHook('onRoute', ({method, url, schema, config}) => {
    for (const name of [method].flat()) routes.push({method: name, url, schema, open: config?.open ?? false})
  })
  return routes
}

/** The methods that the path of a URL would take. */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  const matching = routes.filter((route) => toPattern(route.url).test(path))
  return [...new Set(matching.map((route) => route.method))].sort()
}

function toPattern(url: string): RegExp {
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${escaped}/?$`)
}
