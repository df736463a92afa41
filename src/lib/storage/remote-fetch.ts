import {BmfoteError} from '../model/errors.ts'

/** A statement may wait five seconds for another writer. */
export const ANSWER_MS_MAX = 15_000
/** A step of the schema may have to look at every row. */
export const SCHEMA_MS_MAX = 120_000

/** Fails as an answer that did not come: by a proxy or a platform in between, which knows nothing of the database. */
const GATEWAY_STATUSES = new Set([429, 502, 503, 504])

/** Why a request that was sent has no answer of the database; `wasNotAnswered` knows it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/**
 * The client's way to the network: every request has an end, and an answer that is about the address or the token, not
 * about the statement, becomes an error with a sentence here, for the client would keep only its number.
 */
export function remoteFetch(
  place: string,
  answerMsMax = ANSWER_MS_MAX,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetchWhole(request, answerMsMax).catch((cause) => {
      throw new NoAnswer(`${place} does not answer: ${describe(cause)}`, {cause})
    })
    if (response.status === 401 || response.status === 403) throw refused(place, response.status)
    if (response.status === 404 && new URL(request.url).pathname.endsWith('/pipeline'))
      throw noDatabase(place)
    if (GATEWAY_STATUSES.has(response.status)) {
      throw new NoAnswer(`${place} answers with HTTP status ${response.status}`)
    }
    return response
  }
}

/** With its body: an answer that breaks off in the middle is none. */
async function fetchWhole(request: Request, answerMsMax: number): Promise<Response> {
  const response = await fetch(request, {signal: AbortSignal.timeout(answerMsMax)})
  const {status, statusText, headers} = response
  const body = await response.arrayBuffer()
  return new Response(body.byteLength === 0 ? null : body, {status, statusText, headers})
}

function refused(place: string, status: 401 | 403): BmfoteError {
  if (status === 403) {
    return new BmfoteError('unavailable', `The token for ${place} does not allow this, as writing.`, {
      next: 'Set TURSO_AUTH_TOKEN to a token with full access: turso db tokens create NAME',
    })
  }
  return new BmfoteError('unavailable', `${place} does not accept the token: it is wrong or has expired.`, {
    next: 'Set TURSO_AUTH_TOKEN to a token that is valid: turso db tokens create NAME',
  })
}

function noDatabase(place: string): BmfoteError {
  return new BmfoteError('unavailable', `There is no libSQL database at ${place}.`, {
    next: 'Check TURSO_DATABASE_URL: turso db show NAME --url',
  })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `, ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
