import type {StoredMessage} from '../../model/message.ts'
import type {SearchHit} from '../../model/search-result.ts'
import type {Database} from '../../storage/database.ts'
import {readMessages} from '../../storage/read-thread.ts'
import {STOP_WORDS} from '../search/english.ts'
import {searchMessages} from '../search-messages.ts'
import {foldFacts} from './fold-facts.ts'
import type {Frame} from './frame.ts'
import {describePassage, headingOf, kindOf, type PassageKind, quotable, timeOf} from './passage.ts'
import {cutAround} from './quoted-text.ts'
import {MIN_CHARS, type RecallScope} from './recall-project.ts'
import {measureRelevance, type Relevance} from './relevance.ts'

export interface QuestionScope extends RecallScope {
  query: string
  project?: string
  sessionId?: string
  now: string
}

/** Of the search; then the gate and the budget choose. */
const HITS_MAX = 50
/** What share of the question a passage must be about, and what share its conversation just there. */
export const SHARE_MIN = 0.42
/** Beside the best passage, a lesser one is worth its room down to this share of the best's score. */
const SCORE_SHARE_MIN = 0.45
/** Remembered facts were worth writing down; what tools print is long and says little. */
const WORTH: Record<PassageKind, number> = {fact: 1.5, said: 1, tool: 0.6}
const CHARS_MAX: Record<PassageKind, number> = {fact: 1_000, said: 700, tool: 350}
const FACTS_HEADING = 'Remembered, newest first:'
/** Facts leave room for what was said. */
const FACTS_SHARE = 0.6

interface Answer {
  message: StoredMessage
  kind: PassageKind
  score: number
  text: string
}

/** What was said about the question: remembered facts first, then passages of conversations, best first. */
export async function recallQuestion(database: Database, frame: Frame, scope: QuestionScope): Promise<void> {
  const {workspaceId, query, project, sessionId, now} = scope
  const hits = await searchMessages(
    database,
    {workspaceId, query, project, sessionId, now, limit: HITS_MAX},
    now,
  )
  if (hits.length === 0) return
  const relevance = await measureRelevance(database, {query, workspaceId, now})
  const messages = await readMessages(database, workspaceId, hits)
  const answers = chooseAnswers(hits, messages, relevance)
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
  for (const answer of answers.filter(({kind}) => kind !== 'fact')) {
    addAnswer(frame, answer, {...scope, heading: headingOf(answer.message, scope.clock)})
  }
}

/** Best first; empty when the memory holds nothing that is about the question. */
function chooseAnswers(
  hits: readonly SearchHit[],
  messages: readonly StoredMessage[],
  relevance: Relevance,
): Answer[] {
  const ranks = new Map(hits.map((hit) => [keyOf(hit), -hit.rank]))
  const answers = messages.flatMap((message): Answer[] => {
    const text = quotable(message)
    const {share, at} = relevance.judge(text)
    if (share < SHARE_MIN) return []
    const kind = kindOf(message)
    const score = (ranks.get(keyOf(message)) ?? 0) * WORTH[kind]
    return [{message, kind, score, text: cutAround(text, at, CHARS_MAX[kind])}]
  })
  const best = Math.max(0, ...answers.map(({score}) => score))
  return answers.filter(({score}) => score >= best * SCORE_SHARE_MIN).sort((a, b) => b.score - a.score)
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

/** Words that only say how something is asked can't tell whether anything is about it. */
export function asksForSomething(query: string): boolean {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.some((word) => !STOP_WORDS.has(word))
}
