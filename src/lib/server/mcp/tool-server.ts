import {
  type CallToolResult,
  type Tool as McpTool,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server'
import type {FastifyBaseLogger} from 'fastify'
import {TOOLS, type Tool, type ToolApi, ToolError} from '../../client/tools/index.ts'
import {PRODUCT} from '../../config/product.ts'
import type {Principal} from '../../model/principal.ts'
import {toBmfoteError} from '../http-errors.ts'
import {INSTRUCTIONS} from './instructions.ts'

export interface ToolServerOptions {
  api: ToolApi
  principal: Principal
  log?: FastifyBaseLogger
}

/** The list changes with releases only, but a client may be another person's tomorrow. */
const TOOL_LIST_TTL_MS = 60 * 60 * 1000

/**
 * An MCP server over the list of tools. It stands on the SDK's plain `Server`: the tools are data with JSON Schemas of
 * their own, and a wrong argument is the agent's to mend, so it is answered in words instead of a protocol error.
 */
export function createToolServer({api, principal, log}: ToolServerOptions): Server {
  const tools = toolsFor(principal)
  const server = new Server(
    {name: PRODUCT.name, title: PRODUCT.name, version: PRODUCT.version, websiteUrl: PRODUCT.source},
    {
      capabilities: {tools: {}},
      instructions: INSTRUCTIONS,
      cacheHints: {'tools/list': {ttlMs: TOOL_LIST_TTL_MS, cacheScope: 'private'}},
    },
  )
  server.setRequestHandler('tools/list', () => ({tools: tools.map(describeTool)}))
  server.setRequestHandler('tools/call', async ({params}): Promise<CallToolResult> => {
    const tool = tools.find(({name}) => name === params.name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${params.name}".`)
    try {
      const {text, structured} = await tool.call(api, params.arguments)
      return {content: [{type: 'text', text}], structuredContent: structured}
    } catch (error) {
      return {content: [{type: 'text', text: describeFailure(error, log)}], isError: true}
    }
  })
  return server
}

/** What this principal has a use for: the tools are offered, not just refused. */
export function toolsFor(principal: Principal): Tool[] {
  return TOOLS.filter(({annotations}) => {
    const scope = annotations.readOnlyHint ? principal.read : principal.write
    return scope === 'all' || scope.length > 0
  })
}

function describeTool({name, title, description, inputSchema, outputSchema, annotations}: Tool): McpTool {
  // JSON Schema on both sides, but the SDK's type wants it mutable.
  const schemas = {inputSchema, outputSchema} as unknown as Pick<McpTool, 'inputSchema' | 'outputSchema'>
  return {name, title, description, ...schemas, annotations}
}

/** What an agent can do something about is said to it; the rest is said to the log. */
function describeFailure(error: unknown, log?: FastifyBaseLogger): string {
  if (error instanceof ToolError) return error.message
  const {code, message, next} = toBmfoteError(error)
  if (code === 'internal') log?.error({err: error}, 'tool failed')
  return next ? `${message} ${next}` : message
}
