import {invalid} from './api-error.ts'
import type {EventsSend, Session, SessionEvent} from './api-shapes.ts'
import {EventLog} from './event-log.ts'
import {newId} from './ids.ts'
import {Interrupted} from './interrupted.ts'
import type {Context} from './route.ts'
import {runTurn} from './turn.ts'

/** An event without what the log gives it. */
export type NewEvent = SessionEvent extends infer Event
  ? Event extends {processed_at?: unknown}
    ? Omit<Event, 'id' | 'processed_at'> & {id?: string}
    : never
  : never

type Input = EventsSend['events'][number]
type Confirmation = Extract<Input, {type: 'user.tool_confirmation' | 'user.custom_tool_result'}>

/** One session: what it is, what happened in it, and the turn that it is in. */
export class LiveSession {
  readonly log: EventLog
  session: Session
  readonly context: Context
  readonly unknownEvents: boolean
  /** Aborted by an interrupt, and made anew for each turn. */
  interruption = new AbortController()
  readonly #waiting = new Map<string, (answer: Confirmation) => void>()
  readonly #prompts: string[] = []
  #turn: Promise<void> | undefined

  constructor(session: Session, context: Context) {
    const {faults} = context
    this.session = session
    this.context = context
    this.unknownEvents = faults.take('unknown_events') !== undefined
    this.log = new EventLog({
      listLag: faults.take('list_lags')?.calls ?? 0,
      streamLag: faults.take('stream_lags')?.calls ?? 0,
      duplicates: faults.take('duplicate_events') !== undefined,
    })
  }

  /** Puts an event into the log, with an id and a time, and gives it back. */
  emit(event: NewEvent): SessionEvent {
    const stamped = {id: newId('sevt'), ...event, processed_at: this.context.now()} as SessionEvent
    this.context.checkEvent(stamped)
    if (this.unknownEvents) {
      this.log.append({
        type: 'agent.daydream',
        id: newId('sevt'),
        processed_at: stamped.processed_at,
      } as never)
      this.log.append({...stamped, mood: {type: 'curious'}} as never)
    } else {
      this.log.append(stamped)
    }
    return stamped
  }

  setStatus(status: Session['status']): void {
    this.session = {...this.session, status, updated_at: this.context.now()}
  }

  idle(stop_reason: Extract<NewEvent, {type: 'session.status_idle'}>['stop_reason']): void {
    this.setStatus('idle')
    this.emit({type: 'session.status_idle', stop_reason, stop_details: null})
  }

  /** Takes what the client sends, all of it or nothing. */
  receive(inputs: readonly Input[]): SessionEvent[] {
    if (this.session.archived_at) throw invalid(`Session ${this.session.id} is archived.`)
    if (this.session.status === 'terminated') throw invalid(`Session ${this.session.id} is terminated.`)
    for (const input of inputs) this.#check(input)
    return inputs.map((input) => this.#take(input))
  }

  /** Waits for a client's answer to each of these events; the session is idle meanwhile. */
  async waitForAction(eventIds: readonly string[]): Promise<Confirmation[]> {
    const answers = eventIds.map(
      (id) => new Promise<Confirmation>((resolve) => this.#waiting.set(id, resolve)),
    )
    this.idle({type: 'requires_action', event_ids: [...eventIds]})
    const confirmations = await this.orInterrupted(Promise.all(answers))
    this.running()
    return confirmations
  }

  running(): void {
    this.setStatus('running')
    this.emit({type: 'session.status_running'})
  }

  async orInterrupted<T>(promise: Promise<T>): Promise<T> {
    const {signal} = this.interruption
    const interrupted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(new Interrupted())
      signal.addEventListener('abort', () => reject(new Interrupted()), {once: true})
    })
    return Promise.race([promise, interrupted])
  }

  /** Resolves when no turn is running any more. */
  async settled(): Promise<void> {
    while (this.#turn) await this.#turn
  }

  /** For the end of the server. */
  stop(): void {
    this.#prompts.length = 0
    this.interruption.abort()
  }

  #check(input: Input): void {
    if (input.type === 'user.tool_confirmation' && !this.#waiting.has(input.tool_use_id)) {
      throw invalid(`tool_use_id: ${input.tool_use_id} is not waiting for a confirmation`)
    }
    if (input.type === 'user.custom_tool_result' && !this.#waiting.has(input.custom_tool_use_id)) {
      throw invalid(`custom_tool_use_id: ${input.custom_tool_use_id} is not waiting for a result`)
    }
    if (
      input.type === 'user.define_outcome' ||
      input.type === 'system.message' ||
      input.type === 'user.tool_result'
    ) {
      throw invalid(`events: this stand-in takes no ${input.type}`)
    }
  }

  #take(input: Input): SessionEvent {
    const event = this.emit(input as NewEvent)
    if (input.type === 'user.message') this.#prompt(textOf(input.content))
    if (input.type === 'user.interrupt') this.#interrupt()
    if (input.type === 'user.tool_confirmation') this.#answer(input.tool_use_id, input)
    if (input.type === 'user.custom_tool_result') this.#answer(input.custom_tool_use_id, input)
    return event
  }

  #prompt(text: string): void {
    this.#prompts.push(text)
    if (this.#turn) return
    this.setStatus('running')
    // Not before the answer to this request is on its way.
    this.#turn = new Promise((resolve) => setImmediate(resolve)).then(() => this.#work())
  }

  async #work(): Promise<void> {
    for (let prompt = this.#prompts.shift(); prompt !== undefined; prompt = this.#prompts.shift()) {
      this.interruption = new AbortController()
      await runTurn(this, prompt)
    }
    this.#turn = undefined
  }

  #interrupt(): void {
    this.#prompts.length = 0
    this.#waiting.clear()
    this.interruption.abort()
  }

  #answer(id: string, answer: Confirmation): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    resolve?.(answer)
    // Some are answered, others not: the session says again what it is waiting for.
    if (this.#waiting.size > 0) this.idle({type: 'requires_action', event_ids: [...this.#waiting.keys()]})
  }
}

function textOf(content: readonly {type: string}[]): string {
  return content.map((block) => ('text' in block ? String(block.text) : `[${block.type}]`)).join('\n')
}
