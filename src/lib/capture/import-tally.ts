import type {RecordResult} from '../model/message.ts'
import type {ParsedLine, SkipReason} from './transcripts/source.ts'

export interface ImportSummary {
  files: number
  /** Files that had nothing new since the last import. */
  filesUnchanged: number
  filesUnreadable: number
  lines: number
  /** Messages that were sent. */
  messages: number
  /** Of these, how many the memory holds now. Some of them it may have held before. */
  stored: number
  /** Of these, how many somebody deleted from the memory earlier. They stay away. */
  deleted: number
  /** Lines that hold no message, and why. */
  skipped: number
  skippedBy: Partial<Record<SkipReason, number>>
  /** Lines that could not be read, and messages that the memory refused. */
  bad: number
  /** Messages of which something was cut out; a mark in them says how much. */
  truncated: number
  /** The first of what was bad or unreadable, each as a sentence. */
  problems: string[]
  /** Stopped by the signal. The next import goes on from here. */
  interrupted: boolean
}

const PROBLEMS_MAX = 20

/** Counts what becomes of lines, messages and files. */
export class ImportTally {
  readonly summary: ImportSummary = {
    files: 0,
    filesUnchanged: 0,
    filesUnreadable: 0,
    lines: 0,
    messages: 0,
    stored: 0,
    deleted: 0,
    skipped: 0,
    skippedBy: {},
    bad: 0,
    truncated: 0,
    problems: [],
    interrupted: false,
  }

  takeParsed(parsed: ParsedLine, where: string): void {
    const {summary} = this
    summary.lines++
    if (parsed.kind === 'message') {
      summary.messages++
      if (parsed.isCut) summary.truncated++
    } else if (parsed.kind === 'skipped') {
      summary.skipped++
      summary.skippedBy[parsed.reason] = (summary.skippedBy[parsed.reason] ?? 0) + 1
    } else {
      this.#noteBad(`${where}: ${parsed.reason}`)
    }
  }

  takeResult(result: RecordResult): void {
    if (result.truncated) this.summary.truncated++
    if (result.status === 'ok') this.summary.stored++
    else if (result.status === 'deleted') this.summary.deleted++
    else this.#noteBad(`message ${result.uuid} was refused: ${result.error}`)
  }

  noteUnreadable(path: string, reason: string): void {
    this.summary.filesUnreadable++
    this.#noteProblem(`${path} can't be read (${reason})`)
  }

  #noteBad(problem: string): void {
    this.summary.bad++
    this.#noteProblem(problem)
  }

  #noteProblem(problem: string): void {
    if (this.summary.problems.length < PROBLEMS_MAX) this.summary.problems.push(problem)
  }
}
