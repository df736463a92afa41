import {spawnSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {parseArgs} from 'node:util'
import {resolvePaths} from '../src/lib/config/environment.ts'
import {openRemoteMemory} from '../src/lib/memory/remote-memory.ts'
import {SHARED_PRINCIPAL} from '../src/lib/model/principal.ts'
import {hookCommand} from '../src/lib/setup/claude-code/hook-commands.ts'
import {HOOK_EVENTS} from '../src/lib/setup/claude-code/hook-events.ts'
import {ClaudeSession} from '../test/helpers/claude-session.ts'
import {eventsIn, installHooks} from '../test/helpers/hook-scripts.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {createTempHome, type TempHome} from '../test/helpers/temp-home.ts'
import {median, printTable, type Row} from './measure.ts'

/** What a person waits for at an event of Claude Code. */
interface Event {
  name: string
  what: string
  fields: object
  goal: string
}

const EVENTS: readonly Event[] = [
  {name: 'UserPromptSubmit', what: 'a prompt', fields: {prompt: 'why is the build red?'}, goal: '+15 ms'},
  {
    name: 'PostToolUse',
    what: 'a tool that gave 30 KB',
    fields: {
      tool_name: 'Bash',
      tool_input: {command: 'npm test'},
      tool_response: {stdout: 'a line\n'.repeat(4_300)},
    },
    goal: '+15 ms',
  },
  {
    name: 'Stop',
    what: 'the end of a turn',
    fields: {last_assistant_message: 'It was the cache.'},
    goal: '+15 ms',
  },
  {name: 'SessionStart', what: 'recall from a local server', fields: {source: 'startup'}, goal: '+150 ms'},
]

const CALLER = {principal: SHARED_PRINCIPAL, requestId: 'bench', reason: 'bench'}
const DELIVERY_MS_MAX = 30_000

/**
 * The wall time of the installed hooks, started as Claude Code starts them, against a hook whose command is `true`. In
 * turn, and each when the sender of the one before has ended: a person's events are seconds apart.
 */
export async function benchHooks({rounds}: {rounds: number}): Promise<Row[]> {
  const home = createTempHome()
  const server = await startServerProcess({home: join(home.path, 'server')})
  try {
    await furnish(home, server.url)
    const times = EVENTS.map(() => ({ours: [] as number[], baseline: [] as number[]}))
    for (let round = -1; round < rounds; round++) {
      for (const [index, event] of EVENTS.entries()) {
        const {command, stdin} = prepare(event, home)
        const baselineMs = timeHook('true', stdin, home)
        const oursMs = timeHook(command, stdin, home)
        await delivered(home)
        if (round < 0) continue
        times[index]?.baseline.push(baselineMs)
        times[index]?.ours.push(oursMs)
      }
    }
    return EVENTS.map((event, index) => describe(event, times[index] ?? {ours: [], baseline: []}))
  } finally {
    await server.stop()
    home.remove()
  }
}

/** A project with some history, so that there is something to recall. */
async function furnish(home: TempHome, url: string): Promise<void> {
  const paths = resolvePaths(home.env)
  installHooks(home)
  writeFileSync(paths.clientEnvFile, `BMFOTE_URL=${url}\n`, {mode: 0o600})
  mkdirSync(join(home.path, 'acme'))
  const messages = Array.from({length: 500}, (_, index) => ({
    sessionId: `s${index % 20}`,
    uuid: `u${index}`,
    project: 'acme',
    type: index % 2 === 0 ? 'user' : 'assistant',
    content: `Number ${index}: the importer of ledger ${index % 37} waits for the cache of ${index % 11}.`,
  }))
  await openRemoteMemory({url}).recordMessages(CALLER, messages)
}

function prepare(event: Event, home: TempHome): {command: string; stdin: string} {
  const paths = resolvePaths(home.env)
  const place = {claude: paths.claude, bmfote: home.bmfote, cwd: join(home.path, 'acme')}
  const session = new ClaudeSession(place)
  session.prompt('why is the build red?')
  if (event.name === 'Stop') session.answer('It was the cache.')
  const known = HOOK_EVENTS.find(({name}) => name === event.name)
  if (!known) throw new Error(`no hook for ${event.name}`)
  return {command: hookCommand(known, paths), stdin: JSON.stringify(session.event(event.name, event.fields))}
}

function timeHook(command: string, input: string, home: TempHome): number {
  const start = performance.now()
  const {status, stderr} = spawnSync('/bin/sh', ['-c', command], {cwd: home.path, env: home.env, input})
  const ms = performance.now() - start
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
  return ms
}

async function delivered(home: TempHome): Promise<void> {
  const {spool} = resolvePaths(home.env)
  const deadline = Date.now() + DELIVERY_MS_MAX
  while (eventsIn(spool).length > 0) {
    if (Date.now() > deadline) throw new Error('the sender does not deliver')
    await wait(20)
  }
  // The sender has still to end.
  await wait(50)
}

function describe({name, what, goal}: Event, {ours, baseline}: {ours: number[]; baseline: number[]}): Row {
  const added = ours.map((ms, index) => ms - (baseline[index] ?? 0))
  return {
    what: `${name}: ${what}`,
    ours: `+${median(added).toFixed(1)} ms`,
    baseline: 'a hook of true',
    baselineFigure: `${median(baseline).toFixed(1)} ms`,
    ratio: median(ours) / median(baseline),
    goal,
  }
}

if (import.meta.main) {
  const {values} = parseArgs({options: {rounds: {type: 'string', default: '30'}}})
  const rounds = Number(values.rounds)
  printTable(`Hooks, median of ${rounds} (added wall time)`, await benchHooks({rounds}))
}
