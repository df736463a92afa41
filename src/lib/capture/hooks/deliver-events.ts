import {setTimeout} from 'node:timers/promises'
import type {RetryOptions} from '../retry.ts'
import {essentialPayload, type HookEvent, readHookEvent} from './hook-event.ts'
import type {Spool, SpoolFile} from './spool.ts'
import type {EndedTurn, TranscriptDelivery} from './transcript-delivery.ts'
import {subagentTranscripts, type TranscriptPlace} from './transcript-place.ts'

export interface DeliverEventsOptions {
  spool: Spool
  /** Transcripts to read although no event names them. */
  grown: readonly string[]
  openDelivery(): Promise<TranscriptDelivery>
  /** Whether there are events besides these. */
  hasNews(taken: ReadonlySet<string>): Promise<boolean>
  now: () => Date
  sleep?: RetryOptions['sleep']
  log(sentence: string): void
}

/** Claude Code writes lines up to 100 ms after the event that they belong to, and when it is interrupted later still. */
const SETTLE_MS = 400

/** The last line of an answer that has not come by then is not coming. */
const ANSWER_MS_MAX = 3_000

const LOOK_AGAIN_MS = 100

/** Larger events are kept without what we don't need of them: they may wait for days. */
const WHOLE_EVENT_BYTES_MAX = 64_000

interface SpooledEvent {
  file: SpoolFile
  event: HookEvent
}

/**
 * Reads the transcripts that events name, once now and again while lines may still be on their way, and takes away each
 * event when the memory has acknowledged what it told of. Gives back the files that are not ours to deliver. Returns
 * early when new events have come.
 */
export async function deliverEvents(
  files: readonly SpoolFile[],
  options: DeliverEventsOptions,
): Promise<SpoolFile[]> {
  const run = new EventRun(options)
  await run.read(files)
  await run.deliver()
  return run.left
}

class EventRun {
  readonly left: SpoolFile[] = []
  readonly #options: DeliverEventsOptions
  #pending: SpooledEvent[] = []
  /** Names of the files that this run looks at. */
  readonly #names = new Set<string>()
  /** Where transcripts really are, by the path that an event gave. */
  readonly #places = new Map<string, TranscriptPlace>()

  constructor(options: DeliverEventsOptions) {
    this.#options = options
  }

  async read(files: readonly SpoolFile[]): Promise<void> {
    const {spool, log} = this.#options
    for (const file of files) {
      this.#names.add(file.name)
      const payload = await spool.read(file)
      const read = readHookEvent(payload)
      if ('event' in read) {
        this.#pending.push({file, event: read.event})
        if (file.bytes > WHOLE_EVENT_BYTES_MAX) await spool.replace(file, essentialPayload(payload))
      } else {
        log(`${file.name} is left out: ${read.ignored}`)
        await spool.remove([file])
      }
    }
  }

  async deliver(): Promise<void> {
    if (this.#pending.length === 0 && this.#options.grown.length === 0) return
    const delivery = await this.#options.openDelivery()
    for (const path of this.#options.grown) await this.#takeSession(delivery, path)
    for (;;) {
      await this.#takeEvents(delivery)
      await delivery.flush()
      await this.#settle(delivery)
      if (this.#pending.length === 0) return
      await (this.#options.sleep ?? setTimeout)(LOOK_AGAIN_MS)
      if (await this.#options.hasNews(this.#names)) return
    }
  }

  /** Each transcript once, however many events name it, in the order of the events. */
  async #takeEvents(delivery: TranscriptDelivery): Promise<void> {
    this.#places.clear()
    for (const {event} of this.#pending) {
      const {transcriptPath: path, agent} = event
      if (!this.#places.has(path)) this.#places.set(path, await this.#takeSession(delivery, path))
      if (!agent || this.#places.has(agent.transcriptPath)) continue
      this.#places.set(agent.transcriptPath, await delivery.take(agent.transcriptPath, this.#nowMs))
    }
    await this.#refuse()
    const [left, pending] = partition(this.#pending, ({event}) => this.#placeOf(event)?.kind === 'elsewhere')
    this.left.push(...left.map(({file}) => file))
    this.#pending = pending
  }

  #placeOf(event: HookEvent): TranscriptPlace | undefined {
    return this.#places.get(event.transcriptPath)
  }

  async #takeSession(delivery: TranscriptDelivery, path: string): Promise<TranscriptPlace> {
    const place = await delivery.take(path, this.#nowMs)
    if (place.kind !== 'ours') return place
    for (const agent of await subagentTranscripts(place.file.path)) await delivery.take(agent, this.#nowMs)
    return place
  }

  async #refuse(): Promise<void> {
    for (const [path, place] of this.#places) {
      if (place.kind === 'refused') this.#options.log(`${path} is not read: ${place.reason}`)
    }
    const [out, pending] = partition(this.#pending, ({event}) => this.#placeOf(event)?.kind === 'refused')
    await this.#options.spool.remove(out.map(({file}) => file))
    this.#pending = pending
  }

  /** Takes away the events that have nothing more to tell. */
  async #settle(delivery: TranscriptDelivery): Promise<void> {
    const {settled, unanswered} = this.#sort(delivery)
    if (unanswered.length > 0) {
      for (const turn of unanswered) delivery.addStandIn(turn)
      this.#options.log(`${unanswered.length} answers are stored as their events tell them`)
      await delivery.flush()
    }
    await this.#options.spool.remove(settled.map(({file}) => file))
    const gone = new Set(settled)
    this.#pending = this.#pending.filter((each) => !gone.has(each))
  }

  #sort(delivery: TranscriptDelivery): {settled: SpooledEvent[]; unanswered: EndedTurn[]} {
    const settled: SpooledEvent[] = []
    const unanswered: EndedTurn[] = []
    for (const spooled of this.#pending) {
      const ageMs = this.#ageOf(spooled.file)
      if (ageMs < SETTLE_MS) continue
      const turn = this.#endedTurn(spooled)
      const isMissing = turn !== undefined && !delivery.holdsAnswer(turn)
      if (isMissing && ageMs < ANSWER_MS_MAX) continue
      if (isMissing) unanswered.push(turn)
      settled.push(spooled)
    }
    return {settled, unanswered}
  }

  /** Undefined when the event ends no turn, or no transcript is there whose answer could be missing. */
  #endedTurn({event, file}: SpooledEvent): EndedTurn | undefined {
    const place = this.#places.get(event.agent?.transcriptPath ?? event.transcriptPath)
    if (event.lastAnswer === undefined || place?.kind !== 'ours') return undefined
    return {event, path: place.file.path, text: event.lastAnswer, endedMs: file.writtenMs}
  }

  get #nowMs(): number {
    return this.#options.now().getTime()
  }

  /** A clock that was put back makes nothing wait for ever. */
  #ageOf(file: SpoolFile): number {
    const ageMs = this.#nowMs - file.writtenMs
    return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs
  }
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}
