import type {StoredMessage} from '../../model/message.ts'
import type {Database} from '../../storage/database.ts'
import {readFacts, readThread} from '../../storage/read-thread.ts'
import {readSessions} from '../../storage/session-store.ts'
import {foldFacts} from './fold-facts.ts'
import type {Frame} from './frame.ts'
import {type Clock, describePassage, headingOf, quotable, timeOf} from './passage.ts'

export interface RecallScope {
  workspaceId: string
  limit: number
  budget: number
  clock: Clock
}

const FACTS_READ_MAX = 200
const FACTS_HEADING = 'Remembered, newest first:'
/** Facts leave room for what was last being done. */
const FACTS_SHARE = 0.5
const FACT_CHARS_MAX = 1_000
const SESSIONS_MAX = 6
const SESSIONS_READ_MAX = 40
/** Sub-agents and their like talk to each other; a person asks what people and their assistant did. */
const NOT_A_CONVERSATION = /^agent-/
const PASSAGE_CHARS_MAX = 700
const SAID_READ_MAX = 60

/** What was remembered of the project, then what was last being done there. */
export async function recallProject(
  database: Database,
  frame: Frame,
  scope: RecallScope & {project: string},
): Promise<void> {
  await addFacts(database, frame, scope)
  const query = {workspaceId: scope.workspaceId, project: scope.project, limit: SESSIONS_READ_MAX}
  const sessions = (await readSessions(database, query)).filter(
    ({sessionId}) => !NOT_A_CONVERSATION.test(sessionId),
  )
  const charsMax = Math.max(MIN_CHARS, Math.min(PASSAGE_CHARS_MAX, Math.floor(scope.budget / 8)))
  for (const {sessionId} of sessions.slice(0, SESSIONS_MAX)) {
    if (frame.passages >= scope.limit) return
    const newest = {workspaceId: scope.workspaceId, sessionId, kind: 'said', order: 'newest'} as const
    const said = await readThread(database, {...newest, limit: SAID_READ_MAX})
    addEndOfSession(frame, said, {...scope, charsMax, label: 'Last done: '})
  }
}

export async function addFacts(
  database: Database,
  frame: Frame,
  scope: RecallScope & {project: string},
): Promise<void> {
  const facts = foldFacts(await readFacts(database, {...scope, limit: FACTS_READ_MAX}))
  const floor = frame.room - Math.floor(scope.budget * FACTS_SHARE)
  for (const [order, fact] of facts.entries()) {
    const room = Math.min(FACT_CHARS_MAX, frame.roomFor(FACTS_HEADING) - floor)
    if (frame.passages >= scope.limit || room < MIN_CHARS) return
    const text = describePassage(fact, quotable(fact), {clock: scope.clock, charsMax: room})
    frame.add(FACTS_HEADING, {text, uuid: fact.uuid, order})
  }
}

/** A passage with less room than this says nothing. */
export const MIN_CHARS = 160

/** The last that was asked and the last that was answered. */
export function addEndOfSession(
  frame: Frame,
  newestFirst: readonly StoredMessage[],
  options: RecallScope & {charsMax: number; label?: string},
): void {
  const prompts = newestFirst.filter(({type}) => type === 'user')
  const answer = newestFirst.find(({type}) => type === 'assistant')
  const [last, ...earlier] = prompts
  // The last words first, so that they have room where others have none.
  for (const message of [answer, last, ...earlier.slice(0, 1)]) {
    if (!message || frame.passages >= options.limit) continue
    const heading = `${options.label ?? ''}${headingOf(newestFirst[0] ?? message, options.clock)}`
    const charsMax = Math.min(options.charsMax, frame.roomFor(heading))
    if (charsMax < MIN_CHARS) return
    const text = describePassage(message, quotable(message), {clock: options.clock, charsMax})
    frame.add(heading, {text, uuid: message.uuid, order: timeOf(message)})
  }
}
