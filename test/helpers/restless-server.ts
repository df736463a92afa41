import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {Random} from '../../bench/messages/random.ts'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import type {StoredMessage} from '../../src/lib/model/message.ts'
import {OWNER} from './callers.ts'
import {ClaudeSession} from './claude-session.ts'
import {eventsIn, runHookScript} from './hook-scripts.ts'
import {runBinary} from './run-binary.ts'
import {type ServerProcess, startServerProcess} from './server-process.ts'
import type {TempHome} from './temp-home.ts'

export interface RestlessSession {
  /** The uuids of what was said, in its order. */
  said: string[]
  /** What the server holds in the end, in the order in which it was said. */
  stored: StoredMessage[]
  kills: number
}

export interface RestlessOptions {
  turns: number
  seed: number
  /** With the hooks and the program in place. */
  home: TempHome
  /** BMFOTE_URL is `http://127.0.0.1:<port>`. */
  port: number
}

const KILL_CHANCE = 0.12
const RESTART_CHANCE = 0.35
const DELIVERY_MS_MAX = 180_000

/**
 * A session of Claude Code by its real hooks, while the server is killed and started again at random moments: between
 * events, and while a sender delivers. The same moments for the same seed.
 */
export async function runRestlessSession({
  turns,
  seed,
  home,
  port,
}: RestlessOptions): Promise<RestlessSession> {
  const random = new Random(seed)
  const server = new RestlessServer(join(home.path, 'server'), port)
  const session = new ClaudeSession({
    claude: resolvePaths(home.env).claude,
    bmfote: home.bmfote,
    cwd: join(home.path, 'acme'),
  })
  const said: string[] = []
  const hook = async (name: string, fields: object = {}) => {
    await runHookScript(session.event(name, fields) as {hook_event_name: string}, {home})
    if (random.chance(server.isUp ? KILL_CHANCE : RESTART_CHANCE)) await server.toggle()
  }
  try {
    await server.toggle()
    await hook('SessionStart', {source: 'startup'})
    for (let turn = 0; turn < turns; turn++) {
      said.push(session.prompt(`question ${turn}`))
      await hook('UserPromptSubmit', {prompt: `question ${turn}`})
      said.push(session.call(`t${turn}`, 'Bash', {command: `make ${turn}`}))
      said.push(session.result(`t${turn}`, `made ${turn}`))
      await hook('PostToolUse', {tool_name: 'Bash', tool_input: {command: `make ${turn}`}})
      const answer = {last_assistant_message: `answer ${turn}`}
      // Claude Code writes its last line a moment before it says that the turn has ended, or a moment after.
      const isLate = random.chance(0.5)
      if (!isLate) said.push(session.answer(`answer ${turn}`))
      await hook('Stop', answer)
      if (isLate) said.push(session.answer(`answer ${turn}`))
    }
    if (!server.isUp) await server.toggle()
    await runHookScript(session.event('SessionEnd', {reason: 'other'}) as {hook_event_name: string}, {home})
    await deliverRest(home)
    return {said, stored: await storedIn(server.url, session.id), kills: server.kills}
  } finally {
    await server.stop()
  }
}

class RestlessServer {
  kills = 0
  readonly #home: string
  readonly #port: number
  #process: ServerProcess | undefined

  constructor(home: string, port: number) {
    this.#home = home
    this.#port = port
  }

  get isUp(): boolean {
    return this.#process !== undefined
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async toggle(): Promise<void> {
    if (this.#process === undefined) {
      this.#process = await startServerProcess({home: this.#home, port: this.#port})
      return
    }
    await this.#process.kill()
    this.#process = undefined
    this.kills++
  }

  async stop(): Promise<void> {
    await this.#process?.stop()
  }
}

/** A sender that waits for the server with growing patience is not waited for: the next event would start another. */
async function deliverRest(home: TempHome): Promise<void> {
  const {spool, program} = resolvePaths(home.env)
  const deadline = Date.now() + DELIVERY_MS_MAX
  while (eventsIn(spool).length > 0) {
    if (Date.now() > deadline) throw new Error(`still in the spool: ${eventsIn(spool).join(', ')}`)
    await runBinary(['hook', 'send'], {home, binary: program, timeoutMs: DELIVERY_MS_MAX})
    await wait(200)
  }
}

async function storedIn(url: string, sessionId: string): Promise<StoredMessage[]> {
  const memory = openRemoteMemory({url})
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {cursor, sessionId})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
