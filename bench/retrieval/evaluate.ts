import {timeMs} from '../measure.ts'
import type {DataSet, Question} from './data-set.ts'
import type {Engine} from './engines.ts'
import {firstRank, type Score, scoreAnswer} from './metrics.ts'

/** A turn is one message; a session is found where its first hit stands. */
export const LEVELS = ['session', 'turn'] as const
export type Level = (typeof LEVELS)[number]

export interface Answer {
  question: Question
  score: Record<Level, Score>
  /** Of the first right answer; infinite when there is none. */
  rank: Record<Level, number>
  ms: number
}

export async function evaluate(engine: Engine, {workspaces, questions}: DataSet): Promise<Answer[]> {
  const sessions = new Map(
    [...workspaces].map(([workspace, messages]) => [
      workspace,
      new Map(messages.map(({uuid, sessionId}) => [uuid, sessionId])),
    ]),
  )
  const answers: Answer[] = []
  for (const question of questions) {
    const sessionOf = (uuid: string) => sessions.get(question.workspace)?.get(uuid) ?? ''
    let turns: string[] = []
    const ms = await timeMs(async () => {
      turns = await engine.search(question)
    })
    const found = {turn: turns, session: [...new Set(turns.map(sessionOf))]}
    const gold = {turn: new Set(question.gold), session: new Set(question.gold.map(sessionOf))}
    answers.push({
      question,
      ms,
      score: {
        turn: scoreAnswer(found.turn, gold.turn),
        session: scoreAnswer(found.session, gold.session),
      },
      rank: {turn: firstRank(found.turn, gold.turn), session: firstRank(found.session, gold.session)},
    })
  }
  return answers
}

export interface Comparison {
  better: number
  same: number
  worse: number
  /** Questions that the other answered among its first ten, and these answers didn't. */
  lost: Answer[]
}

/** How the first right answer of each question stands against the other engine's. */
export function compare(ours: readonly Answer[], other: readonly Answer[], level: Level): Comparison {
  const comparison: Comparison = {better: 0, same: 0, worse: 0, lost: []}
  for (const [position, answer] of ours.entries()) {
    const rank = answer.rank[level]
    const otherRank = other[position]?.rank[level] ?? Number.POSITIVE_INFINITY
    if (rank === otherRank) comparison.same++
    else if (rank < otherRank) comparison.better++
    else comparison.worse++
    if (rank > 10 && otherRank <= 10) comparison.lost.push(answer)
  }
  return comparison
}
