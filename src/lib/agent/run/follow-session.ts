import {setTimeout as wait} from 'node:timers/promises'
import {callApi, isAnswerLost, isPutOff, statusOf, translateApiError} from '../api-errors.ts'
import type {Anthropic, SessionEvent, StreamEvent} from '../api-types.ts'
import {pauseMs} from '../create-once.ts'
import {listAll} from '../list-all.ts'

export interface Following {
  signal: AbortSignal
  /** Told when the connection broke and is tried again. */
  onReconnect?: () => void
}

/** A stream that says nothing for so long may have missed something: the list is read, each time after a longer while. */
const SILENCE_MS = 2_000
/** One that is silent for longer is not trusted any more, and opened anew. */
const SILENCE_MS_MAX = 60_000

/** Until a stream has begun. */
const OPEN_MS_MAX = 20_000

const PAUSE_MS = 250
const PAUSE_MS_MAX = 5_000

/**
 * The events of a session, each once, and the previews of what is being written. Streams break, and what happened in
 * between is in the list alone: so the list is read whenever a stream is open. Ends only when whoever reads it does, or
 * when the session is gone.
 */
export async function* followSession(
  api: Anthropic,
  sessionId: string,
  {signal, onReconnect}: Following,
): AsyncGenerator<StreamEvent> {
  const seen = new Set<string>()
  let fruitless = 0
  while (!signal.aborted) {
    const before = seen.size
    let failure: unknown
    try {
      yield* connect(api, sessionId, {signal, seen})
    } catch (error) {
      if (signal.aborted) return
      if (!isPassing(error)) throw translateApiError(error)
      failure = error
    }
    fruitless = seen.size > before ? 0 : fruitless + 1
    // A stream that was silent or has ended cleanly is nothing to talk about.
    if (failure !== undefined && fruitless > 0) onReconnect?.()
    const pause = isPutOff(failure) ? pauseMs(failure, 1) : Math.min(PAUSE_MS * 2 ** fruitless, PAUSE_MS_MAX)
    await wait(pause, undefined, {signal}).catch(() => undefined)
  }
}

/** One connection: what has happened so far, then what happens now. */
async function* connect(
  api: Anthropic,
  sessionId: string,
  {signal, seen}: {signal: AbortSignal; seen: Set<string>},
): AsyncGenerator<StreamEvent> {
  const {events} = api.beta.sessions
  const connection = new AbortController()
  const give = () => connection.abort()
  signal.addEventListener('abort', give, {once: true})
  const list = () => events.list(sessionId, {}, {signal: connection.signal})
  try {
    const options = {signal: connection.signal, maxRetries: 0, timeout: OPEN_MS_MAX}
    const stream = await events.stream(sessionId, {event_deltas: ['agent.message']}, options)
    for await (const event of list()) if (isNew(event, seen)) yield event
    const read = reader(stream)
    for (let silenceMs = SILENCE_MS; silenceMs <= SILENCE_MS_MAX; ) {
      const next = await read(silenceMs)
      if (next === 'ended') return
      if (next !== 'silent') {
        if (isNew(next, seen)) yield next
        silenceMs = SILENCE_MS
        continue
      }
      silenceMs *= 2
      for await (const event of list()) {
        if (!isNew(event, seen)) continue
        silenceMs = SILENCE_MS
        yield event
      }
    }
  } finally {
    signal.removeEventListener('abort', give)
    connection.abort()
  }
}

/** Reads an event, or gives up for now; what comes later is there the next time. */
function reader<T>(stream: AsyncIterable<T>): (ms: number) => Promise<T | 'silent' | 'ended'> {
  const iterator = stream[Symbol.asyncIterator]()
  let pending: Promise<IteratorResult<T>> | undefined
  return async (ms) => {
    pending ??= iterator.next()
    // The connection may be given up, and what its reader says then is nobody's business.
    pending.catch(() => undefined)
    const timer = new AbortController()
    const silence = wait(ms, 'silent' as const, {signal: timer.signal}).catch(() => 'silent' as const)
    try {
      const next = await Promise.race([pending, silence])
      if (next === 'silent') return next
      pending = undefined
      return next.done ? 'ended' : next.value
    } finally {
      timer.abort()
    }
  }
}

/** Previews have no id, and are of the moment; anything else without one can't be told from its double. */
function isNew(event: StreamEvent, seen: Set<string>): boolean {
  if (event === null || typeof event !== 'object') return false
  if (event.type === 'event_start' || event.type === 'event_delta') return true
  if (typeof event.id !== 'string' || seen.has(event.id)) return false
  seen.add(event.id)
  return true
}

/** Worth another attempt: the network, a stream that broke off in the middle of a line, a server in trouble. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error)
  if (status !== undefined) return isAnswerLost(error) || isPutOff(error) || status === 409
  return !(error instanceof RangeError)
}

const SETTLE_ATTEMPTS_MAX = 7
const SETTLE_PAUSE_MS = 50

/**
 * Everything that happened, in its order, once the list holds the end: it lags behind the stream. Undefined when it
 * does not catch up, or the session is gone.
 */
export async function settledEvents(
  api: Anthropic,
  sessionId: string,
  endEventId: string,
): Promise<SessionEvent[] | undefined> {
  for (let attempt = 0; attempt < SETTLE_ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await wait(SETTLE_PAUSE_MS * 2 ** attempt)
    const events = await listEvents(api, sessionId).catch(() => undefined)
    if (events?.some(({id}) => id === endEventId)) return events
  }
  return undefined
}

export async function listEvents(api: Anthropic, sessionId: string): Promise<SessionEvent[]> {
  const seen = new Set<string>()
  const events = await callApi(() => listAll(() => api.beta.sessions.events.list(sessionId)))
  return events.filter((event) => isNew(event as StreamEvent, seen))
}
