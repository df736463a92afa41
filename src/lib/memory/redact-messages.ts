import type {NewMessage} from '../model/message.ts'

/**
 * The messages with `[redacted:kind]` in the place of every secret in their content. Before they leave the machine, and
 * again where they are stored, for not every client is ours. Whole, before they are cut: the half of a token has no form.
 */
export async function redactMessages(messages: readonly NewMessage[]): Promise<NewMessage[]> {
  // Imported when something is written: reading is most of what is done, and starts faster without.
  const {redactText} = await import('../redact/redact-text.ts')
  return messages.map((message) =>
    message.content === undefined ? message : {...message, content: redactText(message.content).text},
  )
}

/** A text by itself: as a part of another one its secrets have neighbours that may hide them. */
export async function redactWords<T extends string | undefined>(text: T): Promise<T | string> {
  const {redactText} = await import('../redact/redact-text.ts')
  return text === undefined ? text : redactText(text).text
}
