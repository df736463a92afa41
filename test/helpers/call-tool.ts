import type {FastifyInstance} from 'fastify'

export interface ToolCall {
  text: string
  structured?: Record<string, unknown>
  isError: boolean
}

/** A tool call of the initialize era, stateless, without a client in between. */
export async function callTool(
  app: FastifyInstance,
  call: {name: string; args?: object; token?: string; headers?: Record<string, string>},
): Promise<ToolCall> {
  const {result, error} = await rpc(app, {
    method: 'tools/call',
    params: {name: call.name, arguments: call.args ?? {}},
    token: call.token,
    headers: call.headers,
  })
  if (error) throw new Error(error.message)
  const [content] = result.content as {text: string}[]
  return {text: content?.text ?? '', structured: result.structuredContent, isError: result.isError === true}
}

export async function listTools(app: FastifyInstance, token?: string): Promise<string[]> {
  const {result} = await rpc(app, {method: 'tools/list', params: {}, token})
  return result.tools.map(({name}: {name: string}) => name)
}

async function rpc(
  app: FastifyInstance,
  {
    method,
    params,
    token,
    headers,
  }: {
    method: string
    params: object
    token?: string
    headers?: Record<string, string>
  },
) {
  const answer = await app.inject({
    method: 'POST',
    url: '/mcp',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(token ? {authorization: `Bearer ${token}`} : {}),
      ...headers,
    },
    payload: {jsonrpc: '2.0', id: 1, method, params},
  })
  const data = answer.body.split('\n').find((line) => line.startsWith('data: '))
  if (!data) throw new Error(`${answer.statusCode} ${answer.body}`)
  return JSON.parse(data.slice('data: '.length))
}
