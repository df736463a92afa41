import {randomUUID} from 'node:crypto'
import Fastify, {
  errorCodes,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import {WIRE_LIMITS} from '../client/protocol.ts'
import type {ServerConfig} from '../config/server-config.ts'
import type {Memory} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import type {Caller} from '../model/principal.ts'
import type {Authenticate} from './authenticate.ts'
import {watchDatabase} from './database-standing.ts'
import {addGuards} from './guards.ts'
import {sendError, toErrorBody} from './http-errors.ts'
import {logRequests} from './log.ts'
import {registerMcp} from './mcp/http.ts'
import {createMetrics, type Metrics} from './metrics.ts'
import {registerRest} from './rest/index.ts'
import {collectRoutes, methodsOf, type Route} from './route-table.ts'
import {answerBrokenRequest} from './socket-errors.ts'
import {createValidatorCompiler} from './validate.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every route that is not open. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Needs no token. */
    open?: boolean
    /** Default `rest`. */
    surface?: 'rest' | 'mcp'
  }
  interface FastifyInstance {
    routeTable: readonly Route[]
  }
}

export interface AppOptions {
  memory: Memory
  config: ServerConfig
  /** Default: the configured token, or none. */
  authenticate?: Authenticate
  log?: FastifyBaseLogger
  /** Tells this run of the server from any other, for whoever finds its address in a file. */
  instance?: string
  /** Default: its own. Whoever opened the memory may have gauges to add. */
  metrics?: Metrics
}

/** The whole server but for the socket; tests inject requests into it. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const metrics = options.metrics ?? createMetrics()
  const memory = metrics.measure(options.memory)
  const app = Fastify({
    ...(options.log ? {loggerInstance: options.log} : {}),
    logController: new LogController({disableRequestLogging: true}),
    bodyLimit: WIRE_LIMITS.bodyBytes,
    // Keys that could reach a prototype are dropped, as any field that we don't know.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    genReqId: requestId,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.config.trustProxy ? isNearestProxy : false,
    // Who is still connected when the server stops is served to the end, then told to go.
    return503OnClosing: false,
    http: {maxHeaderSize: HEADER_BYTES_MAX},
    clientErrorHandler: answerBrokenRequest,
    routerOptions: {ignoreTrailingSlash: true, maxParamLength: PATH_PARAMETER_CHARS_MAX},
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  })
  const routes = collectRoutes(app)
  app.decorate('routeTable', routes)
  app.decorateRequest('caller')
  app.setValidatorCompiler(createValidatorCompiler())
  app.setErrorHandler(sendError)
  app.setNotFoundHandler((request, reply) => sendNotFound(routes, request, reply))
  acceptJsonOnly(app)
  logRequests(app)
  metrics.watch(app)
  letGoWhenClosing(app)
  watchDatabase(metrics, memory)
  await addGuards(app, options.config, options.authenticate)
  registerRest(app, {memory, metrics, instance: options.instance})
  registerMcp(app, memory)
  return app
}

/** A long `q` or `error` travels in the URL, three bytes for each byte that needs an escape. */
const HEADER_BYTES_MAX = 64 * 1024
/** Ids are up to 256 characters, and a character up to twelve when it is percent-encoded. */
const PATH_PARAMETER_CHARS_MAX = 12 * 512
const REQUEST_TIMEOUT_MS = 120_000

/** The one that connects to us is believed; whoever stands before it may write any header. */
const isNearestProxy = (_address: string, hop: number) => hop === 0

/** A sender's own id is kept, so that its log and ours can be joined. */
function requestId(request: {headers: Record<string, string | string[] | undefined>}): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** A connection that is kept for a next request would hold up the end of the server. */
function letGoWhenClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}

/** JSON, also where the sender forgot to say so; anything else is refused, with the reason. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain')
  const parseJson = app.getDefaultJsonParser('remove', 'remove')
  app.addContentTypeParser('*', {parseAs: 'string'}, (request, body, done) => {
    if (request.headers['content-type'] === undefined) return parseJson(request, body.toString(), done)
    done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE())
  })
}

function sendNotFound(routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = methodsOf(routes, path)
  const next = 'GET / names the routes, GET /openapi.json describes them.'
  if (methods.length === 0) {
    return reply
      .code(404)
      .send(toErrorBody(new BmfoteError('not_found', 'There is nothing at this path.', {next})))
  }
  const refusal = new BmfoteError('invalid_input', `This path takes ${methods.join(', ')}.`, {next})
  return reply.code(405).header('allow', methods.join(', ')).send(toErrorBody(refusal))
}
