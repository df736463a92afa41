import type {StoredMessage} from '../../model/message.ts'
import type {Database} from '../../storage/database.ts'
import {readThread} from '../../storage/read-thread.ts'
import type {Frame} from './frame.ts'
import {describePassage, headingOf, quotable, timeOf} from './passage.ts'
import {MIN_CHARS, type RecallScope} from './recall-project.ts'

/** What the session set out to do, and what came next. */
const HEAD_READ_MAX = 2
const TAIL_READ_MAX = 200
/** What was last run and written. */
const ACTIONS_MAX = 3
const ACTION_CHARS_MAX = 200
const PASSAGE_CHARS_MAX = 900
const GAP = '(what was said between is left out)'
/** With its dash and its line break. */
const GAP_ROOM = GAP.length + 3

/** The thread of a session for one who has lost it: how it began, and what was asked, answered and done last. */
export async function recallSession(
  database: Database,
  frame: Frame,
  scope: RecallScope & {sessionId: string},
): Promise<void> {
  const {workspaceId, sessionId} = scope
  const session = {workspaceId, sessionId}
  const first = await readThread(database, {...session, kind: 'said', order: 'oldest', limit: HEAD_READ_MAX})
  const last = await readThread(database, {
    ...session,
    kind: 'said',
    order: 'newest',
    limit: TAIL_READ_MAX,
  })
  const done = await readThread(database, {
    ...session,
    kind: 'tool',
    order: 'newest',
    limit: 2 * ACTIONS_MAX,
  })
  const [opening, second] = first
  if (!opening) return
  const heading = headingOf(opening, scope.clock)
  const charsMax = Math.max(MIN_CHARS, Math.min(PASSAGE_CHARS_MAX, Math.floor(scope.budget / 6)))
  const quoted = new Set<string>()
  const add = (message: StoredMessage, options: {chars: number; nudge: number}) => {
    const room = Math.min(options.chars, frame.roomFor(heading) - GAP_ROOM)
    if (room < MIN_CHARS || frame.passages >= scope.limit) return false
    const text = describePassage(message, quotable(message), {clock: scope.clock, charsMax: room})
    quoted.add(message.uuid)
    return frame.add(heading, {text, uuid: message.uuid, order: timeOf(message) + options.nudge})
  }
  add(opening, {chars: charsMax, nudge: -0.9})
  const [latest, ...earlier] = chooseLast(last).filter(({uuid}) => uuid !== opening.uuid)
  if (latest) add(latest, {chars: charsMax, nudge: 0})
  const calls = done.filter(({type, status}) => type === 'assistant' || status === 'error')
  for (const call of calls.slice(0, ACTIONS_MAX)) add(call, {chars: ACTION_CHARS_MAX, nudge: 0.1})
  for (const [i, message] of earlier.entries()) {
    // Without a date of their own they stay in the order that they came in.
    if (!add(message, {chars: charsMax, nudge: -(i + 1) / 1_000})) break
  }
  const isGapless = !second || quoted.has(second.uuid)
  if (!isGapless) frame.add(heading, {text: GAP, order: timeOf(opening) - 0.8})
}

/** Newest first: every prompt, and of the assistant's words between two prompts the last, which say how it ended. */
function chooseLast(newestFirst: readonly StoredMessage[]): StoredMessage[] {
  return newestFirst.filter((message, i) => {
    if (message.type === 'user') return true
    return i === 0 || newestFirst[i - 1]?.type === 'user'
  })
}
