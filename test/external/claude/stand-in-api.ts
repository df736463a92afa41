import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** What a request of the Messages API says, as far as the tests look at it. */
export interface ApiRequest {
  model: string
  system?: unknown
  messages: {role: string; content: string | ApiBlock[]}[]
  tools?: {name: string}[]
  stream?: boolean
}

export type ApiBlock = {type: string; [field: string]: unknown}

export type AnswerBlock =
  | {type: 'text'; text: string}
  | {type: 'tool_use'; name: string; input: Record<string, unknown>}

export type Answer =
  | {blocks: AnswerBlock[]}
  /** Refused as the API refuses: with this status. */
  | {status: number}
  /** Begins to answer and never ends: somebody will interrupt it. */
  | {hangsAfter: string}

export interface StandInApi {
  url: string
  /** Requests so far, oldest first. */
  requests: ApiRequest[]
  /** Resolves as soon as a request is there that this holds of, be it an old one. */
  requestThat(holds: (request: ApiRequest) => boolean): Promise<ApiRequest>
  close(): Promise<void>
}

/** A stand-in for the Messages API on loopback, streaming or not, without a model behind it. */
export async function startStandInApi(answer: (request: ApiRequest) => Answer): Promise<StandInApi> {
  const requests: ApiRequest[] = []
  const watchers = new Set<() => void>()
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      if (incoming.method !== 'POST' || !incoming.url?.startsWith('/v1/messages'))
        return sendNothing(response)
      if (incoming.url.includes('count_tokens')) return sendJson(response, 200, {input_tokens: 10})
      const request = JSON.parse(body) as ApiRequest
      requests.push(request)
      for (const watch of watchers) watch()
      sendAnswer(response, request, answer(request))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    requestThat: (holds) =>
      new Promise((resolve) => {
        const watch = () => {
          const found = requests.find(holds)
          if (!found) return
          watchers.delete(watch)
          resolve(found)
        }
        watchers.add(watch)
        watch()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Everything that a request puts before the model, as one text. */
export function textOf(request: ApiRequest): string {
  return JSON.stringify(request.messages)
}

/** What was said last by whoever is not the model: what an answer answers. */
export function lastWords(request: ApiRequest): string {
  const last = request.messages.findLast(({role}) => role === 'user')
  return typeof last?.content === 'string' ? last.content : JSON.stringify(last?.content ?? '')
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function sendNothing(response: ServerResponse): void {
  response.writeHead(404).end()
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}

let messageCount = 0

function sendAnswer(response: ServerResponse, request: ApiRequest, answer: Answer): void {
  if ('status' in answer) {
    const error = {type: 'invalid_request_error', message: 'stand-in: refused'}
    sendJson(response, answer.status, {type: 'error', error})
    return
  }
  if (!request.stream && 'blocks' in answer) {
    sendJson(response, 200, wholeMessage(request, answer.blocks))
    return
  }
  response.writeHead(200, {'content-type': 'text/event-stream'})
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...fields})}\n\n`)
  const usage = {input_tokens: 10, output_tokens: 5}
  const message = {
    id: `msg_standin_${++messageCount}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
  }
  send('message_start', {message: {...message, content: [], stop_reason: null, stop_sequence: null, usage}})
  const isHanging = 'hangsAfter' in answer
  const blocks: AnswerBlock[] = isHanging ? [{type: 'text', text: answer.hangsAfter}] : answer.blocks
  for (const [index, block] of blocks.entries()) {
    sendBlock(send, index, block)
    if (isHanging) return
    send('content_block_stop', {index})
  }
  const stopReason = blocks.some(({type}) => type === 'tool_use') ? 'tool_use' : 'end_turn'
  send('message_delta', {delta: {stop_reason: stopReason, stop_sequence: null}, usage: {output_tokens: 5}})
  send('message_stop', {})
  response.end()
}

function wholeMessage(request: ApiRequest, blocks: readonly AnswerBlock[]): object {
  const id = `msg_standin_${++messageCount}`
  return {
    id,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: blocks.map((block, index) =>
      block.type === 'text' ? block : {...block, id: `toolu_standin_${messageCount}_${index}`},
    ),
    stop_reason: blocks.some(({type}) => type === 'tool_use') ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: {input_tokens: 10, output_tokens: 5},
  }
}

function sendBlock(send: (type: string, fields: object) => void, index: number, block: AnswerBlock): void {
  if (block.type === 'text') {
    send('content_block_start', {index, content_block: {type: 'text', text: ''}})
    send('content_block_delta', {index, delta: {type: 'text_delta', text: block.text}})
    return
  }
  const id = `toolu_standin_${messageCount}_${index}`
  send('content_block_start', {index, content_block: {type: 'tool_use', id, name: block.name, input: {}}})
  send('content_block_delta', {
    index,
    delta: {type: 'input_json_delta', partial_json: JSON.stringify(block.input)},
  })
}
