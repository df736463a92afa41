import {setTimeout as wait} from 'node:timers/promises'
import {statusOf} from '../api-errors.ts'
import type {Anthropic, Session} from '../api-types.ts'

const STOP_MS_MAX = 15_000
const LOOK_AGAIN_MS = 300
const ARCHIVE_ATTEMPTS_MAX = 5
/** Somebody waits for the program to end. */
const BRIEFLY = {maxRetries: 1, timeout: 5_000}

/** Ends what the session is doing, and waits until it has. False when it could not be seen to end. */
export async function interruptSession(api: Anthropic, sessionId: string): Promise<boolean> {
  const deadline = Date.now() + STOP_MS_MAX
  try {
    await api.beta.sessions.events.send(sessionId, {events: [{type: 'user.interrupt'}]}, BRIEFLY)
    while (Date.now() < deadline) {
      const {status} = await api.beta.sessions.retrieve(sessionId, {}, BRIEFLY)
      if (isAtRest(status)) return true
      await wait(LOOK_AGAIN_MS)
    }
    return false
  } catch (error) {
    // Gone is at rest, too.
    return statusOf(error) === 404
  }
}

function isAtRest(status: Session['status']): boolean {
  return status === 'idle' || status === 'terminated'
}

/** A session that is not archived may cost. False when it would not be archived. */
export async function archiveSession(api: Anthropic, sessionId: string): Promise<boolean> {
  const deadline = Date.now() + STOP_MS_MAX
  for (let attempt = 1; attempt <= ARCHIVE_ATTEMPTS_MAX && Date.now() < deadline; attempt++) {
    try {
      await api.beta.sessions.archive(sessionId, {}, BRIEFLY)
      return true
    } catch (error) {
      if (statusOf(error) === 404) return true
      // It may be at work for a moment longer.
      if (attempt < ARCHIVE_ATTEMPTS_MAX) await wait(LOOK_AGAIN_MS * attempt)
    }
  }
  return false
}
