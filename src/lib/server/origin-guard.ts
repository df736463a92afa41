import type {FastifyRequest} from 'fastify'
import type {ServerConfig} from '../config/server-config.ts'
import {isLoopback} from '../config/server-config.ts'
import {BmfoteError} from '../model/errors.ts'

/**
 * Keeps web pages out. A page that a person visits can send requests to this machine, and by DNS rebinding even read
 * the answers: without a token, only the names Host and Origin tell it from a tool of theirs. With a token, a page
 * that doesn't have it gets nowhere; MCP wants its Origin checked all the same.
 */
export function createOriginGuard(config: ServerConfig): (request: FastifyRequest) => void {
  const isLocalMode = config.apiToken === undefined
  return (request) => {
    const {host, origin} = request.headers
    if (isLocalMode && (!isLoopback(hostName(host)) || isForwarded(request))) throw foreignHost()
    if (origin === undefined || config.corsOrigins.includes(origin)) return
    if (isLocalMode && !isLoopback(originHostName(origin))) throw foreignOrigin()
    // Behind a proxy that is trusted, the name that the page knows stands in X-Forwarded-Host.
    if (!isLocalMode && isMcp(request) && originHost(origin) !== request.host) throw foreignOrigin()
  }
}

/** A proxy on this machine may call it by a local name, for somebody who is elsewhere. */
function isForwarded({headers}: FastifyRequest): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host'].some((name) => headers[name] !== undefined)
}

function isMcp(request: FastifyRequest): boolean {
  return request.routeOptions.config.surface === 'mcp'
}

function hostName(host: string | undefined): string {
  return originHostName(`http://${host ?? ''}`)
}

function originHostName(origin: string): string {
  return parseUrl(origin)?.hostname ?? ''
}

function originHost(origin: string): string | undefined {
  return parseUrl(origin)?.host
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

function foreignHost(): BmfoteError {
  return new BmfoteError('forbidden', 'This server answers to localhost only.', {
    next: 'Use its address with 127.0.0.1 or localhost; to serve others, set API_TOKEN.',
  })
}

function foreignOrigin(): BmfoteError {
  return new BmfoteError('forbidden', 'Web pages of this origin may not use this server.', {
    next: 'Allow the origin with: bmfote server start --cors-origin ORIGIN',
  })
}
