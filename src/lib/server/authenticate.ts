import {createHash, timingSafeEqual} from 'node:crypto'
import {BmfoteError} from '../model/errors.ts'
import {type Principal, SHARED_PRINCIPAL} from '../model/principal.ts'

/** Who the bearer of this token is; null for nobody. Without a token: undefined. */
export type Authenticate = (token: string | undefined) => Promise<Principal | null>

/** One shared token, or, where none is configured, anybody who reaches this machine's loopback. */
export function createAuthenticate(apiToken: string | undefined): Authenticate {
  if (apiToken === undefined) return async () => SHARED_PRINCIPAL
  const expected = digest(apiToken)
  // Digests are of one length, so the comparison takes the same time whatever was sent.
  return async (token) =>
    token !== undefined && timingSafeEqual(digest(token), expected) ? SHARED_PRINCIPAL : null
}

/** The token of an `Authorization: Bearer` header; the scheme's name is case-insensitive (RFC 9110). */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}

export function unauthorized(): BmfoteError {
  return new BmfoteError('unauthorized', 'unauthorized', {
    next: "Send the server's token in the header Authorization: Bearer TOKEN.",
  })
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
