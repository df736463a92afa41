import type {SessionEvent} from './api-shapes.ts'

/** What an event log does wrong, for the whole life of a session. */
export interface LogFaults {
  /** An event is listed only after so many listings. */
  listLag: number
  /** An event is streamed only after so many listings. */
  streamLag: number
  duplicates: boolean
}

interface Entry {
  /** Unique also where an event is there twice; what the cursors of the list go by. */
  key: string
  event: SessionEvent
  /** How often the list had been read when it happened. */
  listings: number
}

export type Subscriber = (event: SessionEvent) => void

/** The events of one session: kept for the list, told to whoever reads the stream. No stream repeats what was before it. */
export class EventLog {
  readonly #entries: Entry[] = []
  readonly #subscribers = new Set<Subscriber>()
  readonly #faults: LogFaults
  #held: Entry[] = []
  #listings = 0

  constructor(faults: LogFaults) {
    this.#faults = faults
  }

  /** All that happened, whatever the list shows. */
  get events(): readonly SessionEvent[] {
    return this.#entries.map(({event}) => event)
  }

  append(event: SessionEvent): void {
    const entry = {key: `${this.#entries.length}`, event, listings: this.#listings}
    this.#entries.push(entry)
    if (this.#faults.streamLag > 0) this.#held.push(entry)
    else this.#tell(event)
  }

  /** As the list shows it now; the cursors go by `id`. */
  list(): {id: string; event: SessionEvent}[] {
    const shown = this.#entries.filter(({listings}) => this.#listings - listings >= this.#faults.listLag)
    this.#listings++
    this.#release()
    return shown.flatMap(({key, event}) => {
      return this.#faults.duplicates
        ? [
            {id: key, event},
            {id: `${key} again`, event},
          ]
        : [{id: key, event}]
    })
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  get subscribers(): number {
    return this.#subscribers.size
  }

  #release(): void {
    const due = this.#held.filter(({listings}) => this.#listings - listings >= this.#faults.streamLag)
    this.#held = this.#held.filter((entry) => !due.includes(entry))
    for (const {event} of due) this.#tell(event)
  }

  #tell(event: SessionEvent): void {
    for (const subscriber of this.#subscribers) {
      subscriber(event)
      if (this.#faults.duplicates) subscriber(event)
    }
  }
}
