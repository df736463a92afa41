import {hostname} from 'node:os'
import {setTimeout as wait} from 'node:timers/promises'
import type {Memory} from '../../memory/memory.ts'
import {BmfoteError} from '../../model/errors.ts'
import type {NewMessage} from '../../model/message.ts'
import {SHARED_PRINCIPAL} from '../../model/principal.ts'
import type {Agent, Session} from '../api-types.ts'
import {answerOf, type Transcript, type Usage} from './transcript.ts'

/** The surface that it was said on. */
const SOURCE = 'managed-agent'

export interface Turn {
  agent: Pick<Agent, 'name' | 'model'>
  session: Pick<Session, 'id' | 'created_at'>
  prompt: string
  transcript: Transcript
  usage: Usage
  project: string
  workspaceId?: string
  /** Who asked; without one it goes by the agent's name, as the answer does. */
  author?: string
}

export interface StoredTurn {
  sessionId: string
  promptUuid: string
  answerUuid: string
  project: string
  workspaceId: string
  /** One of the two was longer than a message may be, and is kept cut. */
  truncated: boolean
}

const ATTEMPTS_MAX = 3
const PAUSE_MS = 1_000

/** Keeps what was asked and what was answered, as two messages that follow each other. */
export async function storeTurn(memory: Memory, turn: Turn): Promise<StoredTurn> {
  const messages = turnMessages(turn)
  const caller = {principal: SHARED_PRINCIPAL, requestId: crypto.randomUUID(), reason: 'cli:agent-run'}
  const [prompt, answer] = await recordPatiently(() => memory.recordMessages(caller, messages))
  const refused = [prompt, answer].find((result) => result?.status === 'error')
  if (refused?.error) throw new BmfoteError('unavailable', refused.error)
  return {
    sessionId: turn.session.id,
    promptUuid: messages[0].uuid,
    answerUuid: messages[1].uuid,
    project: turn.project,
    workspaceId: answer?.workspaceId ?? '',
    truncated: [prompt, answer].some((result) => result?.truncated),
  }
}

/** Their ids are those of the events: a repeat writes the same rows again. */
function turnMessages(turn: Turn): [NewMessage, NewMessage] {
  const {agent, session, prompt, transcript, usage, project, workspaceId, author} = turn
  const last = transcript.messages.at(-1)
  const promptUuid = transcript.promptId ?? `${session.id}-prompt`
  const common = {workspaceId, sessionId: session.id, project, source: SOURCE, machine: hostname()}
  return [
    {
      ...common,
      uuid: promptUuid,
      type: 'user',
      role: 'user',
      content: prompt,
      author: author ?? agent.name,
      timestamp: session.created_at,
    },
    {
      ...common,
      uuid: last?.id ?? `${session.id}-answer`,
      parentUuid: promptUuid,
      type: 'assistant',
      role: 'assistant',
      content: answerOf(transcript),
      author: agent.name,
      model: agent.model.id,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      timestamp: last?.at ?? new Date().toISOString(),
    },
  ]
}

async function recordPatiently<T>(record: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await record()
    } catch (error) {
      const isPassing = error instanceof BmfoteError && ['unavailable', 'rate_limited'].includes(error.code)
      if (!isPassing || attempt === ATTEMPTS_MAX) throw error
      await wait(PAUSE_MS * attempt)
    }
  }
}
