import {AnthropicError, APIConnectionError, APIConnectionTimeoutError, APIError} from '@anthropic-ai/sdk'
import {BmfoteError, type ErrorCode} from '../model/errors.ts'
import {retryAfterSeconds} from './anthropic-client.ts'

/** What the API has against it, as a sentence with the request's id: Anthropic's support asks for that. */
export async function callApi<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translateApiError(error)
  }
}

export function translateApiError(error: unknown): unknown {
  if (error instanceof APIConnectionError) return unreachable(error)
  if (error instanceof APIError) return refusal(error)
  if (error instanceof AnthropicError || isUnauthenticated(error)) return noCredentials(error)
  return error
}

/** The request may have been carried out, and the answer was lost. */
export function isAnswerLost(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true
  return error instanceof APIError && (error.status === 408 || (error.status >= 500 && error.status !== 529))
}

/** It was not carried out, and a repeat makes sense. */
export function isPutOff(error: unknown): boolean {
  return (
    error instanceof APIError &&
    (error.status === 429 || error.status === 529) &&
    error.headers?.get('x-should-retry') !== 'false'
  )
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof APIError ? error.status : undefined
}

export function headersOf(error: unknown): Headers | undefined {
  return error instanceof APIError ? error.headers : undefined
}

function unreachable(error: APIConnectionError): BmfoteError {
  const timedOut = error instanceof APIConnectionTimeoutError
  return new BmfoteError(
    'unavailable',
    `Anthropic's API ${timedOut ? 'did not answer in time' : "can't be reached"}.`,
    {
      next: 'Check that this machine is online, and ANTHROPIC_BASE_URL if it is set.',
      cause: error,
    },
  )
}

const NO_CREDENTIALS = /resolve authentication|apiKey|credentials/i

/** The SDK says so by an error of no class. */
function isUnauthenticated(error: unknown): error is Error {
  return error instanceof Error && /resolve authentication/i.test(error.message)
}

function noCredentials(error: Error): BmfoteError {
  const isMissing = NO_CREDENTIALS.test(error.message)
  return new BmfoteError(
    'unauthorized',
    isMissing ? "There is no key for Anthropic's API." : `Anthropic's SDK says: ${error.message}`,
    {next: 'export ANTHROPIC_API_KEY=… (from the Claude Console), and run it again', cause: error},
  )
}

interface Saying {
  code: ErrorCode
  sentence: string
  next?: string
}

function refusal(error: APIError): BmfoteError {
  const {code, sentence, next} = explain(error)
  const id = error.requestID ? ` (request ${error.requestID})` : ''
  return new BmfoteError(code, `${sentence}${id}`, {
    next,
    retryAfterSeconds: retryAfterSeconds(error.headers),
    cause: error,
  })
}

function explain(error: APIError): Saying {
  const {status, apiMessage} = error
  const said = apiMessage ? `: ${withoutStop(apiMessage)}` : ''
  if (isBetaClosed(error)) {
    return {
      code: 'forbidden',
      sentence: `This organization has no access to Managed Agents${said}.`,
      next: 'Ask for the beta in the Claude Console, or use a key of an organization that has it.',
    }
  }
  if (apiMessage === null) return notTheApi(status)
  switch (status) {
    case 401:
      return {
        code: 'unauthorized',
        sentence: `Anthropic does not take this key${said}.`,
        next: 'Check ANTHROPIC_API_KEY: a key of the Claude Console, whole, and not revoked.',
      }
    case 403:
      return {code: 'forbidden', sentence: `Anthropic does not allow this${said}.`, next: 'Use another key.'}
    case 404:
      return {
        code: 'not_found',
        sentence: `Anthropic knows no such thing${said}.`,
        next: 'bmfote agent list shows the agents that this key reaches.',
      }
    case 409:
      return {
        code: 'conflict',
        sentence: `Somebody else has changed it at the same time${said}.`,
        next: 'Run it again: it reads everything anew.',
      }
    case 413:
      return {code: 'too_large', sentence: `That is more than Anthropic's API takes${said}.`}
    case 429:
      return {
        code: 'rate_limited',
        sentence: `Anthropic's rate limit is reached${said}.`,
        next: comeBack(error),
      }
    case 529:
      return {code: 'unavailable', sentence: "Anthropic's API is overloaded.", next: comeBack(error)}
    default:
      return otherwise(error, said)
  }
}

function otherwise(error: APIError, said: string): Saying {
  const {status = 0} = error
  if (status >= 500 || status === 0) {
    return {
      code: 'unavailable',
      sentence: `Anthropic's API has failed${status ? ` (${status})` : ''}${said}.`,
      next: comeBack(error),
    }
  }
  if (status === 402) {
    return {
      code: 'forbidden',
      sentence: `Anthropic wants to be paid first${said}.`,
      next: 'See Billing in the Claude Console.',
    }
  }
  return {code: 'invalid_input', sentence: `Anthropic's API refuses it${said}.`}
}

function isBetaClosed({errorCode, apiMessage, status}: APIError): boolean {
  if (errorCode === 'organization_not_enrolled_in_beta') return true
  return [400, 403, 404].includes(status ?? 0) && /\bbeta\b|access to managed agents/i.test(apiMessage ?? '')
}

/** A proxy's page, or another program. */
function notTheApi(status: number | undefined): Saying {
  return {
    code: status === 401 || status === 403 ? 'unauthorized' : 'unavailable',
    sentence: `What answers is not Anthropic's API${status ? ` (it says ${status})` : ''}.`,
    next: 'Check ANTHROPIC_BASE_URL if it is set; a proxy may be in between.',
  }
}

function comeBack({headers}: APIError): string {
  const seconds = retryAfterSeconds(headers)
  return seconds === undefined ? 'Try it again in a minute.' : `Try it again in ${seconds} seconds.`
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '')
}
