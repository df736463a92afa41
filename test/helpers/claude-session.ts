import {randomUUID} from 'node:crypto'
import {appendFileSync, mkdirSync, utimesSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

let spooled = 0

export interface SessionPlace {
  /** CLAUDE_CONFIG_DIR. */
  claude: string
  /** BMFOTE_HOME. */
  bmfote: string
  cwd?: string
}

/** A session of Claude Code: the lines that it writes, and the events that its hooks put into the spool. */
export class ClaudeSession {
  readonly id: string
  readonly transcript: string
  readonly #place: SessionPlace
  readonly #agent?: {id: string; of: ClaudeSession}
  #parentUuid: string | null = null
  #promptId = ''

  constructor(place: SessionPlace, id: string = randomUUID(), agent?: {id: string; of: ClaudeSession}) {
    this.#place = place
    this.id = id
    this.#agent = agent
    const folder = join(place.claude, 'projects', '-home-dev-acme')
    this.transcript = agent
      ? join(folder, agent.of.id, 'subagents', `agent-${agent.id}.jsonl`)
      : join(folder, `${id}.jsonl`)
    mkdirSync(dirname(this.transcript), {recursive: true})
  }

  /** A sub-agent that this session has started. */
  agent(id: string): ClaudeSession {
    return new ClaudeSession(this.#place, this.id, {id, of: this})
  }

  get cwd(): string {
    return this.#place.cwd ?? '/home/dev/acme'
  }

  get promptId(): string {
    return this.#promptId
  }

  prompt(text: string): string {
    this.#promptId = randomUUID()
    return this.line('user', {promptId: this.#promptId, message: {role: 'user', content: text}})
  }

  answer(text: string): string {
    return this.line('assistant', {
      message: {
        id: `msg_${randomUUID()}`,
        role: 'assistant',
        model: 'claude-opus-5-5',
        content: [{type: 'text', text}],
        usage: {input_tokens: 10, output_tokens: 5},
      },
    })
  }

  call(id: string, name: string, input: unknown): string {
    return this.line('assistant', {
      message: {role: 'assistant', model: 'claude-opus-5-5', content: [{type: 'tool_use', id, name, input}]},
    })
  }

  result(id: string, content: string): string {
    return this.line('user', {
      promptId: this.#promptId,
      toolUseResult: {},
      message: {role: 'user', content: [{type: 'tool_result', tool_use_id: id, content}]},
    })
  }

  /** Gives the uuid of the line. */
  line(type: string, fields: object): string {
    const uuid = randomUUID()
    this.write(`${JSON.stringify(this.fields(type, uuid, fields))}\n`)
    return uuid
  }

  fields(type: string, uuid: string, fields: object): object {
    const line = {parentUuid: this.#parentUuid, isSidechain: this.#agent !== undefined, type, uuid}
    this.#parentUuid = uuid
    const agent = this.#agent ? {agentId: this.#agent.id} : {}
    const base = {sessionId: this.id, cwd: this.cwd, timestamp: new Date().toISOString(), gitBranch: 'main'}
    return {...line, ...base, ...agent, ...fields}
  }

  /** As it is, so that a line may be torn. */
  write(text: string): void {
    appendFileSync(this.transcript, text)
  }

  event(name: string, fields: object = {}): object {
    const owner = this.#agent?.of ?? this
    const agent = this.#agent
      ? {agent_id: this.#agent.id, agent_type: 'general-purpose', agent_transcript_path: this.transcript}
      : {}
    return {
      session_id: this.id,
      transcript_path: owner.transcript,
      cwd: this.cwd,
      ...(this.#promptId ? {prompt_id: this.#promptId} : {}),
      hook_event_name: name,
      ...agent,
      ...fields,
    }
  }

  /** What a hook script does with an event. */
  hook(name: string, fields: object = {}): string {
    return spoolEvent(this.#place.bmfote, this.event(name, fields))
  }
}

/** Puts an event into the spool as the scripts do; `ageMs` makes it as old as that. */
export function spoolEvent(bmfote: string, payload: unknown, options: {ageMs?: number} = {}): string {
  const folder = join(bmfote, 'spool')
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const now = Date.now() - (options.ageMs ?? 0)
  const path = join(folder, `${now}${String(++spooled).padStart(6, '0')}-${process.pid}-event.json`)
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload), {mode: 0o600})
  if (options.ageMs !== undefined) utimesSync(path, now / 1000, now / 1000)
  return path
}
