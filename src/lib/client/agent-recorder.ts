import type {HookOutput} from './agent-sdk.ts'
import type {Client} from './client.ts'
import {RisingClock} from './clock.ts'
import {describeToolCall} from './describe-tool.ts'
import {type Draft, draftResult, draftsOf} from './drafts.ts'
import {derivedId} from './ids.ts'
import type {Session} from './session.ts'

/** What an event is about, as it will stand in the transcript. */
export type WantedLine =
  | {kind: 'prompt'; promptId: string}
  | {kind: 'call' | 'result'; toolUseId: string}
  | {kind: 'answer'; text: string}

/** A line of Claude Code's transcript: its id, and the block that was looked for. */
export interface FoundLine {
  uuid: string
  block?: Record<string, unknown>
}

/**
 * Where Claude Code writes down what happens. The person's own hooks, and an import, record from there, each line under
 * its id: recorded under the same ids here, a turn is stored once, whoever is first.
 */
export interface TranscriptLines {
  /** Waits for a line that is on its way, until `hurry` looks once more and has done with it. */
  find(path: string, wanted: WantedLine, hurry: AbortSignal): Promise<FoundLine | undefined>
  /** Whether there is a transcript at all. */
  exists(path: string): Promise<boolean>
}

interface RecorderOptions {
  client: Client
  project: string
  recalls: boolean
  lines?: TranscriptLines
  /** Runs before the process ends by itself. */
  onExit?: (run: () => Promise<void>) => () => void
}

type Fields = Record<string, unknown>

/** What Claude Code passes on of one hook, in UTF-16 code units; of more, the model sees a preview only. */
const CONTEXT_CHARS_MAX = 10_000

/** Each of the two things that are recalled at the first prompt. */
const RECALL_BUDGET_CHARS = 4_500

const SESSIONS_MAX = 1_000

/** Records what the hooks of the Agent SDK tell. No callback waits for the network, but for recall. */
export class AgentRecorder {
  readonly #options: RecorderOptions
  readonly #sessions = new Map<string, Session>()
  readonly #pending = new Set<Promise<void>>()
  readonly #clock = new RisingClock()
  #hurry = new AbortController()
  #forgetExit?: () => void

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  async prompt(input: Fields): Promise<HookOutput> {
    const sessionId = text(input.session_id)
    const prompt = text(input.prompt)
    // The harness reports on background tasks in a person's place.
    if (!sessionId || !prompt || prompt.startsWith('<task-notification>')) return {}
    const isFirst = !this.#sessions.has(sessionId)
    const session = this.#session(sessionId)
    const promptId = text(input.prompt_id)
    const saidAt = this.#clock.now()
    // Claude Code writes the prompt down when its hooks have returned, so recall comes first.
    const context = isFirst && this.#options.recalls ? await this.#recallFor(prompt) : ''
    for (const draft of draftsOf('user', prompt, session.tools)) {
      this.#record(session, draft, {
        path: text(input.transcript_path),
        wanted: promptId ? {kind: 'prompt', promptId} : undefined,
        fallbackId: promptId && derivedId('prompt', sessionId, promptId),
        saidAt,
      })
    }
    return context
      ? {hookSpecificOutput: {hookEventName: 'UserPromptSubmit', additionalContext: context}}
      : {}
  }

  /** After compaction, nothing of the session is left before the model but what is put there now. */
  async sessionStart(input: Fields): Promise<HookOutput> {
    const sessionId = text(input.session_id)
    if (input.source !== 'compact' || !sessionId || !this.#options.recalls) return {}
    const {client, project} = this.#options
    const {text: thread} = await client.recall({project, sessionId, budget: RECALL_BUDGET_CHARS})
    return thread ? {hookSpecificOutput: {hookEventName: 'SessionStart', additionalContext: thread}} : {}
  }

  toolUse(input: Fields): void {
    const place = this.#placeOf(input)
    const toolUseId = text(input.tool_use_id)
    const name = text(input.tool_name)
    if (!place || !toolUseId || !name) return
    const {session, path} = place
    session.tools.set(toolUseId, name)
    const call: Draft = {
      type: 'assistant',
      role: 'assistant',
      tool: name,
      content: describeToolCall(name, input.tool_input),
    }
    this.#record(session, call, {
      path,
      wanted: {kind: 'call', toolUseId},
      fallbackId: derivedId('call', session.sessionId, toolUseId),
    })
    const isError = input.error !== undefined
    const content = isError ? text(input.error) : responseText(input.tool_response)
    const result = draftResult({tool_use_id: toolUseId, is_error: isError, content}, session.tools)
    if (!result) return
    this.#record(session, result, {
      path,
      wanted: {kind: 'result', toolUseId},
      fallbackId: derivedId('result', session.sessionId, toolUseId),
    })
  }

  answer(input: Fields): void {
    const place = this.#placeOf(input)
    const error = text(input.error)
    const said = text(input.last_assistant_message) ?? error
    if (!place || !said) return
    const promptId = text(input.prompt_id)
    const [draft] = draftsOf('assistant', said, place.session.tools)
    if (!draft) return
    this.#record(place.session, error === undefined ? draft : {...draft, status: 'error'}, {
      path: place.path,
      wanted: {kind: 'answer', text: said},
      fallbackId: promptId && derivedId('answer', place.session.sessionId, promptId),
    })
  }

  /** Compaction runs as a sub-agent too, and its words are a summary of what is recorded: it has no transcript. */
  subagentAnswer(input: Fields): void {
    const path = text(input.agent_transcript_path)
    const said = text(input.last_assistant_message)
    const {lines} = this.#options
    if (!path || !said || !lines) return
    const hurry = this.#hurry.signal
    this.#later(async () => {
      const found = await lines.find(path, {kind: 'answer', text: said}, hurry)
      if (found || (await lines.exists(path))) this.answer(input)
    })
  }

  /** Until everything is stored, or the client's timeout is over. */
  async close(): Promise<void> {
    await this.#settle()
    await this.#options.client.flush()
  }

  /** The run is over, or the process: what is not in the transcript now will not be. */
  async #settle(): Promise<void> {
    this.#hurry.abort()
    while (this.#pending.size > 0) await Promise.all(this.#pending)
    this.#hurry = new AbortController()
  }

  /** What was going on in the project, and what the prompt asks about. */
  async #recallFor(prompt: string): Promise<string> {
    const {client, project} = this.#options
    const found = await Promise.all([
      client.recall({project, budget: RECALL_BUDGET_CHARS}),
      client.recall({query: prompt, budget: RECALL_BUDGET_CHARS}),
    ])
    const texts = found.map((recall) => recall.text).filter((each) => each !== '')
    return [...new Set(texts)].join('\n').slice(0, CONTEXT_CHARS_MAX)
  }

  /** In a sub-agent, its own session and transcript, as the person's hooks have it. */
  #placeOf(input: Fields): {session: Session; path?: string} | undefined {
    const sessionId = text(input.session_id)
    if (!sessionId) return undefined
    const agentId = text(input.agent_id)
    const path = text(input.transcript_path)
    if (!agentId) return {session: this.#session(sessionId), path}
    const agentPath = path?.replace(/\.jsonl$/, `/subagents/agent-${agentId}.jsonl`)
    return {session: this.#session(`agent-${agentId}`), path: text(input.agent_transcript_path) ?? agentPath}
  }

  #session(sessionId: string): Session {
    const known = this.#sessions.get(sessionId)
    if (known) return known
    const session = this.#options.client.session(this.#options.project, {sessionId, source: 'agent-sdk'})
    this.#sessions.set(sessionId, session)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > SESSIONS_MAX && oldest !== undefined) this.#sessions.delete(oldest)
    return session
  }

  #record(
    session: Session,
    draft: Draft,
    {
      path,
      wanted,
      fallbackId,
      saidAt,
    }: {path?: string; wanted?: WantedLine; fallbackId?: string; saidAt?: string},
  ): void {
    const timestamp = saidAt ?? this.#clock.now()
    const hurry = this.#hurry.signal
    this.#later(async () => {
      const found = path && wanted ? await this.#options.lines?.find(path, wanted, hurry) : undefined
      const written = found?.block && draftResult(found.block, session.tools)
      await session.record([
        {...draft, content: written?.content || draft.content, timestamp, uuid: found?.uuid ?? fallbackId},
      ])
    })
  }

  /** An agent's run goes on whatever happens here. */
  #later(work: () => Promise<void>): void {
    this.#forgetExit ??= this.#options.onExit?.(async () => {
      this.#forgetExit = undefined
      await this.#settle()
    })
    const pending = work()
      .catch(() => undefined)
      .finally(() => {
        this.#pending.delete(pending)
        if (this.#pending.size > 0) return
        this.#forgetExit?.()
        this.#forgetExit = undefined
      })
    this.#pending.add(pending)
  }
}

/** What a tool answered, in the forms that Claude Code's own tools and MCP tools have. */
function responseText(response: unknown): unknown {
  if (typeof response === 'string' || Array.isArray(response)) return response
  const fields = (typeof response === 'object' && response !== null ? response : {}) as Fields
  if (Array.isArray(fields.content) || typeof fields.content === 'string') return fields.content
  const file = (typeof fields.file === 'object' && fields.file !== null ? fields.file : {}) as Fields
  const printed = [fields.stdout, fields.stderr, file.content].filter(
    (part) => typeof part === 'string' && part !== '',
  )
  return printed.length > 0 ? printed.join('\n') : JSON.stringify(response)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
