import {WIRE_LIMITS} from '../client/protocol.ts'
import type {MessageWithContext, StoredMessage} from '../model/message.ts'
import {wellFormed} from '../model/normalize-message.ts'
import type {ErrorMatch, SearchHit} from '../model/search-result.ts'
import type {Database} from '../storage/database.ts'
import {findMessage} from '../storage/read-messages.ts'
import {readMessages} from '../storage/read-thread.ts'
import {clamp} from './clamp.ts'
import {findSolution, type Solution} from './find-solution.ts'
import type {FindErrorsQuery} from './memory.ts'
import {type ErrorSpot, locateError, type NormalError, normalizeError} from './normalize-error.ts'
import {measureRelevance} from './recall/relevance.ts'
import type {SearchEngine} from './search/search-engine.ts'
import {searchMessages} from './search-messages.ts'

/** Of the error and of what fixed it (wire contract). */
const PASSAGE_CHARS_MAX = 800
/** How far behind an error its solution is looked for, and how far before it the command that failed. */
const MESSAGES_AFTER_MAX = 30
const MESSAGES_BEFORE_MAX = 4
const CANDIDATES_MAX = 30
/** Of the best candidates the solution is looked for: so many for each match that is asked for. */
const READ_PER_MATCH = 3
const QUERY_CHARS_MAX = 1_000
const LONG_LINE_CHARS = 120
/** What stands in a normalised error for what varies. */
const PLACEHOLDER = /<\w+>|#-?\d+/g
/** Of what the words of an error tell (rare ones most), that a message must have which doesn't say of the error itself. */
const RELATED_SHARE_MIN = 0.5
/** Within a line or two of it: a log has all words of all errors somewhere. */
const RELATED_WINDOW_CHARS = 200

/** The error as it is written beats the same error with other names and numbers, and that another of its code. */
const MATCH_WORTH: Record<ErrorSpot['match'], number> = {same: 30, alike: 20, code: 10}
const PROVEN_WORTH = 6
const SOLVED_WORTH = 3
const FAILURE_WORTH = 2
/** For the names that an error and what stands around it have in common with the one that is asked about. */
const LIKENESS_WORTH = 12

interface Candidate {
  message: StoredMessage
  spot: ErrorSpot | null
  score: number
}

interface Solved extends Candidate {
  solution: Solution
}

/** Where the error was met before, in results of tools and in prose, and what fixed it there. */
export async function findErrors(
  engine: SearchEngine,
  query: FindErrorsQuery & {workspaceId: string},
  now: string,
): Promise<ErrorMatch[]> {
  const {database} = engine
  const limit = clamp(query.limit, WIRE_LIMITS.findError.limit)
  const error = wellFormed(query.error)
  const normal = normalizeError(error)
  const hits = await findCandidates(engine, {error, normal, workspaceId: query.workspaceId}, now)
  const messages = await readMessages(database, query.workspaceId, hits)
  const isAbout = await createGate(engine, {error, normal, workspaceId: query.workspaceId}, now)
  const candidates = judge(messages, {normal, words: wordsOf(error.slice(0, QUERY_CHARS_MAX))})
    .filter(isAbout)
    .sort((a, b) => b.score - a.score)
    .slice(0, READ_PER_MATCH * limit)
  // All at once: over a network that is two round trips, not forty.
  const solved = await Promise.all(candidates.map((candidate) => solve(database, candidate, normal)))
  const ranked = solved.sort((a, b) => b.score - a.score)
  return oncePerSession(ranked).slice(0, limit).map(toMatch)
}

/** By the line that says what went wrong, and by what was said around it. */
async function findCandidates(
  engine: SearchEngine,
  {error, normal, workspaceId}: {error: string; normal: NormalError | null; workspaceId: string},
  now: string,
): Promise<SearchHit[]> {
  const texts = normal ? [normal.line, error] : [error]
  // Of a long line the paths and numbers would crowd out the words that stay.
  if (normal && normal.line.length > LONG_LINE_CHARS) texts.unshift(normal.key.replace(PLACEHOLDER, ' '))
  const found: SearchHit[] = []
  for (const text of new Set(texts.map(plainQuery))) {
    const limit = CANDIDATES_MAX
    found.push(...(await searchMessages(engine, {query: text, workspaceId, limit, now}, now)))
  }
  const seen = new Set<string>()
  return found.filter(({sessionId, uuid}) => {
    const key = `${sessionId}\0${uuid}`
    return !seen.has(key) && seen.add(key)
  })
}

/**
 * A search finds the nearest there is; an error that was never met has no answer here. What says of the same error, or of
 * its code, is about it; anything else must have most of what its words tell.
 */
async function createGate(
  engine: SearchEngine,
  {error, normal, workspaceId}: {error: string; normal: NormalError | null; workspaceId: string},
  now: string,
): Promise<(candidate: Candidate) => boolean> {
  const line = normal ? normal.key.replace(PLACEHOLDER, ' ') : error
  const relevance = await measureRelevance(engine, {
    query: plainQuery(line),
    workspaceId,
    now,
    windowChars: RELATED_WINDOW_CHARS,
  })
  return ({message, spot}) => {
    if (spot || !relevance) return spot !== null
    const {share} = relevance.judge(message.content, {timestampMs: 0, nearby: []})
    return share >= RELATED_SHARE_MIN
  }
}

/** Errors are full of quotes, colons and words in capitals that a search would take for its syntax. */
function plainQuery(text: string): string {
  return text
    .slice(0, QUERY_CHARS_MAX)
    .replace(/["'`“”‘’*()]|:(?=\s|$)/g, ' ')
    .replace(/(\w):(?=\S)/g, '$1 ')
    .replace(/\b(?:AND|OR|NOT|NEAR)\b/g, (word) => word.toLowerCase())
    .trim()
}

function judge(
  messages: readonly StoredMessage[],
  {normal, words}: {normal: NormalError | null; words: ReadonlySet<string>},
): Candidate[] {
  const judged = messages.map((message) => {
    const spot = normal ? locateError(message.content, normal) : null
    return {message, spot, around: wordsOf(passage(message.content, spot?.at ?? 0))}
  })
  const likeness = measureLikeness(
    words,
    judged.map(({around}) => around),
  )
  return judged.map(({message, spot, around}, place) => {
    const match = spot ? MATCH_WORTH[spot.match] : 0
    const failure = message.status === 'error' ? FAILURE_WORTH : 0
    return {
      message,
      spot,
      score: match + LIKENESS_WORTH * likeness(around) + failure - place / CANDIDATES_MAX,
    }
  })
}

/** Numbers left out: they differ from one time to the next. */
function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]{2,}/gu) ?? [])
}

/** How many of the words a text has, those counting most that few of the texts have. */
function measureLikeness(
  wanted: ReadonlySet<string>,
  texts: readonly ReadonlySet<string>[],
): (text: ReadonlySet<string>) => number {
  const weights = [...wanted].map((word): [string, number] => {
    const count = texts.filter((text) => text.has(word)).length
    return [word, count === 0 ? 0 : Math.log(1 + texts.length / count)]
  })
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0) || 1
  return (text) => weights.reduce((sum, [word, weight]) => sum + (text.has(word) ? weight : 0), 0) / total
}

async function solve(database: Database, candidate: Candidate, normal: NormalError | null): Promise<Solved> {
  const {message} = candidate
  const around = await findMessage(database, message, MESSAGES_AFTER_MAX)
  const {before, after}: Pick<MessageWithContext, 'before' | 'after'> = around ?? {before: [], after: []}
  const nearest = before.slice(-MESSAGES_BEFORE_MAX)
  const solution = findSolution({message, normal}, {before: nearest, after, charsMax: PASSAGE_CHARS_MAX})
  const worth = solution.text === null ? 0 : solution.isProven ? PROVEN_WORTH : SOLVED_WORTH
  return {...candidate, solution, score: candidate.score + worth}
}

/** A session that met the error five times says what fixed it once. */
function oncePerSession(ranked: readonly Solved[]): Solved[] {
  const seen = new Set<string>()
  return ranked.filter(({message, spot}) => {
    const isOther = spot !== null && spot.match !== 'code'
    const key = isOther ? `${message.sessionId}\0${spot.line}` : message.sessionId
    if (seen.has(key)) return false
    seen.add(message.sessionId)
    seen.add(key)
    return true
  })
}

function toMatch({message, spot, solution}: Solved): ErrorMatch {
  return {
    errorContext: passage(message.content, spot?.at ?? 0),
    project: message.project,
    timestamp: message.timestamp,
    sessionId: message.sessionId,
    uuid: message.uuid,
    author: message.author,
    source: message.source,
    solution: solution.text,
  }
}

/** The error with a little of what stands before it, and more of what comes after. */
function passage(content: string, at: number): string {
  const start = Math.max(0, Math.min(at - PASSAGE_CHARS_MAX / 4, content.length - PASSAGE_CHARS_MAX))
  return content.slice(start, start + PASSAGE_CHARS_MAX).toWellFormed()
}
