import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {inject, onTestFinished} from 'vitest'
import {resolvePaths} from '../../../src/lib/config/environment.ts'
import {openRemoteMemory} from '../../../src/lib/memory/remote-memory.ts'
import type {StoredMessage} from '../../../src/lib/model/message.ts'
import {hookCommand} from '../../../src/lib/setup/claude-code/hook-commands.ts'
import {HOOK_EVENTS} from '../../../src/lib/setup/claude-code/hook-events.ts'
import {OWNER} from '../../helpers/callers.ts'
import {installHooks, spoolDelivered} from '../../helpers/hook-scripts.ts'
import {type TempHome, tempHome} from '../../helpers/temp-home.ts'
import type {StandInApi} from './stand-in-api.ts'

export interface ClaudeRun {
  sessionId: string
  /** What it printed as its answer. */
  result: string
  exitCode: number | null
}

/** Somebody's computer: Claude Code, our hooks, and a repository in a folder of its own. */
export class Machine {
  readonly home: TempHome
  readonly cwd: string
  readonly #api: StandInApi

  constructor(api: StandInApi, memoryUrl: string, options: {folder?: string; author?: string} = {}) {
    this.#api = api
    this.home = tempHome()
    this.cwd = join(this.home.path, options.folder ?? 'acme')
    mkdirSync(join(this.cwd, '.git', 'objects'), {recursive: true})
    writeFileSync(join(this.cwd, '.git', 'HEAD'), 'ref: refs/heads/main\n')
    installHooks(this.home)
    const paths = resolvePaths(this.home.env)
    const lines = [`BMFOTE_URL=${memoryUrl}`, `BMFOTE_AUTHOR=${options.author ?? 'dev'}`]
    writeFileSync(paths.clientEnvFile, `${lines.join('\n')}\n`, {mode: 0o600})
    const hooks = HOOK_EVENTS.map((event) => {
      const handler = {type: 'command', command: hookCommand(event, paths), timeout: event.timeoutSeconds}
      return [event.name, [{...(event.matcher ? {matcher: event.matcher} : {}), hooks: [handler]}]]
    })
    const settings = {hooks: Object.fromEntries(hooks), permissions: {allow: ['mcp__bmfote-memory']}}
    writeFileSync(join(paths.claude, 'settings.json'), JSON.stringify(settings))
    const mcpServers = {'bmfote-memory': {type: 'http', url: `${memoryUrl}/mcp`}}
    writeFileSync(paths.claudeJson, JSON.stringify({mcpServers}), {mode: 0o600})
  }

  /** `claude -p PROMPT`, until it ends. */
  async ask(prompt: string, args: readonly string[] = []): Promise<ClaudeRun> {
    const child = this.start(prompt, args)
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const exitCode = await ended(child)
    const answer = JSON.parse(output) as {session_id: string; result?: string}
    return {sessionId: answer.session_id, result: answer.result ?? '', exitCode}
  }

  /** For somebody who will not wait for the end. */
  start(prompt: string, args: readonly string[] = []): ChildProcess {
    const flags = ['--output-format', 'json', '--dangerously-skip-permissions']
    const child = spawn(inject('claude'), ['-p', prompt, ...flags, ...args], {
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
  async transcriptHolds(text: string): Promise<void> {
    const {claude} = resolvePaths(this.home.env)
    const projects = join(claude, 'projects')
    const holds = (name: string) => readFileSync(join(projects, name), 'utf8').includes(text)
    const names = () => readdirSync(projects, {recursive: true, encoding: 'utf8'})
    while (!existsSync(projects) || !names().some((name) => name.endsWith('.jsonl') && holds(name)))
      await wait(20)
  }

  delivered(): Promise<void> {
    return spoolDelivered(this.home)
  }
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

/** Everything in the memory, by the clock. */
export async function everything(url: string): Promise<StoredMessage[]> {
  const memory = openRemoteMemory({url})
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {cursor})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages.sort((a, b) => ((a.timestamp ?? '') < (b.timestamp ?? '') ? -1 : 1))
}

/** Who said what, as a person would read it. */
export async function said(url: string, sessionId?: string): Promise<string[]> {
  const messages = (await everything(url)).filter(
    (each) => sessionId === undefined || each.sessionId === sessionId,
  )
  return messages.map(({role, status, content}) => {
    return `${role}${status === 'error' ? ' error' : ''}: ${content}`
  })
}
