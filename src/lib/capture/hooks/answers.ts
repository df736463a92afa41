import {createHash} from 'node:crypto'
import type {NewMessage} from '../../model/message.ts'
import type {LinePlace} from '../transcripts/source.ts'

/** An answer that was stored out of an event, because the transcript did not hold it. */
export interface StandIn {
  uuid: string
  sessionId: string
  promptId?: string
  hash: string
  /** The transcript's own line has come, so this one is to be taken away. */
  isObsolete?: boolean
}

/** What of a transcript is to be known when an event says how its turn ended. */
interface AnswerNotes {
  /** The last answers that stand in it. */
  answers: {promptId?: string; hash: string}[]
  /** When its last line was written. */
  lastLineMs?: number
  standIns: StandIn[]
}

/** `endedMs` is a file's date, and the clock for these is a tick behind. */
const FILE_CLOCK_MS = 25

const ANSWERS_KEPT = 20
const STAND_INS_KEPT = 20

/**
 * Claude Code writes the last line of an answer up to 100 ms after it says that the turn has ended, and not at all when
 * it is killed in between. This knows which answers a transcript holds, and which of them others stand in for.
 */
export class AnswerLog {
  readonly #notes: AnswerNotes

  constructor(notes: unknown) {
    this.#notes = readNotes(notes)
  }

  toJson(): AnswerNotes {
    return {...this.#notes, answers: this.#notes.answers.slice(-ANSWERS_KEPT)}
  }

  get obsolete(): StandIn[] {
    return this.#notes.standIns.filter(({isObsolete}) => isObsolete)
  }

  /** When the last line of the transcript was written; 0 when none says. */
  get lastLineMs(): number {
    return this.#notes.lastLineMs ?? 0
  }

  noteLine(place: LinePlace): void {
    const ms = Date.parse(place.timestamp ?? '')
    if (!Number.isNaN(ms)) this.#notes.lastLineMs = Math.max(this.lastLineMs, ms)
  }

  noteMessage(message: NewMessage, place: LinePlace): void {
    if (message.type !== 'assistant' || message.tool !== undefined) return
    const answer = {promptId: place.promptId, hash: hashOf(message)}
    this.#notes.answers.push(answer)
    const standIn = this.#notes.standIns.find((each) => !each.isObsolete && isSame(each, answer))
    if (standIn) standIn.isObsolete = true
  }

  /**
   * Whether the transcript holds the answer of a turn that ended at `endedMs`. Lines are written in their order: when it
   * holds a later one, then it holds this one too, be its wording a little different.
   */
  holds(message: NewMessage, turn: {promptId?: string; endedMs: number}): boolean {
    if (this.lastLineMs > turn.endedMs + FILE_CLOCK_MS) return true
    const answer = {promptId: turn.promptId, hash: hashOf(message)}
    return this.#notes.answers.some((each) => isSame(each, answer))
  }

  addStandIn(message: NewMessage, promptId: string | undefined): void {
    const {uuid, sessionId} = message
    const others = this.#notes.standIns.filter((each) => each.uuid !== uuid)
    this.#notes.standIns = [...others, {uuid, sessionId, promptId, hash: hashOf(message)}].slice(
      -STAND_INS_KEPT,
    )
  }

  removeStandIn(uuid: string): void {
    this.#notes.standIns = this.#notes.standIns.filter((each) => each.uuid !== uuid)
  }
}

interface Answer {
  promptId?: string
  hash: string
}

/** The same words in the same turn; where nobody says which turn it was, the same words. */
function isSame(one: Answer, other: Answer): boolean {
  const isOneTurn =
    one.promptId === undefined || other.promptId === undefined || one.promptId === other.promptId
  return isOneTurn && one.hash === other.hash
}

function hashOf({content}: NewMessage): string {
  return createHash('sha256')
    .update(content ?? '')
    .digest('base64url')
    .slice(0, 16)
}

function readNotes(value: unknown): AnswerNotes {
  const notes = (typeof value === 'object' && value !== null ? value : {}) as Partial<AnswerNotes>
  return {
    answers: Array.isArray(notes.answers) ? [...notes.answers] : [],
    lastLineMs: typeof notes.lastLineMs === 'number' ? notes.lastLineMs : undefined,
    standIns: Array.isArray(notes.standIns) ? notes.standIns.map((each) => ({...each})) : [],
  }
}
