import {ID_CHARS_MAX} from '../../model/limits.ts'

/** The events of Claude Code that mean something for the memory; all others are none of ours. */
export const HOOK_EVENT_NAMES = [
  'SessionStart',
  'UserPromptSubmit',
  'PostToolUse',
  'PostToolUseFailure',
  'Stop',
  'StopFailure',
  'SubagentStop',
  'PreCompact',
  'SessionEnd',
] as const

export type HookEventName = (typeof HOOK_EVENT_NAMES)[number]

/** An event as it concerns us: where the conversation stands, and what the transcript may not hold yet. */
export interface HookEvent {
  name: HookEventName
  sessionId: string
  transcriptPath: string
  cwd?: string
  promptId?: string
  /** Of SessionStart: startup, resume, clear, compact, fork. */
  source?: string
  /** Of UserPromptSubmit. */
  prompt?: string
  /** The sub-agent that has ended. */
  agent?: {id: string; transcriptPath: string}
  /** Of the events that end a turn: the last text of the answer. */
  lastAnswer?: string
}

export type ReadHookEvent = {event: HookEvent} | {ignored: string}

type Fields = Record<string, unknown>

/**
 * What a hook got on its stdin. Tolerant, for it is another program's, and changes with its releases: unknown events and
 * fields are expected. Other tools run Claude Code's hooks too, and their sessions are not Claude Code's.
 */
export function readHookEvent(payload: unknown): ReadHookEvent {
  if (typeof payload !== 'object' || payload === null) return {ignored: 'not an event'}
  const fields = payload as Fields
  const host = foreignHost(fields)
  if (host) return {ignored: `an event of ${host}`}
  const name = HOOK_EVENT_NAMES.find((known) => known === fields.hook_event_name)
  if (!name) return {ignored: 'an event that says nothing to the memory'}
  const sessionId = id(fields.session_id)
  const transcriptPath = path(fields.transcript_path)
  if (!sessionId || !transcriptPath) return {ignored: 'an event without session or transcript'}
  return {
    event: {
      name,
      sessionId,
      transcriptPath,
      cwd: path(fields.cwd),
      promptId: id(fields.prompt_id),
      source: name === 'SessionStart' ? text(fields.source) : undefined,
      prompt: name === 'UserPromptSubmit' ? text(fields.prompt) : undefined,
      agent: name === 'SubagentStop' ? agentOf(fields) : undefined,
      lastAnswer: ENDS_TURN.has(name) ? text(fields.last_assistant_message) : undefined,
    },
  }
}

const ENDS_TURN = new Set<HookEventName>(['Stop', 'StopFailure', 'SubagentStop'])

/** The fields that an event is read from, and nothing else of what came with it: tools' inputs and outputs are long. */
export function essentialPayload(payload: unknown): Fields {
  const entries = Object.entries(typeof payload === 'object' && payload !== null ? payload : {})
  return Object.fromEntries(entries.filter(([name]) => ESSENTIAL_FIELDS.has(name)))
}

const ESSENTIAL_FIELDS = new Set([
  'hook_event_name',
  'session_id',
  'transcript_path',
  'cwd',
  'prompt_id',
  'source',
  'agent_id',
  'agent_transcript_path',
  'last_assistant_message',
])

/** Fields that Claude Code does not send, and who does. */
const FOREIGN_FIELDS: Record<string, string> = {
  cursor_version: 'Cursor',
  conversation_id: 'Cursor',
  generation_id: 'Cursor',
  turn_id: 'Codex',
  agent_action_name: 'Windsurf',
  trajectory_id: 'Windsurf',
  clineVersion: 'Cline',
  taskId: 'Cline',
  hookEventName: 'Copilot',
  sessionId: 'Copilot',
}

const FOREIGN_TRANSCRIPTS: readonly [RegExp, string][] = [
  [/[\\/]GitHub\.copilot-chat[\\/]/, 'VS Code'],
  [/[\\/]\.copilot[\\/]/, 'Copilot'],
  [/[\\/]\.codex[\\/]/, 'Codex'],
  [/[\\/]\.gemini[\\/]/, 'Gemini'],
  [/[\\/]\.cursor[\\/]/, 'Cursor'],
]

function foreignHost(fields: Fields): string | undefined {
  const mark = Object.keys(FOREIGN_FIELDS).find((name) => fields[name] !== undefined)
  if (mark) return FOREIGN_FIELDS[mark]
  const transcript = text(fields.transcript_path) ?? ''
  return FOREIGN_TRANSCRIPTS.find(([pattern]) => pattern.test(transcript))?.[1]
}

function agentOf(fields: Fields): HookEvent['agent'] {
  const agentId = id(fields.agent_id)
  const transcriptPath = path(fields.agent_transcript_path)
  return agentId && transcriptPath ? {id: agentId, transcriptPath} : undefined
}

const PATH_CHARS_MAX = 4_096

function path(value: unknown): string | undefined {
  const given = text(value)
  return given && given.length <= PATH_CHARS_MAX && !given.includes('\0') ? given : undefined
}

function id(value: unknown): string | undefined {
  const given = text(value)
  return given && given.length <= ID_CHARS_MAX ? given : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
