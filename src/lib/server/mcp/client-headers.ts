import type {IncomingHttpHeaders} from 'node:http'
import {CLIENT_HEADERS} from '../../client/protocol.ts'
import type {CallDefaults} from '../memory-api.ts'

/** What a client says of itself in its headers holds for every call that doesn't say otherwise. */
export function defaultsOf(headers: IncomingHttpHeaders): CallDefaults {
  const read = (name: string) => decode(headers[name.toLowerCase()])
  return {
    source: read(CLIENT_HEADERS.source) ?? 'mcp',
    author: read(CLIENT_HEADERS.author),
    workspace_id: read(CLIENT_HEADERS.workspace),
  }
}

/** One that is not percent-encoded as it should be is taken as it stands. */
function decode(value: string | string[] | undefined): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
