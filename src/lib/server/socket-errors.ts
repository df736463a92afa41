import type {Socket} from 'node:net'

interface ClientError extends Error {
  code?: string
}

/** What never became a request: too much of a head, or no HTTP at all. There is only the socket to answer on. */
export function answerBrokenRequest(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable && socket.bytesWritten === 0) socket.write(brokenRequestAnswer(error))
  socket.destroy(error)
}

function brokenRequestAnswer({code}: ClientError): string {
  const {status, body} = describe(code)
  const json = JSON.stringify(body)
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    'Connection: close',
    '',
    json,
  ].join('\r\n')
}

function describe(code: string | undefined): {status: string; body: object} {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      status: '431 Request Header Fields Too Large',
      body: {
        error: 'The URL and headers are longer than 64 KB.',
        code: 'too_large',
        next: 'Search for less text.',
      },
    }
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return {
      status: '408 Request Timeout',
      body: {error: 'The request took too long to arrive.', code: 'invalid_input'},
    }
  }
  return {
    status: '400 Bad Request',
    body: {error: 'This is not a well-formed request.', code: 'invalid_input'},
  }
}
