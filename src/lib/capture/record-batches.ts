import {BmfoteError} from '../model/errors.ts'
import {BATCH_MESSAGES_MAX} from '../model/limits.ts'
import type {NewMessage, RecordResult} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import {type RetryOptions, withRetries} from './retry.ts'

/** Well under the wire's limit for a body, for JSON needs more bytes than the text it carries. */
const BATCH_BYTES_MAX = 4_000_000

/** Ids, labels and the names of the fields. */
const MESSAGE_OVERHEAD_BYTES = 700

export interface MessageRecorder {
  recordMessages(
    caller: Caller,
    messages: NewMessage[],
    options?: {restore?: boolean},
  ): Promise<RecordResult[]>
}

export interface BatchOptions extends RetryOptions {
  restore?: boolean
}

/** Messages on their way into the memory, as many at once as it takes. */
export class MessageBatch {
  readonly #memory: MessageRecorder
  readonly #caller: Caller
  readonly #options: BatchOptions
  #messages: NewMessage[] = []
  #bytes = 0

  constructor(memory: MessageRecorder, caller: Caller, options: BatchOptions) {
    this.#memory = memory
    this.#caller = caller
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0
  }

  get isFull(): boolean {
    return this.#messages.length >= BATCH_MESSAGES_MAX || this.#bytes >= BATCH_BYTES_MAX
  }

  add(message: NewMessage): void {
    this.#messages.push(message)
    this.#bytes += MESSAGE_OVERHEAD_BYTES + Buffer.byteLength(message.content ?? '')
  }

  /**
   * Written when it resolves: one result per message, in the order they were added. What fails for a reason that
   * passes is repeated; what fails for good is thrown, and the messages stay in the batch.
   */
  async flush(): Promise<RecordResult[]> {
    if (this.isEmpty) return []
    const results = await this.#record(this.#messages)
    this.#messages = []
    this.#bytes = 0
    return results
  }

  /** Halves what a border finds too large; a single message that is too large costs itself. */
  async #record(messages: NewMessage[]): Promise<RecordResult[]> {
    const {restore} = this.#options
    const record = () => this.#memory.recordMessages(this.#caller, messages, restore ? {restore} : {})
    try {
      return await withRetries(record, this.#options)
    } catch (error) {
      if (!(error instanceof BmfoteError) || error.code !== 'too_large') throw error
      const [only] = messages
      if (only && messages.length === 1) return [refused(only, error)]
      const middle = Math.ceil(messages.length / 2)
      return [
        ...(await this.#record(messages.slice(0, middle))),
        ...(await this.#record(messages.slice(middle))),
      ]
    }
  }
}

function refused(message: NewMessage, error: BmfoteError): RecordResult {
  return {uuid: message.uuid, workspaceId: message.workspaceId ?? '', status: 'error', error: error.message}
}
