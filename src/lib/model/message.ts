/** Who said it, in the two words that every client since 0.11.7 knows. Tool calls are `assistant`, results `user`. */
export type MessageType = 'user' | 'assistant'

/** A message as a caller hands it in. Dates are ISO 8601 strings. */
export interface NewMessage {
  workspaceId?: string
  sessionId: string
  uuid: string
  content?: string
  /** Default `user`. Any other word than user or assistant is kept, but no filter finds it. */
  type?: string
  role?: string
  parentUuid?: string
  model?: string
  inputTokens?: number
  outputTokens?: number
  /** When it was said. Default: the server's clock. */
  timestamp?: string
  /** What the client claims; who proved to be writing is `writtenBy`. */
  author?: string
  /** The surface that it was said on: `claude-code`, `cursor`, `mcp`, `cli`, … */
  source?: string
  machine?: string
  /** Labels the session if it has no project yet. */
  project?: string
  /** Name of the tool, for tool calls and tool results. */
  tool?: string
  /** `ok` or `error` for tool results. */
  status?: string
  /** The git branch that was checked out where it was said. */
  branch?: string
  /** Kept only for a principal that may restore (import of an export); ignored otherwise. */
  recordedAt?: string
  writtenBy?: string
  revision?: number
}

/** A message as it is stored. */
export interface StoredMessage {
  workspaceId: string
  sessionId: string
  uuid: string
  parentUuid: string | null
  type: string
  role: string | null
  content: string
  model: string | null
  inputTokens: number | null
  outputTokens: number | null
  timestamp: string | null
  project: string | null
  author: string | null
  writtenBy: string | null
  source: string | null
  machine: string | null
  tool: string | null
  status: string | null
  branch: string | null
  recordedAt: string | null
  revision: number
}

export interface MessageWithContext extends StoredMessage {
  before: StoredMessage[]
  after: StoredMessage[]
}

/** What became of one message of a `recordMessages` call, in the order they were given. */
export interface RecordResult {
  uuid: string
  workspaceId: string
  /**
   * `ok`: stored (or stored before). `deleted`: somebody deleted it earlier, so it stays away; a sender treats it as
   * delivered. `error`: refused, see `error`; the others of the call are not touched by it.
   */
  status: 'ok' | 'deleted' | 'error'
  /** The content was over the limit and stored cut, with a mark. */
  truncated?: true
  error?: string
}
