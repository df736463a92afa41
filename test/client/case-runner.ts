import {setTimeout as wait} from 'node:timers/promises'
import {expect} from 'vitest'
import {
  Client,
  type ClientOptions,
  handleToolUse,
  recordExchange,
  recordStream,
  type Session,
} from '../../src/lib/client/node.ts'
import type {Case, Step} from './case-files.ts'
import {matches} from './case-matcher.ts'

export interface Surroundings {
  /** Of the real server. */
  serverUrl: string
  /** Of the proxy in front of it. */
  proxyUrl: string
  /** A folder of the case's own. */
  folder: string
}

type Values = Record<string, unknown>

const UNTIL_MS_MAX = 20_000
const UNTIL_EVERY_MS = 50
/** Long: where a case is about time, it says so itself. */
const DEFAULT_TIMEOUT_MS = 10_000

/** Runs one case with the TypeScript client. */
export async function runCase({client: options, steps}: Case, surroundings: Surroundings): Promise<void> {
  const run = new CaseRun(surroundings, {workspace: `w-${crypto.randomUUID()}`, ...options})
  try {
    for (const [index, step] of steps.entries()) await run.step(step, index)
  } finally {
    await run.end()
  }
}

class CaseRun {
  readonly #surroundings: Surroundings
  readonly #options: Values
  readonly #warnings: string[] = []
  readonly #clients = new Map<string, Client>()
  readonly #sessions = new Map<string, Session>()
  readonly #kept = new Map<string, unknown>()

  constructor(surroundings: Surroundings, options: Values) {
    this.#surroundings = surroundings
    this.#options = options
    this.#kept.set('workspace', options.workspace)
    this.#kept.set('tmp', surroundings.folder)
    this.#open('client', {})
  }

  async step(step: Step, index: number): Promise<void> {
    const where = `step ${index + 1}, ${step.do} ${JSON.stringify(step.with ?? {}).slice(0, 200)}`
    const deadlineMs = performance.now() + UNTIL_MS_MAX
    for (;;) {
      const startedMs = performance.now()
      const outcome = await this.#do(step)
      const tookMs = performance.now() - startedMs
      const wanted = this.#replace(step.expect)
      const isMatch = outcome.error === undefined && (wanted === undefined || matches(outcome.value, wanted))
      if (step.until && !isMatch && performance.now() < deadlineMs) {
        await wait(UNTIL_EVERY_MS)
        continue
      }
      if (step.raises) expect(outcome.error, where).toMatchObject(step.raises)
      else if (outcome.error !== undefined) throw outcome.error
      // For the difference that it shows.
      if (!step.raises && !isMatch) expect(outcome.value, where).toEqual(wanted)
      if (step.at_most_ms !== undefined) expect(tookMs, where).toBeLessThan(step.at_most_ms)
      if (step.as) this.#kept.set(step.as, outcome.value)
      return
    }
  }

  async end(): Promise<void> {
    await fetch(`${this.#surroundings.proxyUrl}/__mode`, {method: 'POST', body: '{"mode":"pass"}'})
    for (const client of this.#clients.values()) await client.close()
  }

  async #do(step: Step): Promise<{value?: unknown; error?: unknown}> {
    try {
      return {value: await this.#call(step, this.#replace(step.with ?? {}) as Values)}
    } catch (error) {
      return {error}
    }
  }

  async #call(step: Step, args: Values): Promise<unknown> {
    const session = this.#sessions.get(step.on ?? '')
    if (session) return onSession(session, step.do, args)
    const client = this.#clients.get(step.on ?? 'client')
    if (!client) throw new Error(`the case has no "${step.on}"`)
    if (step.do === 'session') {
      const {project, session_id} = args
      const opened = client.session(String(project), {sessionId: session_id as string | undefined})
      this.#sessions.set(String(step.as), opened)
      return {project: opened.project, session_id: opened.sessionId}
    }
    if (step.do === 'client') return this.#open(String(step.as), (args.options ?? args) as Values)
    if (step.do === 'warnings') return this.#warnings
    if (step.do === 'mode') return this.#proxy(args)
    if (step.do === 'rest') return this.#rest(args)
    return onClient(client, step.do, args)
  }

  #open(name: string, more: Values): unknown {
    const {timeout_ms, spool, ...options} = this.#replace({...this.#options, ...more}) as Values
    const client = new Client({
      url: this.#surroundings.proxyUrl,
      token: '',
      timeout: (timeout_ms as number | undefined) ?? DEFAULT_TIMEOUT_MS,
      spool: spool as string | undefined,
      logger: {warn: (sentence) => void this.#warnings.push(sentence)},
      ...(options as ClientOptions),
    })
    this.#clients.set(name, client)
    return {url: client.url}
  }

  async #proxy(mode: Values): Promise<void> {
    const response = await fetch(`${this.#surroundings.proxyUrl}/__mode`, {
      method: 'POST',
      body: JSON.stringify(mode),
    })
    if (!response.ok) throw new Error(`the proxy has no mode "${mode.mode}"`)
  }

  async #rest({method, path, body}: Values): Promise<unknown> {
    const response = await fetch(`${this.#surroundings.serverUrl}${path}`, {
      method: String(method ?? 'GET'),
      ...(body === undefined
        ? {}
        : {body: JSON.stringify(body), headers: {'content-type': 'application/json'}}),
    })
    return {status: response.status, body: await response.json()}
  }

  /** `$name` and `$name.field` stand for what was kept, in a longer text too. */
  #replace(value: unknown): unknown {
    if (typeof value === 'string') {
      const whole = /^\$(\w+)((?:\.\w+)*)$/.exec(value)
      if (whole && this.#kept.has(whole[1] ?? '')) return this.#dig(whole[1] ?? '', whole[2] ?? '')
      return value.replace(/\$\{(\w+)((?:\.\w+)*)\}/g, (_, name, path) => String(this.#dig(name, path)))
    }
    if (Array.isArray(value)) return value.map((each) => this.#replace(each))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#replace(each)]))
  }

  #dig(name: string, path: string): unknown {
    const keys = path.split('.').filter(Boolean)
    return keys.reduce<unknown>((found, key) => (found as Values | undefined)?.[key], this.#kept.get(name))
  }
}

async function onSession(session: Session, name: string, args: Values): Promise<unknown> {
  const {content, query, limit, user, response, events, ...options} = args
  switch (name) {
    case 'recall':
      return session.recall(String(query), {limit: limit as number | undefined})
    case 'record_user':
      return session.recordUser(content as string, options)
    case 'record_assistant':
      return session.recordAssistant(content as string, options)
    case 'record_exchange':
      return recordExchange(session, user as string, response as string)
    case 'record_stream': {
      const seen: unknown[] = []
      for await (const event of recordStream(session, user as string, streamOf(events as unknown[])))
        seen.push(event)
      return seen
    }
    case 'close':
      return session.close()
    default:
      throw new Error(`a session can't "${name}"`)
  }
}

async function onClient(client: Client, name: string, args: Values): Promise<unknown> {
  const {query, error, content, uuid, block, ...rest} = camelCased(args)
  switch (name) {
    case 'search':
      return client.search(String(query), rest)
    case 'find_error':
      return client.findError(String(error), rest)
    case 'recent':
      return client.recent(rest)
    case 'get_message':
      return client.getMessage(String(uuid), rest)
    case 'remember':
      return client.remember(String(content), rest)
    case 'handle_tool_use':
      return handleToolUse(block as Parameters<typeof handleToolUse>[0], client)
    case 'flush':
      return client.flush(rest)
    case 'close':
      return client.close()
    default:
      throw new Error(`a client can't "${name}"`)
  }
}

function camelCased(args: Values): Values {
  const entries = Object.entries(args).map(([key, value]) => {
    return [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]
  })
  return Object.fromEntries(entries)
}

async function* streamOf(events: readonly unknown[]): AsyncGenerator<unknown> {
  yield* events
}
