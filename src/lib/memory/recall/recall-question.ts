import type {StoredMessage} from '../../model/message.ts'
import type {SearchHit} from '../../model/search-result.ts'
import type {Database} from '../../storage/database.ts'
import {findMessage} from '../../storage/read-messages.ts'
import {readMessages} from '../../storage/read-thread.ts'
import type {SearchEngine} from '../search/search-engine.ts'
import {searchMessages} from '../search-messages.ts'
import {foldFacts} from './fold-facts.ts'
import type {Frame} from './frame.ts'
import {describePassage, headingOf, kindOf, type PassageKind, quotable, timeOf} from './passage.ts'
import {cutAround, cutEnd} from './quoted-text.ts'
import {recallDays} from './recall-days.ts'
import {MIN_CHARS, type RecallScope} from './recall-project.ts'
import {measureRelevance, type Relevance} from './relevance.ts'

export interface QuestionScope extends RecallScope {
  query: string
  project?: string
  sessionId?: string
  now: string
}

/** Of the search; then the gate and the budget choose. */
const HITS_MAX = 40
/** Whose neighbours in the conversation are looked at too. */
const NEIGHBOURED_MAX = 12
const NEIGHBOURS = 2
/** One passage must be about this share of the question, or the memory says nothing. */
const BEST_SHARE_MIN = 0.35
/** Tools print words of all kinds: less than half of a question there is chance. */
const TOOL_SHARE_MIN = 0.5
/** Beside it, lesser passages may help. */
const SHARE_MIN = 0.21
/** And are worth their room down to this share of the best one's score. */
const SCORE_SHARE_MIN = 0.35
/** Remembered facts were worth writing down; what tools print is long and says little. */
const WORTH: Record<PassageKind, number> = {fact: 1.5, said: 1, tool: 0.6}
/** Of what was answered to a message that was found. */
const REPLY_CHARS_MAX = 500
const REPLY_WORTH = 0.8
/** Of each neighbour. */
const NEARBY_CHARS_MAX = 2_000
const CHARS_MAX: Record<PassageKind, number> = {fact: 1_000, said: 700, tool: 350}
const FACTS_HEADING = 'Remembered, newest first:'
/** Facts leave room for what was said. */
const FACTS_SHARE = 0.6

interface Answer {
  message: StoredMessage
  kind: PassageKind
  share: number
  score: number
  text: string
}

/** What was said about the question: remembered facts first, then passages of conversations, best first. */
export async function recallQuestion(
  engine: SearchEngine,
  frame: Frame,
  scope: QuestionScope,
): Promise<void> {
  const {database} = engine
  const {workspaceId, query, project, sessionId, now} = scope
  const relevance = await measureRelevance(engine, {query, workspaceId, now})
  if (!relevance) return recallDays(database, frame, scope)
  const asked = {workspaceId, query, project, sessionId, now, limit: HITS_MAX}
  const hits = await searchMessages(engine, asked, now)
  const answers = await chooseAnswers(database, {hits, relevance, workspaceId})
  const facts = foldFacts(
    answers
      .filter(({kind}) => kind === 'fact')
      .map(({message}) => message)
      .sort((a, b) => timeOf(b) - timeOf(a)),
  )
  addFacts(
    frame,
    answers.filter(({message}) => facts.includes(message)),
    scope,
  )
  const quoted = new Set<string>()
  for (const answer of answers.filter(({kind}) => kind !== 'fact')) {
    if (quoted.has(keyOf(answer.message))) continue
    quoted.add(keyOf(answer.message))
    addAnswer(frame, answer, {...scope, heading: headingOf(answer.message, scope.clock)})
  }
}

/** Best first; empty when the memory holds nothing that is about the question. */
async function chooseAnswers(
  database: Database,
  {hits, relevance, workspaceId}: {hits: readonly SearchHit[]; relevance: Relevance; workspaceId: string},
): Promise<Answer[]> {
  const ranks = new Map(hits.map((hit) => [keyOf(hit), -hit.rank]))
  const messages = await readMessages(database, workspaceId, hits)
  // All at once: over a network that is two round trips, not forty.
  const neighbours = await Promise.all(
    messages.slice(0, NEIGHBOURED_MAX).map((message) => readNear(database, message)),
  )
  const answers: Answer[] = []
  const replies = new Map<string, StoredMessage>()
  for (const [place, message] of messages.entries()) {
    const near = neighbours[place] ?? {before: [], after: []}
    const nearby = [...near.before, ...near.after].map(({content}) => content.slice(0, NEARBY_CHARS_MAX))
    const reply = near.after.find((next) => next.type === 'assistant' && kindOf(next) === 'said')
    if (reply && message.type === 'user') replies.set(keyOf(message), reply)
    const text = quotable(message)
    const {share, at} = relevance.judge(text, {timestampMs: timeOf(message), nearby})
    const kind = kindOf(message)
    const score = (ranks.get(keyOf(message)) ?? 0) * WORTH[kind]
    if (share >= SHARE_MIN)
      answers.push({message, kind, share, score, text: cutAround(text, at, CHARS_MAX[kind])})
  }
  if (!answers.some(isAbout)) return []
  const best = Math.max(...answers.map(({score}) => score))
  return answers
    .filter((answer) => isAbout(answer) || (answer.kind !== 'tool' && answer.score >= best * SCORE_SHARE_MIN))
    .flatMap((answer) => withReply(answer, replies.get(keyOf(answer.message))))
    .sort((a, b) => b.score - a.score)
}

function isAbout({kind, share}: Answer): boolean {
  return share >= (kind === 'tool' ? TOOL_SHARE_MIN : BEST_SHARE_MIN)
}

/** Where the question was asked before, the answer stands behind it, often in other words. */
function withReply(answer: Answer, reply: StoredMessage | undefined): Answer[] {
  if (!reply || !isAbout(answer)) return [answer]
  const text = cutEnd(quotable(reply), REPLY_CHARS_MAX)
  return [answer, {message: reply, kind: 'said', share: 0, score: answer.score * REPLY_WORTH, text}]
}

async function readNear(
  database: Database,
  message: StoredMessage,
): Promise<{before: StoredMessage[]; after: StoredMessage[]}> {
  // What was remembered stands beside each other by chance.
  const found = kindOf(message) === 'fact' ? null : await findMessage(database, message, NEIGHBOURS)
  return found ?? {before: [], after: []}
}

function keyOf({sessionId, uuid}: {sessionId: string; uuid: string}): string {
  return `${sessionId}\0${uuid}`
}

/** The best facts find room first, and are shown newest first. */
function addFacts(frame: Frame, facts: readonly Answer[], scope: QuestionScope): void {
  const floor = frame.room - Math.floor(scope.budget * FACTS_SHARE)
  for (const {message, text} of facts) {
    const charsMax = Math.min(CHARS_MAX.fact, frame.roomFor(FACTS_HEADING) - floor)
    if (frame.passages >= scope.limit || charsMax < MIN_CHARS) return
    const line = describePassage(message, text, {clock: scope.clock, charsMax, withProject: true})
    frame.add(FACTS_HEADING, {text: line, uuid: message.uuid, order: -timeOf(message)})
  }
}

function addAnswer(
  frame: Frame,
  {message, kind, text}: Answer,
  scope: QuestionScope & {heading: string},
): void {
  const charsMax = Math.min(CHARS_MAX[kind], frame.roomFor(scope.heading))
  if (frame.passages >= scope.limit || charsMax < MIN_CHARS) return
  const line = describePassage(message, text, {clock: scope.clock, charsMax})
  frame.add(scope.heading, {text: line, uuid: message.uuid, order: timeOf(message)})
}
