import {spawn} from 'node:child_process'
import {chmodSync, linkSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {HOOK_EVENTS, scriptName} from '../../src/lib/setup/claude-code/hook-events.ts'
import {hookScript} from '../../src/lib/setup/claude-code/hook-script.ts'
import {BINARY} from './run-binary.ts'
import type {TempHome} from './temp-home.ts'

/** The hook scripts and the program's own copy, where setup puts them. */
export function installHooks(home: TempHome): void {
  const paths = resolvePaths(home.env)
  const folder = join(paths.claude, 'hooks')
  mkdirSync(folder, {recursive: true})
  mkdirSync(join(paths.program, '..'), {recursive: true})
  linkSync(BINARY, paths.program)
  for (const event of HOOK_EVENTS) {
    const path = join(folder, scriptName(event))
    writeFileSync(path, hookScript(event, paths))
    chmodSync(path, 0o755)
  }
}

/** Runs the script of an event as Claude Code does, and gives what it printed. */
export function runHookScript(
  event: {hook_event_name?: unknown},
  {home, env}: {home: TempHome; env?: Record<string, string>},
): Promise<{stdout: string; exitCode: number | null}> {
  const known = HOOK_EVENTS.find(({name}) => name === event.hook_event_name)
  if (!known) throw new Error(`no hook for ${String(event.hook_event_name)}`)
  const script = join(resolvePaths(home.env).claude, 'hooks', scriptName(known))
  const child = spawn('/bin/sh', ['-c', script], {cwd: home.path, env: {...home.env, ...env}})
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.resume()
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(event))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({stdout, exitCode}))
  })
}

const DELIVERY_MS_MAX = 60_000

/** Until the detached senders have nothing left to do. */
export async function spoolDelivered(home: TempHome): Promise<void> {
  const {spool} = resolvePaths(home.env)
  const deadline = Date.now() + DELIVERY_MS_MAX
  while (eventsIn(spool).length > 0) {
    if (Date.now() > deadline) throw new Error(`still in the spool: ${eventsIn(spool).join(', ')}`)
    await wait(20)
  }
}

/** Whole events, and those whose sender has only just been started. */
export function eventsIn(spool: string): string[] {
  try {
    return readdirSync(spool).filter((name) => /\.(?:json|part)$/.test(name))
  } catch {
    return []
  }
}
