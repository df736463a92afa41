import type {ApiFailure} from './api-shapes.ts'

/** The `type` of an error by its status, as the API's documentation lists them. */
const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** A refusal that becomes an answer in the API's form. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly details: {error_code: string} | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    {errorCode, headers = {}}: {errorCode?: string; headers?: Record<string, string>} = {},
  ) {
    super(message)
    this.status = status
    this.details = errorCode ? {error_code: errorCode} : undefined
    this.headers = headers
  }

  toBody(requestId: string): ApiFailure {
    const type = TYPES[this.status] ?? 'api_error'
    const details = this.details ? {details: this.details} : {}
    return {type: 'error', error: {type, message: this.message, ...details}, request_id: requestId}
  }
}

export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, `${what} ${id} was not found.`)
}

export function invalid(message: string, errorCode?: string): ApiError {
  return new ApiError(400, message, {errorCode})
}
