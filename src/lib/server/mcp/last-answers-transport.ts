import {PassThrough, type Readable, type Writable} from 'node:stream'
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server'
import {StdioServerTransport} from '@modelcontextprotocol/server/stdio'

/** How long answers may take once the client has closed its end. */
const LAST_ANSWERS_MS = 5_000

/**
 * The SDK's stdio transport drops what it has not answered yet when stdin ends. This one hands it the end of stdin only
 * when everything asked before is answered, so that requests from a pipe (`printf … | bmfote mcp`) get their answers.
 */
export class LastAnswersTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #inner: StdioServerTransport
  readonly #input = new PassThrough()
  readonly #unanswered = new Set<RequestId>()
  #ended = false

  constructor(stdin: Readable, stdout: Writable) {
    this.#inner = new StdioServerTransport(this.#input, stdout)
    this.#inner.onclose = () => this.onclose?.()
    this.#inner.onerror = (error) => this.onerror?.(error)
    this.#inner.onmessage = (message) => this.#receive(message)
    stdin.pipe(this.#input, {end: false})
    stdin.once('error', (error) => this.#input.destroy(error))
    stdin.once('end', () => this.#endWhenAnswered())
  }

  start(): Promise<void> {
    return this.#inner.start()
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#inner.send(message)
    const isAnswer = isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)
    if (isAnswer && message.id !== undefined) this.#settle(message.id)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) this.#unanswered.add(message.id)
    // The protocol wants no answer to what was cancelled.
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#settle(message.params?.requestId as RequestId)
    }
    this.onmessage?.(message)
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id)
    if (this.#ended && this.#unanswered.size === 0) this.#input.end()
  }

  /** Not in this turn of the event loop: what was piped last may not have been read yet. */
  #endWhenAnswered(): void {
    setTimeout(() => this.#input.end(), LAST_ANSWERS_MS).unref()
    setImmediate(() => {
      this.#ended = true
      if (this.#unanswered.size === 0) this.#input.end()
    })
  }
}
