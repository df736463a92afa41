import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {inject, onTestFinished} from 'vitest'
import {type Paths, resolvePaths} from '../../../src/lib/config/environment.ts'
import {openRemoteMemory} from '../../../src/lib/memory/remote-memory.ts'
import type {StoredMessage} from '../../../src/lib/model/message.ts'
import {OWNER} from '../../helpers/callers.ts'
import {BINARY, type RunResult, runBinary} from '../../helpers/run-binary.ts'
import {writeText} from '../../helpers/setup-context.ts'
import {snapshotTree} from '../../helpers/snapshot-tree.ts'
import {type TempHome, tempHome} from '../../helpers/temp-home.ts'
import type {StandInApi} from './stand-in-api.ts'

export interface ClaudeRun {
  sessionId: string
  /** What it printed as its answer. */
  result: string
  exitCode: number | null
}

/** Where the memory is, as it is said to `bmfote setup`. */
export interface MemoryPlace {
  url: string
  token: string
}

export interface MachineOptions {
  /** Where on this computer the repository is. */
  folder?: string
  /** The person, as git knows them. */
  author?: string
}

/** The memory needs more than a moment where eight programs share two processors. */
const PATIENCE_MS = 120_000
const LOOK_AGAIN_MS = 25

/** What somebody has in their settings before bmfote comes. */
const OWN_SETTINGS = `{
    "model": "opus",
    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true # mine"}]}]}
}
`

/** Somebody's computer: an empty home, Claude Code, a repository in a folder of its own, and bmfote once it is set up. */
export class Machine {
  readonly home: TempHome
  readonly cwd: string
  readonly paths: Paths
  readonly #api: StandInApi

  constructor(api: StandInApi, {folder = 'acme', author = 'dev'}: MachineOptions = {}) {
    this.#api = api
    this.home = tempHome()
    delete this.home.env.BMFOTE_HOME
    this.paths = resolvePaths(this.home.env)
    this.cwd = join(this.home.path, folder)
    writeText(
      join(this.home.path, '.gitconfig'),
      `[user]\n\tname = ${author}\n\temail = ${author}@example.com\n`,
    )
    writeText(join(this.paths.claude, 'settings.json'), OWN_SETTINGS)
    mkdirSync(this.cwd, {recursive: true})
    this.git('init', '--quiet', '--initial-branch=fix/retry')
    this.git('remote', 'add', 'origin', 'git@example.com:zoo/importer.git')
    this.git('commit', '--quiet', '--allow-empty', '--message=begin')
  }

  /** One on which the seed's line was said: `bmfote setup --url U --token T`. */
  static async setUp(api: StandInApi, memory: MemoryPlace, options: MachineOptions = {}): Promise<Machine> {
    const machine = new Machine(api, options)
    const {exitCode, stdout, stderr} = await machine.setUp(memory)
    if (exitCode !== 0) throw new Error(`setup ended with ${exitCode}: ${stdout}${stderr}`)
    return machine
  }

  setUp({url, token}: MemoryPlace): Promise<RunResult> {
    return this.bmfote('setup', '--url', url, '--token', token)
  }

  /** The built binary, as somebody calls it who has downloaded it. */
  bmfote(...args: string[]): Promise<RunResult> {
    return runBinary(args, {home: this.home, binary: BINARY, cwd: this.cwd, timeoutMs: PATIENCE_MS})
  }

  git(...args: string[]): void {
    execFileSync('git', args, {cwd: this.cwd, env: {...this.home.env, GIT_CONFIG_NOSYSTEM: '1'}})
  }

  /** Everything in the home, to the byte; not what programs put into TMPDIR for themselves. */
  snapshot(): Record<string, string> {
    const entries = Object.entries(snapshotTree(this.home.path))
    return Object.fromEntries(entries.filter(([path]) => !path.startsWith('tmp')))
  }

  /** `claude -p PROMPT`, until it ends. */
  async ask(prompt: string, args: readonly string[] = [SKIP_PERMISSIONS]): Promise<ClaudeRun> {
    const child = this.start(prompt, args)
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const exitCode = await ended(child)
    const answer = JSON.parse(output) as {session_id: string; result?: string}
    return {sessionId: answer.session_id, result: answer.result ?? '', exitCode}
  }

  /** The session goes on. */
  resume(sessionId: string, prompt: string, args: readonly string[] = []): Promise<ClaudeRun> {
    return this.ask(prompt, [SKIP_PERMISSIONS, '--resume', sessionId, ...args])
  }

  /** For somebody who will not wait for the end. */
  start(prompt: string, args: readonly string[] = [SKIP_PERMISSIONS]): ChildProcess {
    const child = spawn(inject('claude'), ['-p', prompt, '--output-format', 'json', ...args], {
      cwd: this.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...this.home.env,
        ANTHROPIC_BASE_URL: this.#api.url,
        ANTHROPIC_API_KEY: 'sk-ant-test-000',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        // Lets root skip permissions.
        IS_SANDBOX: '1',
      },
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    return child
  }

  /** Claude Code writes down what was typed a moment after it has sent it. */
  transcriptHolds(text: string): Promise<void> {
    const projects = join(this.paths.claude, 'projects')
    const holds = (name: string) => readFileSync(join(projects, name), 'utf8').includes(text)
    return until(`a transcript that holds ${text}`, () => {
      if (!existsSync(projects)) return false
      const names = readdirSync(projects, {recursive: true, encoding: 'utf8'})
      return names.some((name) => name.endsWith('.jsonl') && holds(name))
    })
  }

  /**
   * Until nothing waits in the spool. A hook that Claude Code has ended in the middle leaves its event to the next one:
   * where no next one comes, this takes its place.
   */
  async delivered(): Promise<void> {
    let nextLookMs = Date.now() + LEFTOVER_MS
    await until('an empty spool', async () => {
      const waiting = this.spooled().filter((name) => !this.#isCutOff(name))
      if (waiting.length === 0) return true
      if (Date.now() > nextLookMs) {
        await runBinary(['hook', 'send'], {
          home: this.home,
          binary: this.paths.program,
          timeoutMs: PATIENCE_MS,
        })
        nextLookMs = Date.now() + LEFTOVER_MS
      }
      return false
    })
  }

  /** Of a hook that was ended before it had its event from Claude Code: nobody can deliver it, and time takes it away. */
  #isCutOff(name: string): boolean {
    const path = join(this.paths.spool, name)
    try {
      if (!name.endsWith('.part') || Date.now() - statSync(path).mtimeMs < LEFTOVER_MS) return false
      JSON.parse(readFileSync(path, 'utf8'))
      return false
    } catch (error) {
      // Gone meanwhile, as it should be, or half of it.
      return error instanceof SyntaxError
    }
  }

  /** What waits in the spool, whole or not. */
  spooled(): string[] {
    return existsSync(this.paths.spool) ? readdirSync(this.paths.spool) : []
  }
}

export const SKIP_PERMISSIONS = '--dangerously-skip-permissions'

/** A little longer than the sender takes a half-written event for one that is being written. */
const LEFTOVER_MS = 6_000

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await wait(LOOK_AGAIN_MS)
  }
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

/** Everything in the memory, by the clock. */
export async function everything(place: MemoryPlace): Promise<StoredMessage[]> {
  const memory = openRemoteMemory(place)
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {cursor})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages.sort((a, b) => ((a.timestamp ?? '') < (b.timestamp ?? '') ? -1 : 1))
}

/** Who said what, as a person would read it. */
export async function said(place: MemoryPlace, sessionId?: string): Promise<string[]> {
  const messages = (await everything(place)).filter(
    (each) => sessionId === undefined || each.sessionId === sessionId,
  )
  return messages.map(({role, status, content}) => {
    return `${role}${status === 'error' ? ' error' : ''}: ${content}`
  })
}
