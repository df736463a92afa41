import {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import type {ToolAnswer} from './policy.ts'

export type McpFailure = 'mcp_connection_failed_error' | 'mcp_authentication_failed_error'

/** The server of an agent could not be reached, or did not take the token. */
export class McpError extends Error {
  override readonly name = 'McpError'
  readonly type: McpFailure

  constructor(type: McpFailure, message: string, options: ErrorOptions) {
    super(message, options)
    this.type = type
  }
}

export interface McpConnection {
  serverName: string
  toolNames: readonly string[]
  call(name: string, input: Record<string, unknown>): Promise<ToolAnswer>
  close(): Promise<void>
}

const TIMEOUT_MS = 20_000

/** The official MCP client over HTTP, with the vault's token or none. */
export async function connectMcp(server: {
  name: string
  url: string
  token: string | undefined
}): Promise<McpConnection> {
  const {name: serverName, url, token} = server
  let lastStatus = 0
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: {headers: token === undefined ? {} : {authorization: `Bearer ${token}`}},
    fetch: async (input, init) => {
      const response = await fetchAnew(input, init)
      lastStatus = response.status
      return response
    },
  })
  const client = new Client({name: 'managed-agents-stand-in', version: '1.0.0'})
  const orFail = async <T>(promise: Promise<T>): Promise<T> => {
    try {
      lastStatus = 0
      return await promise
    } catch (error) {
      throw toMcpError(serverName, error, lastStatus)
    }
  }
  await orFail(client.connect(transport, {timeout: TIMEOUT_MS}))
  const {tools} = await orFail(client.listTools())
  return {
    serverName,
    toolNames: tools.map(({name}) => name),
    call: async (name, input) => {
      const {content, isError} = await orFail(
        client.callTool({name, arguments: input}, {timeout: TIMEOUT_MS}),
      )
      const text = content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
      return {text, isError: isError === true}
    },
    close: () => client.close(),
  }
}

/** A connection that was kept open to a server that has been started anew is closed: that says nothing of the server. */
async function fetchAnew(input: string | URL, init: RequestInit | undefined): Promise<Response> {
  try {
    return await fetch(input, init)
  } catch (error) {
    const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return fetch(input, init)
    throw error
  }
}

function toMcpError(server: string, cause: unknown, status: number): McpError {
  if (status === 401 || status === 403) {
    return new McpError('mcp_authentication_failed_error', `MCP server ${server} answered ${status}.`, {
      cause,
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new McpError('mcp_connection_failed_error', `MCP server ${server}: ${reason}`, {cause})
}
