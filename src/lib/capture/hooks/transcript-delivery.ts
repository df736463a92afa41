import {createHash} from 'node:crypto'
import type {Memory} from '../../memory/memory.ts'
import {BmfoteError} from '../../model/errors.ts'
import type {NewMessage} from '../../model/message.ts'
import type {Caller} from '../../model/principal.ts'
import {reasonOf} from '../find-transcripts.ts'
import type {ImportState} from '../import-state.ts'
import type {ProjectFolders} from '../project-folders.ts'
import type {RetryOptions} from '../retry.ts'
import {isFileError, isUnchanged, TranscriptIntake} from '../transcript-intake.ts'
import {claudeCode} from '../transcripts/claude-code.ts'
import {AnswerLog} from './answers.ts'
import {unreadProgress} from './grown-transcripts.ts'
import type {HookEvent} from './hook-event.ts'
import {openTranscript, placeTranscript, type TranscriptPlace} from './transcript-place.ts'

export type HookMemory = Pick<Memory, 'recordMessages' | 'deleteMessages'>

export interface DeliveryOptions extends RetryOptions {
  /** The folder of all histories; nothing outside of it is read. */
  historyFolder: string
  workspaceId?: string
  author?: string
  machine?: string
  folders: ProjectFolders
  log(sentence: string): void
  /** Told of every message that the memory has acknowledged. */
  onStored(): void
}

/** Kept with the progress of a transcript. */
export interface TranscriptNotes {
  answers?: unknown
  /** When an event last named it. */
  touchedMs?: number
}

/** How an event says that a turn has ended: in which transcript, with which words. */
export interface EndedTurn {
  event: HookEvent
  path: string
  text: string
  endedMs: number
}

/** Transcripts on their way into the memory, each from where it was left. */
export class TranscriptDelivery {
  readonly #memory: HookMemory
  readonly #caller: Caller
  readonly #state: ImportState
  readonly #options: DeliveryOptions
  readonly #intake: TranscriptIntake
  readonly #answers = new Map<string, AnswerLog>()
  readonly #touchedMs = new Map<string, number>()

  constructor(memory: HookMemory, caller: Caller, state: ImportState, options: DeliveryOptions) {
    this.#memory = memory
    this.#caller = caller
    this.#state = state
    this.#options = options
    const {workspaceId, author, machine, folders, signal, sleep, onWait} = options
    this.#intake = new TranscriptIntake(
      memory,
      caller,
      {
        ...{source: claudeCode, workspaceId, author, machine, folders, signal, sleep, onWait},
        open: openTranscript,
        onLine: (parsed, where) => {
          const answers = this.#answersOf(where.path)
          answers.noteLine(where)
          if (parsed.kind === 'message') answers.noteMessage(parsed.message, where)
          if (parsed.kind === 'bad') options.log(`${where.path} at byte ${where.offset}: ${parsed.reason}`)
        },
        onResult: ({uuid, status, error}) => {
          options.onStored()
          if (status === 'error') options.log(`the memory refused message ${uuid}: ${error}`)
        },
        notesOf: (path) => this.#notesOf(path),
      },
      state,
    )
  }

  /** Reads what is new. `touchedMs` is when an event named the transcript, if one did. */
  async take(path: string, touchedMs?: number): Promise<TranscriptPlace> {
    const place = await placeTranscript(path, this.#options.historyFolder)
    if (place.kind === 'absent' && touchedMs !== undefined && !this.#state.get(path)) {
      this.#state.set(path, unreadProgress(touchedMs))
    }
    if (place.kind !== 'ours') return place
    const {file} = place
    if (path !== file.path) this.#state.delete(path)
    if (touchedMs !== undefined) this.#touchedMs.set(file.path, touchedMs)
    const known = this.#intake.progressOf(file.path)
    if (known && isUnchanged(known, file)) return place
    try {
      await this.#intake.takeFile(file)
      return place
    } catch (error) {
      if (!isFileError(error)) throw error
      return {kind: 'refused', reason: `it can't be read (${reasonOf(error)})`}
    }
  }

  /** On resolution the memory has what was taken, and the state is on disk. */
  async flush(): Promise<void> {
    await this.#intake.flush()
    for (const [path, answers] of this.#answers) {
      await this.#removeObsolete(answers)
      const progress = this.#state.get(path)
      if (progress) this.#state.set(path, {...progress, notes: this.#notesOf(path)})
    }
    this.#answers.clear()
    await this.#state.save()
  }

  /** Whether the transcript holds how the turn ended, or nothing of it is worth keeping. */
  holdsAnswer(turn: EndedTurn): boolean {
    const message = this.#messageOf(turn)
    return !message || this.#answersOf(turn.path).holds(message, {...turn, promptId: turn.event.promptId})
  }

  /** The answer as the event tells it. When the transcript's own line comes, that takes its place. */
  addStandIn(turn: EndedTurn): void {
    const message = this.#messageOf(turn)
    if (!message) return
    this.#intake.add(message)
    this.#answersOf(turn.path).addStandIn(message, turn.event.promptId)
  }

  /** A line such as Claude Code would have written, read as every line is read. */
  #messageOf({event, path, text, endedMs}: EndedTurn): NewMessage | undefined {
    const {sessionId, promptId, cwd, agent} = event
    const key = JSON.stringify([sessionId, agent?.id, promptId, text])
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 32)
    const isFailure = event.name === 'StopFailure'
    const line = {
      type: 'assistant',
      uuid: `answer-${hash}`,
      sessionId,
      cwd,
      // Behind the lines that it answers, whatever the two clocks say.
      timestamp: new Date(Math.max(endedMs, this.#answersOf(path).lastLineMs + 1)).toISOString(),
      message: {
        role: 'assistant',
        content: [{type: 'text', text}],
        ...(isFailure ? {model: '<synthetic>'} : {}),
      },
      ...(agent ? {agentId: agent.id} : {}),
      ...(isFailure ? {isApiErrorMessage: true} : {}),
    }
    const parsed = this.#intake.parseAlone(path, JSON.stringify(line))
    return parsed.kind === 'message' ? parsed.message : undefined
  }

  async #removeObsolete(answers: AnswerLog): Promise<void> {
    const {workspaceId} = this.#options
    for (const {uuid, sessionId} of answers.obsolete) {
      try {
        await this.#memory.deleteMessages(this.#caller, {uuid, sessionId, workspaceId})
        answers.removeStandIn(uuid)
      } catch (error) {
        if (!(error instanceof BmfoteError)) throw error
        this.#options.log(`an answer is stored twice for now: ${error.message}`)
      }
    }
  }

  #answersOf(path: string): AnswerLog {
    let answers = this.#answers.get(path)
    if (!answers) {
      const notes = this.#intake.progressOf(path)?.notes as TranscriptNotes | undefined
      answers = new AnswerLog(notes?.answers)
      this.#answers.set(path, answers)
    }
    return answers
  }

  #notesOf(path: string): TranscriptNotes {
    const known = this.#intake.progressOf(path)?.notes as TranscriptNotes | undefined
    return {answers: this.#answersOf(path).toJson(), touchedMs: this.#touchedMs.get(path) ?? known?.touchedMs}
  }
}
