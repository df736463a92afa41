import type {Logger} from './outage.ts'
import type {Spool} from './spool.ts'

export interface ClientOptions {
  /** Address of the server; default: `BMFOTE_URL`, then `~/.claude/bmfote.env`, then `http://127.0.0.1:8026`. */
  url?: string
  /** Default: `BMFOTE_TOKEN`, then `~/.claude/bmfote.env`. */
  token?: string
  /** Milliseconds that a failing server may cost; default 2,000. */
  timeout?: number
  /** Default: `BMFOTE_WORKSPACE`, then `~/.claude/bmfote.env`, then the server's own. */
  workspace?: string
  /** Who is speaking, as it is shown with a message; default: `BMFOTE_AUTHOR`, then `~/.claude/bmfote.env`. */
  author?: string
  /** The surface that it is said on; default `messages-api`. */
  source?: string
  /** Throw an ApiError where the memory fails, in place of going on without it. */
  strict?: boolean
  /** A folder that keeps what is not stored yet, so that it survives the process. Where there is a file system. */
  spool?: string
  /** Where warnings go; default `console`. */
  logger?: Logger
  fetch?: typeof fetch
}

/** What stands outside of the program: in the environment, in a file. */
export interface Settings extends Pick<ClientOptions, 'url' | 'token' | 'workspace' | 'author'> {
  /** The only address that the token may be sent to, where it belongs to one. */
  tokenUrl?: string
}

/** What a runtime has on top of the web's standards. node.ts has it for Node, bun and Deno. */
export interface Platform {
  settings(): Settings
  openSpool?(folder: string, options: {url: string; logger: Logger}): Spool | undefined
  /** Runs before the process ends by itself, and may take its time then; gives what takes it back. */
  onExit?(run: () => Promise<void>): () => void
  unref?(timer: unknown): void
}

export interface SearchOptions {
  /** 1 to 100; default 20. */
  limit?: number
  /** Only what this side said. */
  type?: 'user' | 'assistant'
  author?: string
  source?: string
  project?: string
  sessionId?: string
  /** ISO 8601; this date or later. */
  since?: string
  /** ISO 8601; before this date. */
  until?: string
}

export interface FindErrorOptions {
  /** 1 to 20; default 5. */
  limit?: number
}

export interface RecentOptions {
  /** How far back; 1 to 168; default 24. Does not apply with a session. */
  hours?: number
  /** 1 to 200; default 50. */
  limit?: number
  sessionId?: string
}

export interface GetMessageOptions {
  /** Messages before and after; 0 to 10; default 1. */
  context?: number
  sessionId?: string
}

/** At least one of query, project and sessionId. A project or a session given with a query is where it is looked for. */
export interface RecallOptions {
  query?: string
  project?: string
  sessionId?: string
  /** 1 to 50; default 10. */
  limit?: number
  /** Characters of the answer, 500 to 20,000; default 6,000. */
  budget?: number
}

export interface RememberOptions {
  /** A few words to find it by. */
  topic?: string
  /** Default `managed-agent`, as the MCP tool has it. */
  project?: string
}
