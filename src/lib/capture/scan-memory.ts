import type {Memory} from '../memory/memory.ts'
import type {NewMessage, RecordResult, StoredMessage} from '../model/message.ts'
import type {Caller} from '../model/principal.ts'
import {placeholderFor, redactText} from '../redact/redact-text.ts'
import {scanText} from '../redact/scan-text.ts'
import {MessageBatch} from './record-batches.ts'
import {type RetryOptions, withRetries} from './retry.ts'

/** A secret that is stored, told without telling it. */
export interface StoredSecret {
  kind: string
  uuid: string
  sessionId: string
  timestamp: string | null
  project: string | null
  /** `[redacted:kind]` with a few words around it. */
  excerpt: string
}

export interface ScanSummary {
  /** Messages that were looked at. */
  messages: number
  /** Of these, how many hold a secret, and how many of them were rewritten. */
  affected: number
  fixed: number
  /** How many secrets of each kind, the most frequent first. */
  kinds: {kind: string; count: number}[]
  /** Messages that the memory would not have rewritten, the first of them. */
  problems: {uuid: string; reason: string}[]
  interrupted: boolean
}

export interface ScanOptions extends RetryOptions {
  workspaceId?: string
  /** Puts `[redacted:kind]` into the place of every secret. */
  fix?: boolean
  onSecret?(secret: StoredSecret): void
  onProgress?(progress: {messages: number; affected: number}): void
}

type ScannedMemory = Pick<Memory, 'exportPage' | 'recordMessages'>

const PROBLEMS_MAX = 20

/**
 * Looks for secrets in what is stored: what came in before there was redaction, by older clients or under older rules.
 * A page at a time, and what is rewritten is acknowledged before the next page is asked for: stopped in the middle, it
 * has less to do the next time.
 *
 * @throws what the memory throws, when it does not pass
 */
export async function scanMemory(
  memory: ScannedMemory,
  caller: Caller,
  options: ScanOptions = {},
): Promise<ScanSummary> {
  const run = new ScanRun(memory, caller, options)
  try {
    await run.scanAll()
  } catch (error) {
    if (!options.signal?.aborted) throw error
    run.interrupted = true
  }
  return run.summary
}

class ScanRun {
  interrupted = false
  readonly #memory: ScannedMemory
  readonly #caller: Caller
  readonly #options: ScanOptions
  readonly #batch: MessageBatch
  readonly #kinds = new Map<string, number>()
  readonly #problems: {uuid: string; reason: string}[] = []
  #messages = 0
  #affected = 0
  #fixed = 0

  constructor(memory: ScannedMemory, caller: Caller, options: ScanOptions) {
    this.#memory = memory
    this.#caller = caller
    this.#options = options
    this.#batch = new MessageBatch(memory, caller, options)
  }

  get summary(): ScanSummary {
    const kinds = [...this.#kinds].map(([kind, count]) => ({kind, count}))
    return {
      messages: this.#messages,
      affected: this.#affected,
      fixed: this.#fixed,
      kinds: kinds.sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
      problems: this.#problems,
      interrupted: this.interrupted,
    }
  }

  async scanAll(): Promise<void> {
    const {workspaceId, signal, onProgress} = this.#options
    let cursor: string | undefined
    do {
      signal?.throwIfAborted()
      const query = {workspaceId, cursor}
      const page = await withRetries(() => this.#memory.exportPage(this.#caller, query), this.#options)
      for (const message of page.messages) await this.#scan(message)
      await this.#flush()
      onProgress?.({messages: this.#messages, affected: this.#affected})
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }

  async #scan(message: StoredMessage): Promise<void> {
    this.#messages++
    const redaction = redactText(message.content)
    if (redaction.found.length === 0) return
    this.#affected++
    for (const {kind, count} of redaction.found) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count)
    this.#tell(message, redaction.found)
    if (!this.#options.fix) return
    this.#batch.add(rewritten(message, redaction.text))
    if (this.#batch.isFull) await this.#flush()
  }

  #tell(
    {uuid, sessionId, timestamp, project, content}: StoredMessage,
    found: {kind: string; count: number}[],
  ): void {
    const {onSecret} = this.#options
    if (!onSecret) return
    const shown = scanText(content).map(({kind, excerpt}) => ({kind, excerpt}))
    // What came to light only when its neighbour was gone.
    const later = found.flatMap(({kind, count}) => {
      const missing = count - shown.filter((each) => each.kind === kind).length
      return Array.from({length: Math.max(0, missing)}, () => ({kind, excerpt: placeholderFor(kind)}))
    })
    for (const secret of [...shown, ...later]) onSecret({...secret, uuid, sessionId, timestamp, project})
  }

  async #flush(): Promise<void> {
    for (const result of await this.#batch.flush()) this.#note(result)
  }

  #note({uuid, status, error}: RecordResult): void {
    // Deleted in the meantime is as good as rewritten.
    if (status !== 'error') this.#fixed++
    else if (this.#problems.length < PROBLEMS_MAX) this.#problems.push({uuid, reason: error ?? 'refused'})
  }
}

/** Whole, for where the row is gone and no tombstone keeps it away, this is what comes back. */
function rewritten(message: StoredMessage, content: string): NewMessage {
  const {writtenBy: _writer, recordedAt: _when, revision: _revision, ...kept} = message
  const given = Object.entries(kept).filter(([, value]) => value !== null)
  return {...(Object.fromEntries(given) as unknown as NewMessage), content}
}
