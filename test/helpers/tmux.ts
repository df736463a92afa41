import {execFile, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, onTestFinished, vi} from 'vitest'
import {BINARY} from './run-binary.ts'
import type {TempHome} from './temp-home.ts'

export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0

export interface TerminalOptions {
  home: TempHome
  columns: number
  rows: number
  /** On top of the home's own; undefined takes a variable away. */
  env?: Record<string, string | undefined>
}

/** A real terminal with a shell in it, in which `bmfote` is the built binary. */
export interface TestTerminal {
  /** A line for the shell. */
  run(line: string): Promise<void>
  /** Keys by tmux's names (`Enter`, `Down`, `C-c`), or letters. */
  press(...keys: string[]): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  /** What stands on the screen, line by line. */
  lines(): Promise<string[]>
  /** The same with its colours, as escape sequences. */
  styled(): Promise<string>
  /** One of tmux's own facts: `alternate_on`, `cursor_flag`, `pane_title`. */
  fact(name: string): Promise<string>
  /** Waits until the screen shows it. */
  shows(text: string | RegExp): Promise<void>
}

const SHOWS_MS_MAX = 8_000

export async function openTerminal({home, columns, rows, env}: TerminalOptions): Promise<TestTerminal> {
  // Socket paths may not be long.
  const folder = mkdtempSync(join(tmpdir(), 'tmux-'))
  const tmux = async (...args: string[]) => {
    const options = {env: {PATH: process.env.PATH, TMUX_TMPDIR: folder, LANG: 'C.UTF-8', HOME: home.path}}
    const {stdout} = await promisify(execFile)('tmux', ['-u', '-f', '/dev/null', ...args], options)
    return stdout
  }
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined)
    rmSync(folder, {recursive: true, force: true})
  })
  const shell = ['env', '-i', ...shellEnvironment(home, env), 'bash', '--norc', '--noprofile', '-i']
  await tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', home.path, ...shell)
  await tmux('set-option', '-g', 'escape-time', '0')

  const lines = async () => (await tmux('capture-pane', '-p')).replace(/\n$/, '').split('\n')
  const shows = (text: string | RegExp) =>
    vi.waitFor(async () => expect((await lines()).join('\n')).toMatch(text), {
      timeout: SHOWS_MS_MAX,
      interval: 30,
    })
  await shows(/^\$/m)
  return {
    lines,
    shows,
    run: async (line) => void (await tmux('send-keys', '-l', `${line}\r`)),
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    resize: async (wide, high) => void (await tmux('resize-window', '-x', `${wide}`, '-y', `${high}`)),
    styled: () => tmux('capture-pane', '-p', '-e'),
    fact: async (name) => (await tmux('display-message', '-p', `#{${name}}`)).trim(),
  }
}

function shellEnvironment(home: TempHome, env: TerminalOptions['env']): string[] {
  const folder = join(BINARY, '..')
  const all = {
    ...home.env,
    NO_COLOR: undefined,
    TERM: 'screen-256color',
    PS1: '$ ',
    HISTFILE: '/dev/null',
    ...env,
  }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  return [...given.map(([name, value]) => `${name}=${value}`), `PATH=${folder}:${process.env.PATH}`]
}
