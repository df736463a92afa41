import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {writeText} from '../../../../test/helpers/setup-context.ts'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {resolvePaths} from '../../config/environment.ts'
import {HOOK_EVENTS, type HookEvent} from './hook-events.ts'
import {hookScript} from './hook-script.ts'

const SHELLS = ['/bin/dash', '/bin/bash'].filter(existsSync)
const STOP = HOOK_EVENTS.find(({name}) => name === 'Stop') as HookEvent
const START = HOOK_EVENTS.find(({name}) => name === 'SessionStart') as HookEvent
const PROMPT = HOOK_EVENTS.find(({name}) => name === 'UserPromptSubmit') as HookEvent

/** Writes down how it was called and what it was given, and prints what is remembered. */
const RECORDER = `#!/bin/sh
if [ "$2" = session-start ] || [ "$2" = prompt-recall ]; then
  cat >"$BMFOTE_HOME/given"
  echo "remembered"
  echo "trouble" >&2
  exit 3
fi
printf '%s|%s|%s\\n' "$*" "$BMFOTE_HOME" "$(cat)" >"$BMFOTE_HOME/sent.new"
mv "$BMFOTE_HOME/sent.new" "$BMFOTE_HOME/sent"
`

function machine(options: {bmfoteHome?: string; program?: string | null} = {}) {
  const home = tempFolder()
  const bmfoteHome = options.bmfoteHome ?? join(home, '.bmfote')
  const {program = RECORDER} = options
  if (program !== null) writeText(join(bmfoteHome, 'bin', 'bmfote'), program, 0o755)
  return {home, bmfoteHome, spool: join(bmfoteHome, 'spool')}
}

async function run(
  script: string,
  {
    home,
    stdin = '',
    env = {},
    shell = '/bin/sh',
  }: {home: string; stdin?: string; env?: object; shell?: string},
) {
  const path = join(tempFolder(), 'hook.sh')
  writeText(path, script, 0o755)
  const child = spawn(shell, [path], {env: {PATH: process.env.PATH, HOME: home, ...env}})
  const output = collect(child)
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  const [code] = await once(child, 'close')
  return {code, ...output}
}

function collect(child: ChildProcess): {stdout: string; stderr: string} {
  const output = {stdout: '', stderr: ''}
  child.stdout?.on('data', (data) => (output.stdout += data))
  child.stderr?.on('data', (data) => (output.stderr += data))
  return output
}

async function untilThere(path: string): Promise<string> {
  while (!existsSync(path)) await wait(5)
  return readFileSync(path, 'utf8')
}

describe.each(SHELLS)('a hook, under %s', (shell) => {
  test('puts the event by, whole and for its owner alone, starts the sender, and says nothing', async () => {
    const {home, bmfoteHome, spool} = machine()
    const event = JSON.stringify({hook_event_name: 'Stop', text: `ü\\n"'$HOME\`id\` ${'x'.repeat(200_000)}`})

    const result = await run(hookScript(STOP, resolvePaths({HOME: home})), {home, shell, stdin: event})

    expect(result).toEqual({code: 0, stdout: '', stderr: ''})
    const [name = '', ...others] = readdirSync(spool)
    expect(others).toEqual([])
    expect(name).toMatch(/^\d+-stop\.part$/)
    expect(readFileSync(join(spool, name), 'utf8')).toBe(event)
    expect(lstatSync(join(spool, name)).mode & 0o777).toBe(0o600)
    expect(lstatSync(spool).mode & 0o777).toBe(0o700)
    expect(await untilThere(join(bmfoteHome, 'sent'))).toBe(
      `hook send ${join(spool, name.replace('.part', ''))}|${bmfoteHome}|\n`,
    )
  })

  test('puts nothing in the place of an older event, though it has the same number', async () => {
    const {home, spool} = machine()
    const path = join(tempFolder(), 'hook.sh')
    writeText(path, hookScript(STOP, resolvePaths({HOME: home})))
    // Two subshells have the number of their shell.
    const script = `for each in first second third; do (printf %s "$each" | (. ${path})); done`

    await run(script, {home, shell})

    const names = readdirSync(spool)
    expect(new Set(names.map((name) => Number.parseInt(name, 10))).size).toBe(1)
    const events = names.map((name) => readFileSync(join(spool, name), 'utf8'))
    expect(events.sort()).toEqual(['first', 'second', 'third'])
  })

  test('at the start of a session prints what is remembered, and nothing of its troubles', async () => {
    const {home, bmfoteHome, spool} = machine()

    const result = await run(hookScript(START, resolvePaths({HOME: home})), {
      home,
      shell,
      stdin: '{"source":"startup"}',
    })

    expect(result).toEqual({code: 0, stdout: 'remembered\n', stderr: ''})
    expect(readFileSync(join(bmfoteHome, 'given'), 'utf8')).toBe('{"source":"startup"}')
    expect(readdirSync(spool)).toEqual([expect.stringMatching(/-session-start\.part$/)])
    expect(await untilThere(join(bmfoteHome, 'sent'))).toContain('hook send')
  })

  test('at a prompt prints nothing, unless that was asked for', async () => {
    const {home} = machine()
    const ask = (options: {promptRecall?: boolean}) =>
      run(hookScript(PROMPT, resolvePaths({HOME: home}), options), {home, shell, stdin: '{}'})

    expect(await ask({})).toEqual({code: 0, stdout: '', stderr: ''})
    expect(await ask({promptRecall: true})).toEqual({code: 0, stdout: 'remembered\n', stderr: ''})
  })

  test.each([STOP, START])('$name does nothing when it is paused', async (event) => {
    const {home, spool} = machine()
    const env = {BMFOTE_DISABLE: '1'}

    const result = await run(hookScript(event, resolvePaths({HOME: home})), {home, shell, stdin: '{}', env})

    expect(result).toEqual({code: 0, stdout: '', stderr: ''})
    expect(existsSync(spool)).toBe(false)
  })

  test.each([STOP, START])('$name does nothing, quietly, when the program is gone', async (event) => {
    const {home, bmfoteHome} = machine({program: null})

    const result = await run(hookScript(event, resolvePaths({HOME: home})), {home, shell, stdin: '{}'})

    expect(result).toEqual({code: 0, stdout: '', stderr: ''})
    expect(existsSync(bmfoteHome)).toBe(false)
  })

  test.each([STOP, START])('$name ends well when nothing can be written', async (event) => {
    const {home, spool} = machine()
    writeText(spool, 'a file where the folder should be')

    const result = await run(hookScript(event, resolvePaths({HOME: home})), {home, shell, stdin: '{}'})

    expect(result).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test.each([STOP, START])('$name ends well without a home, a path or an input', async (event) => {
    const {home} = machine({program: null})

    const result = await run(hookScript(event, resolvePaths({HOME: home})), {
      home,
      shell,
      env: {HOME: '', PATH: ''},
    })

    expect(result).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test('a half-written event has no name that the sender takes', async () => {
    const {home, spool} = machine()
    const path = join(tempFolder(), 'hook.sh')
    writeText(path, hookScript(STOP, resolvePaths({HOME: home})), 0o755)
    const child = spawn(shell, [path], {env: {PATH: process.env.PATH, HOME: home}, detached: true})
    child.stdin.write('{"half":')
    while (!existsSync(spool) || readdirSync(spool).length === 0) await wait(5)

    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await once(child, 'exit')

    expect(readdirSync(spool)).toEqual([expect.stringMatching(/\.part$/)])
  })

  test('where setup was told another place, hooks go there; a variable says better', async () => {
    const bmfoteHome = join(tempFolder(), "it's {here}")
    mkdirSync(bmfoteHome)
    const {home} = machine({bmfoteHome})
    const script = hookScript(STOP, resolvePaths({HOME: home, BMFOTE_HOME: bmfoteHome}))
    const other = machine()

    await run(script, {home, shell, stdin: 'here'})
    expect(await untilThere(join(bmfoteHome, 'sent'))).toMatch(/^hook send .*-stop\|/)
    await run(script, {home, shell, stdin: 'there', env: {BMFOTE_HOME: other.bmfoteHome}})

    expect(readdirSync(join(bmfoteHome, 'spool'))).toHaveLength(1)
    expect(readdirSync(other.spool)).toHaveLength(1)
  })

  test('does not wait for the sender', async () => {
    const {home, bmfoteHome} = machine({
      program: '#!/bin/sh\nwhile [ ! -e "$BMFOTE_HOME/go" ]; do sleep 0.05; done\n>"$BMFOTE_HOME/sent"\n',
    })

    const {code} = await run(hookScript(STOP, resolvePaths({HOME: home})), {home, shell, stdin: '{}'})

    expect(code).toBe(0)
    expect(existsSync(join(bmfoteHome, 'sent'))).toBe(false)
    writeText(join(bmfoteHome, 'go'), '')
    await untilThere(join(bmfoteHome, 'sent'))
    rmSync(home, {recursive: true, force: true})
  })
})
