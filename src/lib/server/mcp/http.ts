import {toWebRequest} from '@modelcontextprotocol/node'
import {createMcpHandler, type McpRequestContext} from '@modelcontextprotocol/server'
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import {WIRE_LIMITS} from '../../client/protocol.ts'
import type {Memory} from '../../memory/memory.ts'
import type {Caller} from '../../model/principal.ts'
import {type CallDefaults, memoryApi} from '../memory-api.ts'
import {defaultsOf} from './client-headers.ts'
import {createToolServer} from './tool-server.ts'

const maxRequestBodySize = WIRE_LIMITS.bodyBytes

/**
 * MCP by Streamable HTTP at `/mcp` and `/mcp/`, stateless: every request stands alone, in the revision it speaks. The
 * SDK reads the body itself, so that what is wrong with one is said in the protocol's own terms.
 */
export function registerMcp(parent: FastifyInstance, memory: Memory): void {
  parent.register(async (app) => {
    const handler = createMcpHandler((context) => serverFor(context, app, memory), {maxRequestBodySize})
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _stream, done) => done(null))
    app.addHook('preClose', () => handler.close())
    app.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      exposeHeadRoute: false,
      config: {surface: 'mcp'},
      handler: async (request, reply) => reply.send(await serve(handler.fetch, request, reply)),
    })
  })
}

type McpFetch = ReturnType<typeof createMcpHandler>['fetch']

async function serve(fetch: McpFetch, request: FastifyRequest, reply: FastifyReply): Promise<Response> {
  const abort = new AbortController()
  reply.raw.once('close', () => abort.abort())
  const webRequest = await toWebRequest(request.raw, undefined, {signal: abort.signal, maxRequestBodySize})
  return fetch(webRequest, {authInfo: carry(request)})
}

function serverFor(context: McpRequestContext, app: FastifyInstance, memory: Memory) {
  const {caller, defaults} = carried(context)
  const api = memoryApi(memory, caller, defaults)
  return createToolServer({api, principal: caller.principal, log: app.log.child({reqId: caller.requestId})})
}

/** The SDK hands its `authInfo` through to the factory; ours holds who asks, and never the token. */
function carry({caller, headers}: FastifyRequest) {
  const extra: Carried = {caller, defaults: defaultsOf(headers)}
  return {token: '', clientId: caller.principal.id, scopes: [], extra: {...extra}}
}

interface Carried {
  caller: Caller
  defaults: CallDefaults
}

function carried({authInfo}: McpRequestContext): Carried {
  return authInfo?.extra as unknown as Carried
}
