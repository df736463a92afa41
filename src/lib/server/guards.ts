import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type {FastifyInstance} from 'fastify'
import type {ServerConfig} from '../config/server-config.ts'
import {BmfoteError} from '../model/errors.ts'
import {type Authenticate, bearerToken, createAuthenticate, unauthorized} from './authenticate.ts'
import {createOriginGuard} from './origin-guard.ts'

/** What every request passes, in this order: headers of ours, CORS, Host and Origin, the token, the rate. */
export async function addGuards(
  app: FastifyInstance,
  config: ServerConfig,
  authenticate: Authenticate = createAuthenticate(config.apiToken),
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })
  if (config.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...config.corsOrigins],
      credentials: false,
      methods: ['GET', 'POST', 'DELETE'],
      exposedHeaders: ['x-request-id', 'retry-after', 'www-authenticate'],
    })
  }
  const guardOrigin = createOriginGuard(config)
  app.addHook('onRequest', async (request) => {
    guardOrigin(request)
    if (request.is404 || request.routeOptions.config.open) return
    const principal = await authenticate(bearerToken(request.headers.authorization))
    if (!principal) throw unauthorized()
    const reason = request.routeOptions.config.surface ?? 'rest'
    request.caller = {principal, requestId: request.id, reason}
  })
  if (config.apiToken !== undefined && config.rateLimitPerMinute > 0) {
    await app.register(rateLimit, {
      max: config.rateLimitPerMinute,
      timeWindow: '1 minute',
      // Called before allowList, so on open routes too, where nobody has been asked who they are.
      keyGenerator: (request) => request.caller?.principal.id ?? '',
      allowList: (request) => request.caller === undefined,
      errorResponseBuilder: (_request, {ttl}) => rateLimited(config.rateLimitPerMinute, ttl),
    })
  }
}

function rateLimited(perMinute: number, ttlMs: number): BmfoteError {
  const seconds = Math.max(1, Math.ceil(ttlMs / 1_000))
  return new BmfoteError('rate_limited', `More than ${perMinute} requests in a minute.`, {
    next: `Try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  })
}
