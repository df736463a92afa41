import type {FastifyError, FastifyReply, FastifyRequest} from 'fastify'
import type {ErrorBody} from '../client/protocol.ts'
import {BmfoteError, type ErrorCode, type ErrorShape} from '../model/errors.ts'

export const STATUS_BY_CODE: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  database_busy: 503,
  database_full: 507,
  database_too_new: 503,
  database_foreign: 503,
  database_corrupt: 503,
  internal: 500,
}

/** What fastify itself refuses, in our words; its other refusals of a request are `invalid_input` too. */
const FASTIFY_REFUSALS: Record<string, ErrorShape> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'too_large',
    message: 'The request is larger than 10 MB.',
    next: 'Send less at a time.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {code: 'invalid_input', message: 'The body is not valid JSON.'},
  FST_ERR_CTP_EMPTY_JSON_BODY: {code: 'invalid_input', message: 'The body is empty, and JSON is expected.'},
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'invalid_input',
    message: 'The body is not declared as JSON.',
    next: 'Send it with the header Content-Type: application/json.',
  },
  FST_ERR_BAD_URL: {
    code: 'invalid_input',
    message: 'The path is not a well-formed URL path.',
    next: 'Percent-encode what you put into it.',
  },
}

/** Answers any error as `{"error", "code", "next"}`. What is not meant for the caller's eyes stays in the log. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toBmfoteError(error)
  const status = STATUS_BY_CODE[known.code]
  if (status >= 500) request.log.error({err: error, code: known.code}, 'request failed')
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(keptStatus(error) ?? status).send(toErrorBody(known))
}

export function toErrorBody(error: BmfoteError): ErrorBody {
  return {error: error.message, code: error.code, next: error.next}
}

export function toBmfoteError(error: unknown): BmfoteError {
  if (error instanceof BmfoteError) return error.code === 'internal' ? internalError() : error
  const {code, statusCode} = (error ?? {}) as Partial<FastifyError>
  const refusal = code === undefined ? undefined : FASTIFY_REFUSALS[code]
  if (refusal) return BmfoteError.fromShape(refusal)
  // Fastify's own sentences for a client's mistakes name headers and limits, never values.
  if (code?.startsWith('FST_') && statusCode !== undefined && statusCode < 500) {
    return new BmfoteError('invalid_input', `${(error as Error).message}.`)
  }
  return internalError()
}

/** A status that says more than our code does: 405, 415, 431. */
function keptStatus(error: unknown): number | undefined {
  if (error instanceof BmfoteError) return undefined
  const {code, statusCode} = (error ?? {}) as Partial<FastifyError>
  const isClients = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  return isClients && code?.startsWith('FST_') ? statusCode : undefined
}

function internalError(): BmfoteError {
  return new BmfoteError('internal', 'Something went wrong inside the server.', {
    next: "Look for this answer's x-request-id in the server's log.",
  })
}
