import {safeLine} from '../text/safe-text.ts'

/** A call of a tool, as it is shown. */
export interface CallView {
  id: string
  server?: string
  name: string
  input: Record<string, unknown>
  state: 'running' | 'waiting' | 'done' | 'failed' | 'denied'
}

/** Beyond this nobody reads it in passing. */
const WORDS_CHARS_MAX = 400

/** What a call does, in words: `searches the memory for "the ICP"`. */
export function callWords({server, name, input}: CallView): string {
  const say = wordsFor(server)?.get(name)
  const words = say?.(input) ?? `calls ${server ? `${server} ` : ''}${name} ${JSON.stringify(input) ?? ''}`
  const line = safeLine(words)
  return line.length > WORDS_CHARS_MAX ? `${line.slice(0, WORDS_CHARS_MAX)}…` : line
}

/** Names are whatever a server calls its tools. */
function wordsFor(server: string | undefined): ReadonlyMap<string, Say> | undefined {
  if (server === undefined) return WEB_WORDS
  return server === 'bmfote' ? MEMORY_WORDS : undefined
}

type Say = (input: Record<string, unknown>) => string

const MEMORY_WORDS = new Map<string, Say>(
  Object.entries({
    search_memory: ({query}) => `searches the memory for ${quoted(query)}`,
    find_error: ({error_text}) => `looks for the error ${quoted(error_text)}`,
    get_context: ({uuid}) => `reads ${text(uuid)}`,
    get_recent: ({hours}) => `reads what was said in the last ${text(hours ?? 24)} hours`,
    remember: ({content, topic}) => `remembers ${topic ? `[${text(topic)}] ` : ''}${quoted(content)}`,
  } satisfies Record<string, Say>),
)

const WEB_WORDS = new Map<string, Say>(
  Object.entries({
    web_search: ({query}) => `searches the web for ${quoted(query)}`,
    web_fetch: ({url}) => `reads ${text(url)}`,
  } satisfies Record<string, Say>),
)

function quoted(value: unknown): string {
  return `"${text(value)}"`
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : (JSON.stringify(value) ?? '')
}
