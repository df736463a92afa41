import {BmfoteError} from '../../model/errors.ts'
import {statusOf} from '../api-errors.ts'
import type {Anthropic, Session} from '../api-types.ts'
import type {MemoryAccess} from '../vault.ts'
import {type Confirm, isMemoryCall, sendDecision} from './answer-requests.ts'
import {followSession} from './follow-session.ts'
import {applyEvent, emptyTranscript, type ToolCall, type Transcript} from './transcript.ts'

export interface Waiting {
  api: Anthropic
  access: MemoryAccess
  timeoutMs: number
  signal: AbortSignal
  confirm?: Confirm
  onNote: (sentence: string) => void
  onTranscript: (transcript: Transcript) => void
}

export interface Waited {
  reason: 'ended' | 'timeout' | 'interrupted'
  transcript: Transcript
}

/** Reads what the session does until it has ended, and answers what it asks on the way. */
export async function waitForEnd(session: Session, waiting: Waiting): Promise<Waited> {
  const {api, timeoutMs, onNote, onTranscript} = waiting
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([deadline, waiting.signal])
  const transcript = emptyTranscript()
  const decided = new Set<string>()
  const onReconnect = () => onNote("The connection to Anthropic's API broke; trying again.")
  try {
    for await (const event of followSession(api, session.id, {signal, onReconnect})) {
      applyEvent(transcript, event)
      onTranscript(transcript)
      if (transcript.end) return {reason: 'ended', transcript}
      for (const call of callsToDecide(transcript, decided)) {
        decided.add(call.id)
        const isAllowed = await decide(call, session, {...waiting, signal})
        if (signal.aborted) break
        await sendDecision(api, session.id, {call, isAllowed})
      }
    }
  } catch (error) {
    if (isGone(error))
      return {reason: 'ended', transcript: {...transcript, end: {eventId: '', kind: 'deleted'}}}
    if (!signal.aborted) throw error
  }
  return {reason: deadline.aborted ? 'timeout' : 'interrupted', transcript}
}

function callsToDecide({calls, waitsFor}: Transcript, decided: ReadonlySet<string>): ToolCall[] {
  return calls.filter(({id}) => waitsFor.includes(id) && !decided.has(id))
}

async function decide(
  call: ToolCall,
  session: Session,
  {access, confirm, signal, onNote}: Pick<Waiting, 'access' | 'confirm' | 'signal' | 'onNote'>,
): Promise<boolean> {
  // While another call was decided: the event that is waited for below has been.
  if (signal.aborted) return false
  if (call.isCustom) {
    onNote(
      `The agent called ${call.name}, a tool of another program: it is told that it is not available here.`,
    )
    return false
  }
  if (isMemoryCall(call, session, access.mcpUrl)) return true
  if (confirm === undefined) {
    onNote(
      `The agent wanted to call ${call.name}, which needs a permission that nobody is here to give: denied.`,
    )
    return false
  }
  const stopped = new Promise<false>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), {once: true}),
  )
  return Promise.race([confirm(call), stopped])
}

function isGone(error: unknown): boolean {
  return statusOf(error) === 404 || (error instanceof BmfoteError && error.code === 'not_found')
}
