import type {FastifySchema} from 'fastify'
import {errorBody} from '../client/protocol.ts'
import {PRODUCT} from '../config/product.ts'
import type {Route} from './route-table.ts'

declare module 'fastify' {
  interface FastifySchema {
    summary?: string
    /** The name of the operation in generated clients. */
    operationId?: string
    /** The type of an answer that is not JSON. */
    produces?: string
  }
}

type Json = Record<string, unknown>

interface ObjectShape {
  properties?: Record<string, Json>
  required?: readonly string[]
}

/** The OpenAPI 3.1 document of the given routes, made of the very schemas that check their requests. */
export function describeRoutes(routes: readonly Route[]): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const route of routes.filter(isDescribed)) {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    paths[path] = {...paths[path], [route.method.toLowerCase()]: describeRoute(route, components)}
  }
  return {
    openapi: '3.1.0',
    info: {
      title: PRODUCT.name,
      version: PRODUCT.version,
      description: PRODUCT.description,
      license: {name: PRODUCT.license, identifier: PRODUCT.license},
    },
    externalDocs: {description: 'The source of this server', url: PRODUCT.source},
    servers: [{url: '/'}],
    paths,
    components: {
      schemas: components,
      securitySchemes: {bearer: {type: 'http', scheme: 'bearer', description: 'None where no token is set'}},
    },
  }
}

/** HEAD goes without saying, and OPTIONS is CORS's. */
function isDescribed({method, schema}: Route): boolean {
  return schema?.summary !== undefined && method !== 'HEAD' && method !== 'OPTIONS'
}

function describeRoute({schema = {}, open}: Route, components: Json): Json {
  const parameters = [
    ...describeParameters('path', schema.params as ObjectShape | undefined),
    ...describeParameters('query', schema.querystring as ObjectShape | undefined),
  ]
  return {
    operationId: schema.operationId,
    summary: schema.summary,
    ...(parameters.length > 0 ? {parameters} : {}),
    ...(schema.body ? {requestBody: {required: true, content: json(schema.body, components)}} : {}),
    responses: describeResponses(schema, components),
    ...(open ? {} : {security: [{bearer: []}, {}]}),
  }
}

function describeParameters(place: 'path' | 'query', shape: ObjectShape | undefined): Json[] {
  return Object.entries(shape?.properties ?? {}).map(([name, {description, ...schema}]) => ({
    name,
    in: place,
    required: place === 'path' || (shape?.required?.includes(name) ?? false),
    ...(description ? {description} : {}),
    schema,
  }))
}

function describeResponses({response, produces}: FastifySchema, components: Json): Json {
  const responses = (response as Record<string, Json> | undefined) ?? {'200': {}}
  const described = Object.entries(responses).map(([status, schema]) => [
    status,
    {
      description: status === '200' ? 'Done' : 'Not done',
      content: produces === undefined ? json(schema, components) : {[produces]: {schema: {type: 'string'}}},
    },
  ])
  const refused = {description: 'Refused, with the reason', content: json(errorBody, components)}
  return {...Object.fromEntries(described), default: refused}
}

function json(schema: unknown, components: Json): Json {
  return {'application/json': {schema: withReferences(schema, components)}}
}

/** A schema with an `$id` is described once, under that name, and referred to wherever it is used. */
function withReferences(value: unknown, components: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, components))
  if (value === null || typeof value !== 'object') return value
  const {$id, ...schema} = value as Json
  const entries = Object.entries(schema).map(([key, item]) => [key, withReferences(item, components)])
  const resolved = Object.fromEntries(entries)
  if (typeof $id !== 'string') return resolved
  components[$id] = resolved
  return {$ref: `#/components/schemas/${$id}`}
}
