import type {Database} from '../../storage/database.ts'
import {readSessionsWithin, readThread} from '../../storage/read-thread.ts'
import {understandQuery} from '../search/understand-query.ts'
import type {Frame} from './frame.ts'
import {addEndOfSession, MIN_CHARS} from './recall-project.ts'
import type {QuestionScope} from './recall-question.ts'

const SESSIONS_MAX = 8
const SAID_READ_MAX = 60
const PASSAGE_CHARS_MAX = 500

/** For a question that names nothing but a time ("what did we do yesterday?"): how the sessions of then ended. */
export async function recallDays(database: Database, frame: Frame, scope: QuestionScope): Promise<void> {
  const {time} = understandQuery(scope.query, {now: scope.now})
  const [within] = time?.windows ?? []
  if (!time || !within) return
  const {workspaceId, project} = scope
  const {fromMs, toMs} = within
  const sessions =
    scope.sessionId === undefined
      ? await readSessionsWithin(database, {workspaceId, fromMs, toMs, project, limit: SESSIONS_MAX})
      : [scope.sessionId]
  const charsMax = Math.max(MIN_CHARS, Math.min(PASSAGE_CHARS_MAX, Math.floor(scope.budget / 8)))
  for (const sessionId of sessions) {
    if (frame.passages >= scope.limit) return
    const newest = {workspaceId, sessionId, kind: 'said', order: 'newest', within: {fromMs, toMs}} as const
    addEndOfSession(frame, await readThread(database, {...newest, limit: SAID_READ_MAX}), {
      ...scope,
      charsMax,
    })
  }
}
