import type {Paths} from '../../config/environment.ts'
import {BmfoteError} from '../../model/errors.ts'
import type {Caller} from '../../model/principal.ts'
import {BoundedLog} from '../../platform/bounded-log.ts'
import {acquireProcessLock} from '../../platform/process-lock.ts'
import {ImportState} from '../import-state.ts'
import {ProjectFolders} from '../project-folders.ts'
import type {RetryOptions} from '../retry.ts'
import {claudeCode} from '../transcripts/claude-code.ts'
import {readCaptureStatus, updateCaptureStatus} from './capture-status.ts'
import {deliverEvents} from './deliver-events.ts'
import {dropOverLimits} from './drop-events.ts'
import {grownTranscripts} from './grown-transcripts.ts'
import {Spool, type SpoolFile, type SpoolLimits} from './spool.ts'
import {type HookMemory, TranscriptDelivery} from './transcript-delivery.ts'

export interface SendSpoolOptions {
  paths: Paths
  /** Called once, and only when there is something to look at. */
  openMemory(): Promise<HookMemory>
  /** The server's address or the database's path: how far transcripts were read belongs to one memory. */
  destination: string
  caller: Caller
  workspaceId?: string
  author?: string
  machine?: string
  limits?: SpoolLimits
  now?: () => Date
  sleep?: RetryOptions['sleep']
}

export interface SendReport {
  /** `busy`: another sender is at it. `paused`: the server has asked for patience. */
  outcome: 'done' | 'busy' | 'paused' | 'failed'
  /** Messages that were acknowledged. */
  messages: number
  error?: unknown
}

/** Events that are looked at together: when the server does not answer, the rest of a long queue stays unread. */
const EVENTS_AT_ONCE = 500

/**
 * Delivers what the hooks have put down, and whatever the transcripts hold that was not sent yet. What was not
 * acknowledged stays in the spool for the next time. Never throws: trouble goes to the log and into the report.
 */
export async function sendSpool(options: SendSpoolOptions): Promise<SendReport> {
  const sender = new SpoolSender(options)
  try {
    return await sender.run()
  } catch (error) {
    await sender.noteFailure(error)
    return {outcome: 'failed', messages: sender.messages, error}
  }
}

class SpoolSender {
  readonly #options: SendSpoolOptions
  readonly #now: () => Date
  readonly #spool: Spool
  readonly #log: BoundedLog
  readonly #folders: ProjectFolders
  /** Events of a Claude Code with another folder: not ours to send. */
  readonly #left = new Set<string>()
  #messages = 0
  #lastEventMs = 0

  constructor(options: SendSpoolOptions) {
    this.#options = options
    this.#now = options.now ?? (() => new Date())
    this.#spool = new Spool(options.paths.spool)
    this.#log = new BoundedLog(options.paths.captureLog, this.#now)
    this.#folders = new ProjectFolders({home: options.paths.userHome})
  }

  /** Messages that were acknowledged. */
  get messages(): number {
    return this.#messages
  }

  /**
   * A hook puts its event down before it starts a sender; a sender that finds another at work leaves. So whoever holds
   * the lock looks once more after letting go of it: nobody else may come.
   */
  async run(): Promise<SendReport> {
    do {
      const lock = await acquireProcessLock(this.#options.paths.senderLock)
      if (!lock) return {outcome: 'busy', messages: this.messages}
      try {
        if (await this.#isPaused()) return {outcome: 'paused', messages: this.messages}
        await this.#sendAll()
      } finally {
        await lock.release()
      }
    } while ((await this.#waiting()).length > 0)
    return {outcome: 'done', messages: this.messages}
  }

  async noteFailure(error: unknown): Promise<void> {
    const known = error instanceof BmfoteError ? error : undefined
    const message =
      known?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
    await this.#log.write(`not delivered: ${message}`)
    const pausedUntil = pauseAfter(known, this.#now())
    await this.#updateStatus({
      ...this.#lastEvent(),
      lastError: {
        at: this.#now().toISOString(),
        code: known?.code ?? 'internal',
        message: message.slice(0, 500),
      },
      ...(pausedUntil ? {pausedUntil, pausedBy: this.#options.destination} : {}),
    })
  }

  async #isPaused(): Promise<boolean> {
    const {pausedUntil, pausedBy} = await readCaptureStatus(this.#options.paths)
    return pausedBy === this.#options.destination && Date.parse(pausedUntil ?? '') > this.#now().getTime()
  }

  /** Another sender may have been at it since the last time, so what is kept on disk is read anew. */
  async #sendAll(): Promise<void> {
    const {paths, destination, workspaceId} = this.#options
    await this.#spool.adoptLeftovers(this.#now().getTime())
    const state = await ImportState.load({path: paths.captureState, destination, workspaceId})
    await this.#dropOverLimits(state)
    const before = this.#messages
    const delivery = this.#lazyDelivery(state)
    let grown = await grownTranscripts(state, this.#now().getTime())
    for (;;) {
      const files = (await this.#waiting()).slice(0, EVENTS_AT_ONCE)
      if (files.length === 0 && grown.length === 0) break
      const left = await deliverEvents(files, {
        spool: this.#spool,
        grown,
        openDelivery: delivery,
        hasNews: async (taken) => (await this.#waiting()).some(({name}) => !taken.has(name)),
        now: this.#now,
        sleep: this.#options.sleep,
        log: (sentence) => void this.#log.write(sentence),
      })
      for (const {name} of left) this.#left.add(name)
      grown = []
    }
    await this.#noteSuccess(this.#messages - before)
  }

  async #waiting(): Promise<SpoolFile[]> {
    const files = (await this.#spool.list()).filter(({name}) => !this.#left.has(name))
    for (const {writtenMs} of files) this.#lastEventMs = Math.max(this.#lastEventMs, writtenMs)
    return files
  }

  #lastEvent(): {lastEventAt?: string} {
    return this.#lastEventMs === 0 ? {} : {lastEventAt: new Date(this.#lastEventMs).toISOString()}
  }

  async #dropOverLimits(state: ImportState): Promise<void> {
    const {limits, paths} = this.#options
    const dropped = await dropOverLimits(this.#spool, state, {
      limits,
      nowMs: this.#now().getTime(),
      historyFolder: claudeCode.folder(paths),
    })
    if (dropped === 0) return
    await this.#log.write(
      `the spool was full: ${dropped} events were dropped, their transcripts will be read`,
    )
    const {droppedEvents = 0} = await readCaptureStatus(paths)
    await this.#updateStatus({
      droppedEvents: droppedEvents + dropped,
      lastDropAt: this.#now().toISOString(),
    })
  }

  #lazyDelivery(state: ImportState): () => Promise<TranscriptDelivery> {
    const {openMemory, caller, paths, workspaceId, author, machine, sleep} = this.#options
    let opening: Promise<TranscriptDelivery> | undefined
    const open = async () =>
      new TranscriptDelivery(await openMemory(), caller, state, {
        ...{workspaceId, author, machine, sleep},
        folders: this.#folders,
        historyFolder: claudeCode.folder(paths),
        log: (sentence) => void this.#log.write(sentence),
        onStored: () => this.#messages++,
        onWait: ({seconds, reason}) => void this.#log.write(`waiting ${seconds} s: ${reason}`),
      })
    return () => {
      opening ??= open()
      return opening
    }
  }

  async #noteSuccess(messages: number): Promise<void> {
    if (messages > 0) await this.#log.write(`${messages} messages delivered`)
    const at = this.#now().toISOString()
    const cleared = {lastError: undefined, pausedUntil: undefined, pausedBy: undefined}
    await this.#updateStatus({...this.#lastEvent(), lastDeliveryAt: at, ...cleared})
  }

  /** The status is for people who wonder; a disk that does not take it keeps nothing from being delivered. */
  async #updateStatus(change: Parameters<typeof updateCaptureStatus>[1]): Promise<void> {
    try {
      await updateCaptureStatus(this.#options.paths, change)
    } catch (error) {
      await this.#log.write(`${this.#options.paths.captureStatus} can't be written: ${String(error)}`)
    }
  }
}

/** Short waits are done on the spot; for a longer one it is better to come back with a later event. */
const PAUSE_SECONDS_MAX = 3_600

function pauseAfter(error: BmfoteError | undefined, now: Date): string | undefined {
  if (!error?.retryAfterSeconds) return undefined
  const seconds = Math.min(error.retryAfterSeconds, PAUSE_SECONDS_MAX)
  return new Date(now.getTime() + seconds * 1000).toISOString()
}
