import type {Client} from './client.ts'
import {RisingClock} from './clock.ts'
import {type Content, type Draft, draftsOf, type ToolNames} from './drafts.ts'
import {derivedId, randomId} from './ids.ts'
import type {WireMessage} from './wire-message.ts'

export interface SessionOptions {
  /** To go on with one; default: a new one. 1 to 256 characters. */
  sessionId?: string
  /** The surface that it is said on; default: the client's. */
  source?: string
}

export interface UserMessageOptions {
  /** When it was said, ISO 8601; default: now. */
  timestamp?: string
  /** The id of the message, 1 to 256 characters: recorded again under the same one, it is stored once. */
  uuid?: string
}

export interface AssistantMessageOptions extends UserMessageOptions {
  model?: string
  usage?: {input_tokens?: number | null; output_tokens?: number | null} | null
}

/** A draft that has been given its id. */
export interface NamedDraft extends Draft {
  uuid?: string
  timestamp?: string
}

/** What is said when the memory has answered, and knows nothing. */
const NOTHING_KNOWN = 'Nothing about this is in memory yet.'

/** The server redacts, then cuts to 50,000 characters with its mark; it need not be sent more than this. */
const CONTENT_CHARS_MAX = 1_000_000

const TOOL_NAMES_MAX = 1_000

/** What a session remembers of having recorded: beyond, a history that is given whole is recorded by its own ids. */
const RECORDED_MAX = 10_000

/** A conversation, or a run of an agent. */
export class Session {
  readonly project: string
  readonly sessionId: string
  readonly client: Client
  /**
   * Names of the tools that were called in it.
   * @internal
   */
  readonly tools: ToolNames = new Map()
  readonly #source: string
  readonly #clock = new RisingClock()
  /** Ids of what was recorded, by what was said: histories repeat what came before. */
  readonly #recorded = new Map<string, Set<string>>()

  constructor(client: Client, project: string, options: SessionOptions = {}) {
    this.client = client
    this.project = project
    this.sessionId = options.sessionId ?? randomId()
    this.#source = options.source ?? client.source
  }

  /**
   * A block of text for a system prompt: what the memory knows about the question, from all projects and tools; without
   * a question, what was going on in the project. A plain sentence when it knows nothing, and nothing at all when it
   * can't be reached.
   */
  async recall(query: string, options: {limit?: number; budget?: number} = {}): Promise<string> {
    const about = query.trim() === '' ? {project: this.project} : {query}
    const found = await this.client.recallIfReachable({...about, ...options})
    return found ? found.text || NOTHING_KNOWN : ''
  }

  /** Gives the id of the message; empty when there was nothing to record. */
  recordUser(content: Content, options: UserMessageOptions = {}): Promise<string> {
    return this.#recordContent('user', content, options)
  }

  /** Gives the id of the message; empty when there was nothing to record. */
  recordAssistant(content: Content, options: AssistantMessageOptions = {}): Promise<string> {
    const {usage, model, ...rest} = options
    return this.#recordContent('assistant', content, {
      ...rest,
      model,
      inputTokens: usage?.input_tokens ?? undefined,
      outputTokens: usage?.output_tokens ?? undefined,
    })
  }

  /**
   * Records what is named already; for `recordExchange` and for hooks.
   * @internal
   */
  async record(drafts: readonly NamedDraft[]): Promise<void> {
    const messages = drafts.map((draft) => this.#toMessage(draft))
    dropOldest(this.tools, TOOL_NAMES_MAX)
    dropOldest(this.#recorded, RECORDED_MAX)
    await this.client.write(messages)
  }

  /**
   * How often these words were recorded in this session.
   * @internal
   */
  timesRecorded(draft: Draft): number {
    return this.#recorded.get(contentKey(draft))?.size ?? 0
  }

  /** Sends what waits; the client goes on. */
  async close(): Promise<void> {
    await this.client.flush()
  }

  async #recordContent(
    type: Draft['type'],
    content: Content,
    {uuid, timestamp, ...facts}: Partial<NamedDraft>,
  ): Promise<string> {
    const drafts = draftsOf(type, content, this.tools).map((draft, index): NamedDraft => {
      const isFirst = index === 0
      return {
        ...draft,
        uuid: isFirst ? (uuid ?? randomId()) : uuid && derivedId('part', this.sessionId, uuid, String(index)),
      }
    })
    await this.record(drafts.map((draft) => ({...draft, ...onAssistant(draft, facts), timestamp})))
    return drafts[0]?.uuid ?? ''
  }

  #toMessage(draft: NamedDraft): WireMessage {
    const uuid = draft.uuid ?? randomId()
    const key = contentKey(draft)
    this.#recorded.set(key, (this.#recorded.get(key) ?? new Set()).add(uuid))
    return {
      session_id: this.sessionId,
      uuid,
      type: draft.type,
      role: draft.role,
      content: cut(draft.content),
      tool: draft.tool,
      status: draft.status,
      model: draft.model,
      input_tokens: draft.inputTokens,
      output_tokens: draft.outputTokens,
      timestamp: draft.timestamp ?? this.#clock.now(),
      project: this.project,
      source: this.#source,
      author: this.client.author,
      workspace_id: this.client.workspace,
    }
  }
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return
    map.delete(key)
  }
}

/** A model and its tokens are no facts of what a tool answered. */
function onAssistant(draft: Draft, facts: Partial<Draft>): Partial<Draft> {
  return draft.type === 'assistant' ? facts : {}
}

function contentKey({role, content}: Draft): string {
  return derivedId('content', role, content)
}

function cut(content: string): string {
  return content.length > CONTENT_CHARS_MAX ? content.slice(0, CONTENT_CHARS_MAX) : content
}
