import type {Memory} from '../../memory/memory.ts'
import {BmfoteError} from '../../model/errors.ts'
import {CONTENT_CHARS_MAX} from '../../model/limits.ts'
import {callApi} from '../api-errors.ts'
import type {Agent, Anthropic, Session} from '../api-types.ts'
import {fetchAgent} from '../create-agent.ts'
import {planEnvironment} from '../environment.ts'
import {ENVIRONMENT_NAME} from '../names.ts'
import type {Change} from '../plan-agent.ts'
import {findShared} from '../shared-resources.ts'
import type {MemoryAccess} from '../vault.ts'
import {findWiringFaults} from '../wiring.ts'
import type {Confirm} from './answer-requests.ts'
import {listEvents, settledEvents} from './follow-session.ts'
import {type Outcome, outcomeOf, warningsOf} from './outcome.ts'
import {startSession} from './start-session.ts'
import {archiveSession, interruptSession} from './stop-session.ts'
import {type StoredTurn, storeTurn} from './store-turn.ts'
import {answerOf, readTranscript, type ToolCall, type Transcript, type Usage} from './transcript.ts'
import {waitForEnd} from './wait-for-end.ts'

export interface RunRequest {
  agentId: string
  prompt: string
  title?: string
  timeoutMs: number
  /** The session is left as it is when all is over, to be gone on with elsewhere. */
  keep: boolean
  /** Nobody waits for it. */
  detach: boolean
  budgetCents?: number
  project: string
  workspaceId?: string
  author?: string
}

export interface RunTools {
  api: Anthropic
  access: MemoryAccess
  openMemory: () => Memory
  /** Missing where nobody can be asked: then only the memory's own tools are allowed. */
  confirm?: Confirm
  /** Ctrl-C. */
  signal: AbortSignal
  onNote: (sentence: string) => void
  onStart: (started: StartedRun) => void
  onTranscript: (transcript: Transcript) => void
}

export interface StartedRun {
  agent: Agent
  session: Session
}

export interface RunResult {
  outcome: Outcome
  answer: string
  agent: {id: string; name: string; version: number; model: string}
  sessionId: string
  environmentId: string
  vaultIds: string[]
  stopReason: string | null
  messages: string[]
  toolCalls: Omit<ToolCall, 'isCustom'>[]
  usage: Usage & {cost: {amount: string; currency: string} | null}
  seconds: number
  warnings: string[]
  stored: StoredTurn | null
  archived: boolean
}

/** Asks an agent, waits until it has answered, and keeps both in the memory. */
export async function runAgent(request: RunRequest, tools: RunTools): Promise<RunResult> {
  const startedMs = performance.now()
  const {started, environmentId, vaultIds} = await start(request, tools)
  const {agent, session} = started
  const details = {
    agent: {id: agent.id, name: agent.name, version: session.agent.version, model: agent.model.id},
    sessionId: session.id,
    environmentId,
    vaultIds,
  }
  if (request.detach) return {...details, ...nothingYet(startedMs)}
  const ended = await see(request, tools, started)
  const usage = await finalUsage(tools.api, session.id, ended.transcript)
  const kept = await keepTurn(request, tools, {...started, ...ended, usage})
  const {transcript} = ended
  return {
    ...details,
    outcome: kept.outcome,
    answer: answerOf(transcript),
    stopReason: transcript.end?.stopReason ?? transcript.end?.kind ?? null,
    messages: transcript.messages.map(({text}) => text),
    toolCalls: transcript.calls.map(({isCustom: _, ...call}) => call),
    usage,
    seconds: secondsSince(startedMs),
    warnings: [...warningsOf(transcript), ...kept.warnings],
    stored: kept.stored,
    archived: ended.archived,
  }
}

async function start(request: RunRequest, tools: RunTools) {
  const {api, access, onNote, onStart} = tools
  const agent = await fetchAgent(api, request.agentId)
  if (agent.archived_at) {
    throw new BmfoteError('conflict', `The agent ${agent.id} is archived.`, {next: 'bmfote agent list'})
  }
  for (const {sentence} of findWiringFaults(agent, access.mcpUrl)) {
    onNote(
      `This agent is not wired to the memory: ${sentence}. To wire it: bmfote agent doctor ${agent.id} --fix`,
    )
  }
  const {vaultId, environment, credential} = await findShared(api, access, onNote)
  if (credential.action === 'rotated') {
    onNote(`The vault held another token for ${access.mcpUrl}: it holds the token of today now.`)
  }
  noteDrift(planEnvironment(environment, access.mcpUrl), agent, onNote)
  const environmentId = environment.id
  const session = await startSession(api, {...request, environmentId, vaultId})
  const started = {agent, session}
  onStart(started)
  return {started, environmentId, vaultIds: [vaultId]}
}

/** Somebody may have wanted it so: a question is no reason to change what agents may reach. */
function noteDrift(drift: readonly Change[], agent: Agent, onNote: (sentence: string) => void): void {
  for (const {what, from, to} of drift) {
    onNote(
      `The environment "${ENVIRONMENT_NAME}" has ${what} ${from ?? 'empty'}, for the memory it would be ${to}. It is left so; to mend it: bmfote agent doctor ${agent.id} --fix`,
    )
  }
}

interface EndedRun {
  transcript: Transcript
  outcome: Outcome
  archived: boolean
}

/** Waits for the end, or brings it about; afterwards the session is archived, unless it is to be kept. */
async function see(request: RunRequest, tools: RunTools, {session}: StartedRun): Promise<EndedRun> {
  const {api} = tools
  const {keep, timeoutMs} = request
  const archive = async () => !keep && (await archiveSession(api, session.id))
  try {
    const {reason, transcript} = await waitForEnd(session, {...tools, timeoutMs})
    if (reason === 'ended') {
      const settled = await settle(api, session.id, transcript)
      const isDeleted = settled.end?.kind === 'deleted'
      return {transcript: settled, outcome: outcomeOf(settled), archived: !isDeleted && (await archive())}
    }
    const isStopped = await interruptSession(api, session.id)
    const events = await listEvents(api, session.id).catch(() => undefined)
    const outcome = reason === 'timeout' ? tookTooLong(timeoutMs) : interrupted(session.id, isStopped)
    return {transcript: events ? readTranscript(events) : transcript, outcome, archived: await archive()}
  } catch (error) {
    // Nobody is there any more to see what it does.
    await interruptSession(api, session.id)
    await archive()
    throw error
  }
}

async function settle(api: Anthropic, sessionId: string, transcript: Transcript): Promise<Transcript> {
  const {end} = transcript
  if (end === undefined || end.kind === 'deleted') return transcript
  const events = await settledEvents(api, sessionId, end.eventId)
  return events ? readTranscript(events) : transcript
}

function tookTooLong(timeoutMs: number): Outcome {
  return {
    kind: 'timeout',
    sentence: `It took longer than ${Math.round(timeoutMs / 1000)} seconds, and was stopped.`,
  }
}

function interrupted(sessionId: string, isStopped: boolean): Outcome {
  return {
    kind: 'interrupted',
    sentence: isStopped
      ? 'Stopped.'
      : `Stopped here; whether the session ${sessionId} has stopped too is not known.`,
  }
}

/** The session's own count, which knows of everything; else what was seen of it. */
async function finalUsage(
  api: Anthropic,
  sessionId: string,
  transcript: Transcript,
): Promise<RunResult['usage']> {
  const session = await callApi(() => api.beta.sessions.retrieve(sessionId)).catch(() => undefined)
  const {input_tokens, output_tokens, cache_read_input_tokens, cache_creation, list_cost} =
    session?.usage ?? {}
  const seen = transcript.usage
  const created =
    (cache_creation?.ephemeral_1h_input_tokens ?? 0) + (cache_creation?.ephemeral_5m_input_tokens ?? 0)
  return {
    inputTokens: Math.max(seen.inputTokens, (input_tokens ?? 0) + created),
    outputTokens: Math.max(seen.outputTokens, output_tokens ?? 0),
    cacheReadTokens: Math.max(seen.cacheReadTokens, cache_read_input_tokens ?? 0),
    cost: list_cost ? {amount: list_cost.amount, currency: list_cost.currency} : null,
  }
}

/** What was not answered to the end is not kept. */
const NOT_KEPT = new Set<Outcome['kind']>(['timeout', 'interrupted', 'failed'])

const KEPT_CUT = `What was longer than ${CONTENT_CHARS_MAX.toLocaleString('en-US')} characters is kept cut in the memory.`

async function keepTurn(
  request: RunRequest,
  tools: RunTools,
  run: StartedRun & EndedRun & {usage: Usage},
): Promise<{outcome: Outcome; stored: StoredTurn | null; warnings: string[]}> {
  const {outcome, transcript} = run
  if (NOT_KEPT.has(outcome.kind) || answerOf(transcript) === '') return {outcome, stored: null, warnings: []}
  const memory = tools.openMemory()
  try {
    const stored = await storeTurn(memory, {...request, ...run})
    return {outcome, stored, warnings: stored.truncated ? [KEPT_CUT] : []}
  } catch (error) {
    if (!(error instanceof BmfoteError)) throw error
    const sentence = `The turn could not be stored in the memory: ${error.message}`
    const isDone = outcome.kind === 'done'
    return {
      outcome: isDone ? {kind: 'memory_unreachable', sentence} : outcome,
      stored: null,
      warnings: [sentence],
    }
  } finally {
    await memory.close()
  }
}

function nothingYet(startedMs: number) {
  return {
    outcome: {kind: 'done'} as const,
    answer: '',
    stopReason: null,
    messages: [],
    toolCalls: [],
    usage: {inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cost: null},
    seconds: secondsSince(startedMs),
    warnings: [],
    stored: null,
    archived: false,
  }
}

function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / 100) / 10
}
