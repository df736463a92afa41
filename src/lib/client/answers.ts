/**
 * What the memory answers, field by field as the server sends it: docs/rest.md and /openapi.json say the same. These are
 * written out, rather than derived from the schemas, so that the published types stand on their own; answers.test.ts
 * holds the two together.
 */

/** Who said it, where and with what: on every message that is read. */
export interface Provenance {
  /** Who said it, as the client claims. */
  author?: string | null
  /** The surface it was said on. */
  source?: string | null
  machine?: string | null
  /** The tool, for tool calls and results. */
  tool?: string | null
  /** `ok` or `error`, for tool results. */
  status?: string | null
  branch?: string | null
}

export interface SearchHit extends Omit<Provenance, 'machine' | 'branch'> {
  uuid: string
  session_id: string
  type: string
  role: string | null
  timestamp: string | null
  model: string | null
  project: string | null
  /** A passage with the hits between `>>>` and `<<<`. */
  snippet: string
  /** Negative; the most negative is the best. */
  rank: number
  /** What time words of the query were understood as. */
  understood_date?: string
}

export interface ErrorMatch extends Pick<Provenance, 'author' | 'source'> {
  /** At most 800 characters around the error. */
  error_context: string
  project: string | null
  timestamp: string | null
  session_id: string
  uuid: string
  /** At most 800 characters of what followed. */
  solution: string | null
}

export interface ContextMessage extends Provenance {
  uuid: string
  type: string
  role: string | null
  content: string
  timestamp: string | null
  model: string | null
}

export interface Message extends ContextMessage {
  session_id: string
  project: string | null
  workspace_id?: string
  written_by?: string | null
  recorded_at?: string | null
  before?: ContextMessage[]
  after?: ContextMessage[]
}

export interface RecentMessage extends Omit<ContextMessage, 'model'> {
  session_id: string
  project: string | null
  model?: string | null
}

export interface Remembered {
  uuid: string
  session_id: string
  workspace_id: string
}

/** What was found out, as one block of quoted text, and the messages that it quotes. */
export interface Recall {
  text: string
  uuids: string[]
}

/** What a tool answers, in words that the agent reads. */
export interface ToolResult {
  text: string
  isError: boolean
}
