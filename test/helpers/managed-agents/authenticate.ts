import type {IncomingHttpHeaders} from 'node:http'
import {ApiError, invalid} from './api-error.ts'

export const BETA = 'managed-agents-2026-04-01'
const VERSIONS = ['2026-10-21', '2023-06-01']

export interface Access {
  keys: readonly string[]
  /** Keys that are right, but whose organization has no access to Managed Agents. */
  keysWithoutBeta: readonly string[]
}

/** Takes both dialects, whichever way they are mixed: a bearer token or `x-api-key`, the new version or the old one. */
export function authenticate(headers: IncomingHttpHeaders, {keys, keysWithoutBeta}: Access): void {
  const key = headers.authorization?.replace(/^Bearer /i, '') ?? headers['x-api-key']
  if (typeof key !== 'string') throw new ApiError(401, 'x-api-key header is required')
  if (!keys.includes(key) && !keysWithoutBeta.includes(key)) throw new ApiError(401, 'invalid x-api-key')
  const version = headers['anthropic-version']
  if (typeof version !== 'string') throw invalid('anthropic-version: header is required')
  if (!VERSIONS.includes(version)) throw invalid(`anthropic-version: "${version}" is not a valid version`)
  const betas = String(headers['anthropic-beta'] ?? '').split(/\s*,\s*/)
  if (!betas.includes(BETA)) throw invalid(`This endpoint needs the header anthropic-beta: ${BETA}`)
  if (keysWithoutBeta.includes(key)) {
    throw new ApiError(403, 'Your organization does not have access to Managed Agents.')
  }
}
