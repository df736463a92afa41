/**
 * A server that fails as servers do, in front of one that works: `node test/client/fault-proxy.ts --target URL` prints
 * `{"url": …}` when it listens. `POST /__mode {"mode": "hang", "times": 2, "ms": 500}` says how it treats what follows.
 * `GET /__requests` lists what reached it. The tests of both clients start it.
 */
import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {parseArgs} from 'node:util'

interface Mode {
  mode: string
  /** That many requests, then `pass` again. */
  times?: number
  ms?: number
}

interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

type Treat = (incoming: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void> | void

/** Routes that release 0.11.7 did not have. */
const NEW_ROUTES = /^\/api\/(recall|messages\/batch|remember|sessions\?|sessions$)/
const OLD_SESSIONS = /^\/api\/sessions$/

const {values} = parseArgs({options: {target: {type: 'string'}}})
const target = values.target ?? ''
const requests: string[] = []
let mode: Mode = {mode: 'pass'}

const MODES: Record<string, Treat> = {
  pass: async (incoming, body, response) => send(response, await forward(incoming, body)),
  down: (incoming) => void incoming.socket.destroy(),
  hang: () => undefined,
  slow: async (incoming, body, response) => {
    await new Promise((resolve) => setTimeout(resolve, mode.ms ?? 1_000))
    send(response, await forward(incoming, body))
  },
  error: (_, __, response) => sendJson(response, 500, {error: 'Something broke.', code: 'internal'}),
  garbage: (_, __, response) =>
    void response.writeHead(200, {'content-type': 'text/html'}).end('<html>Log in</html>'),
  shape: (_, __, response) => sendJson(response, 200, {unexpected: [true]}),
  lost_answer: async (incoming, body) => {
    await forward(incoming, body)
    incoming.socket.destroy()
  },
  cut: async (incoming, body, response) => {
    const reply = await forward(incoming, body)
    response.writeHead(reply.status, {...reply.headers, 'content-length': String(reply.body.length)})
    response.write(reply.body.subarray(0, Math.ceil(reply.body.length / 2)), () => incoming.socket.destroy())
  },
  old: async (incoming, body, response) => {
    const url = incoming.url ?? ''
    const isOld = OLD_SESSIONS.test(url) && incoming.method === 'POST'
    if (NEW_ROUTES.test(url) && !isOld) return sendJson(response, 404, {detail: 'Not Found'})
    send(response, await forward(incoming, body))
  },
  limited: (_, __, response) => {
    response.setHeader('retry-after', '1')
    sendJson(response, 429, {error: 'Too many requests.', code: 'rate_limited'})
  },
  unauthorized: (_, __, response) => sendJson(response, 401, {error: 'unauthorized', code: 'unauthorized'}),
}

const server = createServer((incoming, response) => {
  void handle(incoming, response).catch(() => incoming.socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`})}\n`,
  )
})

async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(incoming)
  if (incoming.url === '/__mode') {
    mode = JSON.parse(body.toString('utf8')) as Mode
    return sendJson(response, mode.mode in MODES ? 200 : 400, mode)
  }
  if (incoming.url === '/__requests') return sendJson(response, 200, requests)
  requests.push(`${incoming.method} ${incoming.url}`)
  const treat = MODES[mode.mode] ?? MODES.pass
  const treated = treat?.(incoming, body, response)
  if (mode.times !== undefined && --mode.times <= 0) mode = {mode: 'pass'}
  await treated
}

function forward(incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = {...incoming.headers, host: new URL(target).host, connection: 'close'}
    const options = {method: incoming.method, headers}
    const outgoing = request(`${target}${incoming.url}`, options, (reply) => {
      readAll(reply).then(
        (answer) => resolve({status: reply.statusCode ?? 500, headers: reply.headers, body: answer}),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function send(response: ServerResponse, {status, headers, body}: Reply): void {
  const {connection: _connection, 'transfer-encoding': _encoding, ...kept} = headers
  response.writeHead(status, {...kept, 'content-length': String(body.length)}).end(body)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
