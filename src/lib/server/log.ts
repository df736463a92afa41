import type {FastifyBaseLogger, FastifyInstance} from 'fastify'
import {type DestinationStream, pino} from 'pino'
import {PinoPretty, type PrettyStream} from 'pino-pretty'
import type {LogLevel} from './log-level.ts'

/** Asked by machines several times a minute: at `info` a quiet server's log would hold nothing else. */
const ASKED_BY_MACHINES: ReadonlySet<string> = new Set(['/health', '/metrics'])

export interface ServerLogOptions {
  /** Lines for a person at a terminal; otherwise one JSON document a line. */
  pretty: boolean
  /** Default: stderr. */
  stream?: DestinationStream
  /** Default: info, which is a line a request. */
  level?: LogLevel
}

/** Streams of this process only: a compiled binary can't start pino's worker transports. */
export function createServerLog(options: ServerLogOptions): FastifyBaseLogger {
  const stream = options.stream ?? pino.destination({dest: 2, sync: true})
  return pino(
    {base: undefined, level: options.level ?? 'info', serializers: {err: describeFailure}},
    options.pretty ? prettyStream(stream) : stream,
  )
}

/** A request on a line, for a person who looks on. */
function prettyStream(destination: DestinationStream): PrettyStream {
  return PinoPretty({
    destination,
    sync: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'method,route,status,ms,principal',
    messageFormat: ({route, method, status, ms, msg}) =>
      route ? `${method} ${route} ${status} in ${ms} ms` : String(msg),
  })
}

/**
 * One line a request. Named by the pattern of its route: paths and query strings hold what people said, and headers
 * hold tokens.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      principal: request.caller?.principal.id,
    }
    const isRoutine = reply.statusCode < 400 && ASKED_BY_MACHINES.has(line.route)
    request.log[isRoutine ? 'debug' : 'info'](line, 'request')
  })
}

/** Where it failed, not what it said: the messages of parsers and databases quote the text that they choked on. */
export function describeFailure(error: unknown): object {
  if (!(error instanceof Error)) return {type: typeof error}
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const cause = error.cause === undefined ? undefined : describeFailure(error.cause)
  return {type: error.name, code, frames: frames.map((line) => line.trim()), cause}
}
