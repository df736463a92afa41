import type {Memory} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import type {NewMessage} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import type {NewSession} from '../model/session.ts'
import {type JsonlLine, type JsonlLineOptions, JsonlLineReader} from './jsonl-line.ts'
import {MessageBatch} from './record-batches.ts'
import {type RetryOptions, withRetries} from './retry.ts'
import {LINE_BYTES_MAX, LineSplitter, type RawLine} from './split-lines.ts'

export interface ImportJsonlOptions extends JsonlLineOptions, RetryOptions {
  /** Put the rows of an export back as they were. Default: where the caller may. */
  restore?: boolean
  onProgress?(progress: {lines: number; messages: number; bad: number}): void
  lineBytesMax?: number
}

export interface ImportJsonlSummary {
  lines: number
  sessions: number
  /** Messages that were sent. */
  messages: number
  /** Of these, how many the memory holds now. */
  stored: number
  /** Of these, how many somebody deleted from the memory earlier. They stay away. */
  deleted: number
  /** Lines that could not be read, and messages that the memory refused. */
  bad: number
  /** Messages that were stored cut. */
  truncated: number
  /** The first of what was bad. */
  problems: {line: number; reason: string}[]
  interrupted: boolean
}

/**
 * Reads JSON lines from a file or a pipe into a memory. Lines may come from exportJsonl or from elsewhere; a repeated
 * import doubles nothing.
 *
 * @throws what the memory throws, when it does not pass; what was acknowledged until then is stored.
 */
export async function importJsonl(
  memory: Pick<Memory, 'recordMessages' | 'recordSession'>,
  caller: Caller,
  chunks: AsyncIterable<Uint8Array | string>,
  options: ImportJsonlOptions = {},
): Promise<ImportJsonlSummary> {
  const run = new JsonlRun(memory, caller, options)
  try {
    await run.importAll(chunks)
  } catch (error) {
    if (!options.signal?.aborted) throw error
    run.summary.interrupted = true
  }
  return run.summary
}

const PROBLEMS_MAX = 20

/** Messages on their way, with the numbers of the lines that they came from. */
interface Lane {
  batch: MessageBatch
  lineNumbers: number[]
}

class JsonlRun {
  readonly summary: ImportJsonlSummary = {
    lines: 0,
    sessions: 0,
    messages: 0,
    stored: 0,
    deleted: 0,
    bad: 0,
    truncated: 0,
    problems: [],
    interrupted: false,
  }
  readonly #memory: Pick<Memory, 'recordMessages' | 'recordSession'>
  readonly #caller: Caller
  readonly #options: ImportJsonlOptions
  readonly #reader: JsonlLineReader
  /** Rows that are put back as they were. */
  readonly #rows: Lane
  /** Messages that are new here. */
  readonly #messages: Lane
  #lineNumber = 0

  constructor(
    memory: Pick<Memory, 'recordMessages' | 'recordSession'>,
    caller: Caller,
    options: ImportJsonlOptions,
  ) {
    this.#memory = memory
    this.#caller = caller
    this.#options = options
    this.#reader = new JsonlLineReader(options)
    const restore = options.restore ?? caller.principal.restore
    this.#rows = {batch: new MessageBatch(memory, caller, {...options, restore}), lineNumbers: []}
    this.#messages = {batch: new MessageBatch(memory, caller, {...options, restore: false}), lineNumbers: []}
  }

  async importAll(chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    const splitter = new LineSplitter({lineBytesMax: this.#options.lineBytesMax})
    for await (const chunk of chunks) {
      for (const line of splitter.push(Buffer.from(chunk))) await this.#takeLine(line)
      this.#report()
    }
    const rest = splitter.rest()
    if (rest) await this.#takeLine(rest)
    await this.#flush(this.#rows)
    await this.#flush(this.#messages)
    this.#report()
  }

  async #takeLine(line: RawLine): Promise<void> {
    this.#options.signal?.throwIfAborted()
    this.#lineNumber++
    if (line.text?.trim() === '') return
    this.summary.lines++
    const parsed = line.text === null ? this.#tooLong() : this.#reader.read(line.text)
    if (parsed.kind === 'bad') this.#noteBad(this.#lineNumber, parsed.reason)
    else if (parsed.kind === 'session') await this.#takeSession(parsed.session)
    else await this.#takeMessage(parsed.message, parsed.isRow ? this.#rows : this.#messages)
  }

  async #takeSession(session: NewSession): Promise<void> {
    try {
      await withRetries(() => this.#memory.recordSession(this.#caller, session), this.#options)
      this.summary.sessions++
    } catch (error) {
      if (!(error instanceof BmfoteError) || error.code !== 'invalid_input') throw error
      this.#noteBad(this.#lineNumber, error.message)
    }
  }

  async #takeMessage(message: NewMessage, lane: Lane): Promise<void> {
    lane.batch.add(message)
    lane.lineNumbers.push(this.#lineNumber)
    this.summary.messages++
    if (lane.batch.isFull) await this.#flush(lane)
  }

  async #flush(lane: Lane): Promise<void> {
    const results = await lane.batch.flush()
    for (const [index, result] of results.entries()) {
      if (result.truncated) this.summary.truncated++
      if (result.status === 'ok') this.summary.stored++
      else if (result.status === 'deleted') this.summary.deleted++
      else this.#noteBad(lane.lineNumbers[index] ?? 0, result.error ?? 'the memory refused the message')
    }
    lane.lineNumbers = []
  }

  #tooLong(): JsonlLine {
    const limit = this.#options.lineBytesMax ?? LINE_BYTES_MAX
    return {kind: 'bad', reason: `longer than ${limit.toLocaleString('en-US')} bytes`}
  }

  #noteBad(line: number, reason: string): void {
    this.summary.bad++
    if (this.summary.problems.length < PROBLEMS_MAX) this.summary.problems.push({line, reason})
  }

  #report(): void {
    const {lines, messages, bad} = this.summary
    this.#options.onProgress?.({lines, messages, bad})
  }
}
