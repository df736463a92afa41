import {ID_CHARS_MAX} from '../../model/limits.ts'
import {parseTimestamp} from '../../model/timestamp.ts'
import type {TranscriptLine} from './claude-code-line.ts'

/** Calls whose results have not come; parallel calls rarely exceed a dozen. */
const OPEN_CALLS_MAX = 500

/** The lines of one API message stand close together. */
const COUNTED_MESSAGES_MAX = 8

interface MemoryShape {
  openCalls?: [string, string][]
  ignoredCalls?: string[]
  countedMessages?: string[]
  lastMetaUuid?: string
  lastTimestamp?: string
  promptId?: string
}

/** What earlier lines of a file mean for later ones. Bounded, and small enough to be kept between two imports. */
export class ParserMemory {
  readonly #openCalls: Map<string, string>
  readonly #ignoredCalls: Set<string>
  readonly #countedMessages: Set<string>
  #lastMetaUuid?: string
  #lastTimestamp?: string
  #promptId?: string

  constructor(shape: MemoryShape) {
    this.#openCalls = new Map(shape.openCalls)
    this.#ignoredCalls = new Set(shape.ignoredCalls)
    this.#countedMessages = new Set(shape.countedMessages)
    this.#lastMetaUuid = shape.lastMetaUuid
    this.#lastTimestamp = shape.lastTimestamp
    this.#promptId = shape.promptId
  }

  toJson(): MemoryShape {
    return {
      openCalls: [...this.#openCalls],
      ignoredCalls: [...this.#ignoredCalls],
      countedMessages: [...this.#countedMessages],
      lastMetaUuid: this.#lastMetaUuid,
      lastTimestamp: this.#lastTimestamp,
      promptId: this.#promptId,
    }
  }

  /** Of the line that was noted last. */
  get promptId(): string | undefined {
    return this.#promptId
  }

  /** Takes in what a line means for the lines after it. */
  note(line: TranscriptLine): void {
    if (line.isMeta) this.#lastMetaUuid = line.uuid
    if (line.promptId && line.promptId.length <= ID_CHARS_MAX) this.#promptId = line.promptId
    for (const block of line.blocks) {
      if (block.type === 'tool_use') remember(this.#openCalls, block.id, block.name)
      if (block.type !== 'tool_result') continue
      this.#openCalls.delete(block.toolUseId)
      this.#ignoredCalls.delete(block.toolUseId)
    }
  }

  /** The result of this call, which comes later, is not to be stored. */
  ignoreCall(toolUseId: string): void {
    if (toolUseId.length > ID_CHARS_MAX) return
    this.#ignoredCalls.add(toolUseId)
    dropOldest(this.#ignoredCalls, OPEN_CALLS_MAX)
  }

  isIgnoredCall(toolUseId: string): boolean {
    return this.#ignoredCalls.has(toolUseId)
  }

  /** A result names its call by an id; the tool's name stands in the call. */
  toolOf(toolUseId: string): string | undefined {
    return this.#openCalls.get(toolUseId)
  }

  isAfterMetaLine(line: TranscriptLine): boolean {
    return line.parentUuid !== undefined && line.parentUuid === this.#lastMetaUuid
  }

  /** Every line of an API message repeats its usage: the first that is kept carries it. */
  takeUsage(line: TranscriptLine): {inputTokens?: number; outputTokens?: number} {
    const id = line.messageId
    if (!id || id.length > ID_CHARS_MAX || this.#countedMessages.has(id)) return {}
    this.#countedMessages.add(id)
    dropOldest(this.#countedMessages, COUNTED_MESSAGES_MAX)
    return {inputTokens: line.inputTokens, outputTokens: line.outputTokens}
  }

  /** A line without a readable time was said about when the one before it was, not at the time of the import. */
  timestampOf(line: TranscriptLine): string | undefined {
    if (line.timestamp && parseTimestamp(line.timestamp)) this.#lastTimestamp = line.timestamp
    return this.#lastTimestamp
  }
}

export function restoreParserMemory(state: unknown): ParserMemory {
  const shape = (typeof state === 'object' && state !== null ? state : {}) as Record<string, unknown>
  return new ParserMemory({
    openCalls: list(shape.openCalls).filter(isStringPair),
    ignoredCalls: list(shape.ignoredCalls).filter((id) => typeof id === 'string'),
    countedMessages: list(shape.countedMessages).filter((id) => typeof id === 'string'),
    lastMetaUuid: typeof shape.lastMetaUuid === 'string' ? shape.lastMetaUuid : undefined,
    lastTimestamp: typeof shape.lastTimestamp === 'string' ? shape.lastTimestamp : undefined,
    promptId: typeof shape.promptId === 'string' ? shape.promptId : undefined,
  })
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isStringPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'string')
}

function remember(calls: Map<string, string>, id: string, name: string): void {
  if (id.length > ID_CHARS_MAX || name.length > ID_CHARS_MAX) return
  calls.set(id, name)
  dropOldest(calls, OPEN_CALLS_MAX)
}

function dropOldest(collection: Map<string, string> | Set<string>, sizeMax: number): void {
  const oldest = collection.keys().next()
  if (collection.size > sizeMax && !oldest.done) collection.delete(oldest.value)
}
