import type {SessionEvent, StreamEvent} from '../api-types.ts'

/** What a session has said and done so far, as far as it is of use to whoever waits for it. */
export interface Transcript {
  calls: ToolCall[]
  messages: AgentMessage[]
  /** The message that is being written; it comes whole afterwards. */
  preview: string
  promptId?: string
  usage: Usage
  errors: SessionError[]
  /** What the session waits for: the ids of calls that want an answer. */
  waitsFor: string[]
  end?: SessionEnd
}

export interface ToolCall {
  id: string
  /** Undefined for tools of the sandbox, and for custom ones. */
  server?: string
  isCustom: boolean
  name: string
  input: Record<string, unknown>
  state: 'running' | 'waiting' | 'done' | 'failed' | 'denied'
}

export interface AgentMessage {
  id: string
  text: string
  at?: string
  /** How many calls came before it. */
  callsBefore: number
}

export interface Usage {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
}

export interface SessionError {
  type: string
  message: string
  server?: string
  /** How many calls were done by then. */
  callsBefore: number
}

export interface SessionEnd {
  eventId: string
  kind: 'idle' | 'terminated' | 'deleted'
  stopReason?: string
  explanation?: string
}

export function emptyTranscript(): Transcript {
  return {
    calls: [],
    messages: [],
    preview: '',
    usage: {inputTokens: 0, outputTokens: 0, cacheReadTokens: 0},
    errors: [],
    waitsFor: [],
  }
}

export function readTranscript(events: readonly SessionEvent[]): Transcript {
  const transcript = emptyTranscript()
  for (const event of events) applyEvent(transcript, event)
  return transcript
}

type Apply = (transcript: Transcript, event: never) => void
type EventOf<Type> = Extract<StreamEvent, {type: Type}>

/** Adds what an event tells. Types that nobody here knows tell nothing. */
export function applyEvent(transcript: Transcript, event: StreamEvent): void {
  if (!Object.hasOwn(APPLY, event.type)) return
  const apply = APPLY[event.type] as ((transcript: Transcript, event: StreamEvent) => void) | undefined
  apply?.(transcript, event)
}

const APPLY: Partial<Record<StreamEvent['type'], Apply>> = {
  'user.message': (transcript, {id}: EventOf<'user.message'>) => {
    transcript.promptId ??= id
  },
  'agent.message': addMessage,
  event_start: (transcript) => {
    transcript.preview = ''
  },
  event_delta: (transcript, {delta}: EventOf<'event_delta'>) => {
    transcript.preview += textOf(delta?.content)
  },
  'agent.mcp_tool_use': (transcript, event: EventOf<'agent.mcp_tool_use'>) =>
    addCall(transcript, event, {server: event.mcp_server_name, isCustom: false}),
  'agent.tool_use': (transcript, event: EventOf<'agent.tool_use'>) =>
    addCall(transcript, event, {isCustom: false}),
  'agent.custom_tool_use': (transcript, event: EventOf<'agent.custom_tool_use'>) =>
    addCall(transcript, event, {isCustom: true}),
  'agent.mcp_tool_result': (transcript, event: EventOf<'agent.mcp_tool_result'>) =>
    endCall(transcript, event.mcp_tool_use_id, event.is_error),
  'agent.tool_result': (transcript, event: EventOf<'agent.tool_result'>) =>
    endCall(transcript, event.tool_use_id, event.is_error),
  'user.custom_tool_result': (transcript, event: EventOf<'user.custom_tool_result'>) => {
    answered(transcript, event.custom_tool_use_id)
    endCall(transcript, event.custom_tool_use_id, event.is_error)
  },
  'user.tool_confirmation': addConfirmation,
  'span.model_request_end': (transcript, {model_usage}: EventOf<'span.model_request_end'>) => {
    transcript.preview = ''
    const {usage} = transcript
    usage.inputTokens +=
      countOf(model_usage?.input_tokens) + countOf(model_usage?.cache_creation_input_tokens)
    usage.outputTokens += countOf(model_usage?.output_tokens)
    usage.cacheReadTokens += countOf(model_usage?.cache_read_input_tokens)
  },
  'session.error': addError,
  'session.status_running': (transcript) => {
    transcript.waitsFor = []
  },
  'session.status_idle': addIdle,
  'session.status_terminated': (transcript, {id}: EventOf<'session.status_terminated'>) => {
    transcript.end = {eventId: id, kind: 'terminated'}
  },
  'session.deleted': (transcript, {id}: EventOf<'session.deleted'>) => {
    transcript.end = {eventId: id, kind: 'deleted'}
  },
}

function addMessage(transcript: Transcript, {id, content, processed_at}: EventOf<'agent.message'>): void {
  transcript.preview = ''
  const text = (content ?? []).map(textOf).join('')
  if (text === '') return
  transcript.messages.push({id, text, at: processed_at, callsBefore: transcript.calls.length})
}

function addCall(
  transcript: Transcript,
  event: {id: string; name: string; input: Record<string, unknown>; evaluated_permission?: string},
  where: Pick<ToolCall, 'server' | 'isCustom'>,
): void {
  const {id, name, input, evaluated_permission} = event
  const state =
    evaluated_permission === 'deny' ? 'denied' : evaluated_permission === 'ask' ? 'waiting' : 'running'
  transcript.calls.push({id, name, input: input ?? {}, state, ...where})
}

function endCall({calls}: Transcript, id: string, isError: boolean | null | undefined): void {
  const call = calls.find((each) => each.id === id)
  if (call && call.state !== 'denied') call.state = isError ? 'failed' : 'done'
}

function addConfirmation(transcript: Transcript, event: EventOf<'user.tool_confirmation'>): void {
  answered(transcript, event.tool_use_id)
  const call = transcript.calls.find(({id}) => id === event.tool_use_id)
  if (call) call.state = event.result === 'deny' ? 'denied' : 'running'
}

function answered(transcript: Transcript, callId: string): void {
  transcript.waitsFor = transcript.waitsFor.filter((id) => id !== callId)
}

function addError(transcript: Transcript, {error}: EventOf<'session.error'>): void {
  if (!error) return
  const server = 'mcp_server_name' in error ? error.mcp_server_name : undefined
  const {type, message} = error
  transcript.errors.push({type, message, server, callsBefore: transcript.calls.length})
}

/** A reason that nobody here knows ends the turn all the same: only `requires_action` means that it goes on. */
function addIdle(
  transcript: Transcript,
  {id, stop_reason, stop_details}: EventOf<'session.status_idle'>,
): void {
  transcript.preview = ''
  if (stop_reason?.type === 'requires_action') {
    transcript.waitsFor = [...(stop_reason.event_ids ?? [])]
    return
  }
  const explanation = stop_details?.explanation ?? undefined
  transcript.end = {eventId: id, kind: 'idle', stopReason: stop_reason?.type, explanation}
}

function textOf(block: {type: string; text?: unknown} | undefined): string {
  return block?.type === 'text' && typeof block.text === 'string' ? block.text : ''
}

function countOf(value: number | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** What the agent said after its last call; where it said nothing then, its last words before. */
export function answerOf({messages, calls}: Transcript): string {
  const after = messages.filter(({callsBefore}) => callsBefore === calls.length)
  const last = messages.at(-1)
  return (after.length > 0 ? after : last ? [last] : []).map(({text}) => text).join('\n\n')
}
