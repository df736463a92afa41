/** Where a fault happens: `POST /v1/agents`, `GET /v1/sessions/*`; `*` stands for one part of a path. */
export type On = string

/**
 * What goes wrong. `times` says how often (once by default); after that the fault is over.
 *
 * The first group is about answers of the API, the second about the events of a session, the third about what the agent
 * does in its next turn.
 */
export type Fault = {times?: number} & (
  | {kind: 'answer'; on: On; status: number; retryAfter?: number; message?: string}
  /** Not JSON, as a proxy in between answers. */
  | {kind: 'garbage'; on: On; status?: number}
  | {kind: 'slow'; on: On; ms: number}
  /** The request is taken, and no answer ever comes. */
  | {kind: 'never'; on: On}
  /** The request is carried out, and the connection breaks before the answer. */
  | {kind: 'answer_lost'; on: On}
  /** The stream ends after so many events: cleanly, by a broken connection, or it stays open and says nothing more. */
  | {kind: 'stream_ends'; after: number; how: 'clean' | 'cut' | 'silent'}
  /** An event is in the list only from the (calls + 1)th listing after it happened. */
  | {kind: 'list_lags'; calls: number}
  /** An event reaches the stream only once the list has been read after it happened, so many times. */
  | {kind: 'stream_lags'; calls: number}
  /** Every event comes twice, in the stream and in the list. */
  | {kind: 'duplicate_events'}
  /** Events of unknown types between the others, and unknown fields in all of them. */
  | {kind: 'unknown_events'}
  | {kind: 'mcp_authentication_failed'}
  | {kind: 'mcp_connection_failed'}
  /** The agent wants a tool that needs a confirmation: one of the memory, the shell, or one of the client's own. */
  | {kind: 'requires_action'; tool: 'mcp' | 'bash' | 'custom'; command?: string}
  | {kind: 'refusal'; category?: 'cyber' | 'bio' | 'general_harms' | null}
  | {kind: 'retries_exhausted'}
  | {kind: 'budget_reached'}
  | {kind: 'unknown_stop_reason'}
  | {kind: 'terminated'}
  | {kind: 'deleted'}
  | {kind: 'rescheduled'}
  /** The turn has at least so many events. */
  | {kind: 'many_events'; count: number}
  /** The turn goes on until it is interrupted. */
  | {kind: 'never_ends'}
)

export type FaultKind = Fault['kind']
export type RequestFault = Extract<Fault, {on: On}>

interface Active {
  fault: Fault
  left: number
}

/** Which faults are to come. Put there by a test, taken by the server. */
export class Faults {
  readonly #active: Active[] = []

  add(...faults: Fault[]): void {
    for (const fault of faults) this.#active.push({fault, left: fault.times ?? 1})
  }

  clear(): void {
    this.#active.length = 0
  }

  /** What has not happened yet. */
  get pending(): Fault[] {
    return this.#active.map(({fault, left}) => ({...fault, times: left}))
  }

  /** The next fault of that kind, which is used up by it. */
  take<Kind extends FaultKind>(kind: Kind): Extract<Fault, {kind: Kind}> | undefined {
    return this.#use(({fault}) => fault.kind === kind) as Extract<Fault, {kind: Kind}> | undefined
  }

  /** The next fault of the answer to such a request. */
  takeForRequest(at: {method: string; path: string}): RequestFault | undefined {
    return this.#use(({fault}) => 'on' in fault && matches(fault.on, at)) as RequestFault | undefined
  }

  #use(fits: (active: Active) => boolean): Fault | undefined {
    const index = this.#active.findIndex(fits)
    const found = this.#active[index]
    if (!found) return undefined
    found.left--
    if (found.left === 0) this.#active.splice(index, 1)
    return found.fault
  }
}

function matches(on: On, {method, path}: {method: string; path: string}): boolean {
  const [wanted = '', pattern = ''] = on.split(' ')
  if (wanted !== '*' && wanted !== method) return false
  const parts = path.split('/')
  const patternParts = pattern.split('/')
  return (
    parts.length === patternParts.length &&
    patternParts.every((part, at) => part === '*' || part === parts[at])
  )
}
