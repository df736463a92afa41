import {spawn} from 'node:child_process'
import {once} from 'node:events'

/**
 * Greets an MCP server, asks for its tools, and gives their names. Throws what keeps it from answering. A whole client
 * would be start-up time for one question.
 */
export async function probeHttp(options: {
  url: string
  headers: Record<string, string>
  timeoutMs?: number
}): Promise<string[]> {
  const {url, headers, timeoutMs = TIMEOUT_MS} = options
  const signal = AbortSignal.timeout(timeoutMs)
  let session: Record<string, string> = {}
  let answer = ''
  for (const message of HANDSHAKE) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        ...session,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({jsonrpc: '2.0', ...message}),
      signal,
    })
    answer = await response.text()
    if (!response.ok) throw new McpRefusal(response.status)
    const sessionId = response.headers.get('mcp-session-id')
    if (sessionId !== null) session = {'mcp-session-id': sessionId}
  }
  const data = answer.split('\n').find((line) => line.startsWith('data:'))
  return toolNames([data === undefined ? answer : data.slice('data:'.length)])
}

/** What answers does not let the client in, or is no MCP server. */
export class McpRefusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`it answers with ${status}`)
    this.status = status
  }
}

export async function probeStdio(options: {
  command: string
  args: readonly string[]
  environment: NodeJS.ProcessEnv
  timeoutMs?: number
}): Promise<string[]> {
  const {command, args, environment, timeoutMs = TIMEOUT_MS} = options
  const child = spawn(command, args, {
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: timeoutMs,
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(HANDSHAKE.map((message) => `${JSON.stringify({jsonrpc: '2.0', ...message})}\n`).join(''))
  await once(child, 'close')
  return toolNames(output.split('\n'))
}

const TIMEOUT_MS = 10_000
const LIST_ID = 2

const HANDSHAKE = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: {name: 'bmfote-doctor', version: '1'},
    },
  },
  {method: 'notifications/initialized'},
  {id: LIST_ID, method: 'tools/list', params: {}},
]

function toolNames(lines: readonly string[]): string[] {
  for (const line of lines) {
    const answer = parseJson(line) as {id?: unknown; result?: {tools?: {name?: unknown}[]}} | undefined
    if (answer?.id !== LIST_ID || !Array.isArray(answer.result?.tools)) continue
    return answer.result.tools.map(({name}) => String(name))
  }
  throw new Error('it does not speak MCP')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
