import {type ResponseMessage, recordExchange, type UserSide} from './record-exchange.ts'
import type {Session} from './session.ts'

/**
 * Passes a stream of the Messages API on, event by event, and records the exchange when it ends: also when it breaks or is
 * left early, with what had come by then.
 *
 *     for await (const event of recordStream(session, user, stream)) …
 */
export async function* recordStream<Event>(
  session: Session,
  user: UserSide,
  stream: AsyncIterable<Event>,
): AsyncGenerator<Event, void, undefined> {
  const assembler = new MessageAssembler()
  try {
    for await (const event of stream) {
      assembler.take(event)
      yield event
    }
  } finally {
    await recordExchange(session, user, assembler.message)
  }
}

type Fields = Record<string, unknown>

/** Puts the deltas of a stream together. Events that it does not know are let be: they come with new releases. */
class MessageAssembler {
  #facts: Fields = {}
  #usage: Fields = {}
  readonly #blocks = new Map<number, Fields>()
  readonly #json = new Map<number, string>()

  get message(): ResponseMessage {
    const content = [...this.#blocks].map(([index, block]) => {
      const json = this.#json.get(index)
      return json === undefined ? block : {...block, input: parse(json)}
    })
    const {id, model} = this.#facts
    return {
      content,
      id: typeof id === 'string' ? id : undefined,
      model: typeof model === 'string' ? model : undefined,
      usage: {input_tokens: count(this.#usage.input_tokens), output_tokens: count(this.#usage.output_tokens)},
    }
  }

  take(event: unknown): void {
    const {type, index, message, content_block, delta, usage} = fieldsOf(event)
    if (type === 'message_start') {
      this.#facts = fieldsOf(message)
      this.#usage = {...fieldsOf(this.#facts.usage)}
    }
    if (type === 'message_delta') this.#usage = {...this.#usage, ...given(fieldsOf(usage))}
    if (typeof index !== 'number') return
    if (type === 'content_block_start') this.#blocks.set(index, {...fieldsOf(content_block)})
    if (type === 'content_block_delta') this.#add(index, fieldsOf(delta))
  }

  #add(index: number, {type, text, partial_json}: Fields): void {
    const block = this.#blocks.get(index)
    if (!block) return
    if (type === 'text_delta') block.text = `${block.text ?? ''}${text ?? ''}`
    if (type === 'input_json_delta')
      this.#json.set(index, `${this.#json.get(index) ?? ''}${partial_json ?? ''}`)
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function given(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** A stream that was left early has half of it. */
function parse(json: string): unknown {
  if (json === '') return {}
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
