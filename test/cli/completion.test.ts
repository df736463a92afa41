import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, symlinkSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {DIST} from '../helpers/run-binary.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const home = createTempHome()
const env = {...home.env, PATH: [join(home.path, 'bin'), home.env.PATH].join(delimiter)}

beforeAll(() => {
  mkdirSync(join(home.path, 'bin'))
  for (const name of ['bmfote', 'bmfote-agent']) symlinkSync(join(DIST, name), join(home.path, 'bin', name))
})
afterAll(() => home.remove())

describe('bash', () => {
  test.each([
    ['bmfote sea', ['search']],
    ['bmfote server ', ['backup', 'check', 'restore', 'start', 'status', 'token']],
    ['bmfote import c', ['claude-code']],
    ['bmfote help imp', ['import']],
    ['bmfote search --typ', ['--type']],
    ['bmfote search --type ', ['user', 'assistant']],
    ['bmfote search the words --js', ['--json']],
    ['bmfote completion ', ['bash', 'zsh', 'fish']],
    ['bmfote --v', ['--version']],
    ['bmfote-agent --h', ['--help']],
    // A search is for words of the person's own: nothing of ours is offered.
    ['bmfote search serv', []],
  ])('%s', (line, offered) => {
    expect(completeInBash(line)).toEqual(offered)
  })
})

describe.runIf(isInstalled('zsh'))('zsh', () => {
  test('reads the script', () => {
    expect(run('zsh', ['-f', '-n', '-c', completionScript('zsh')])).toBe('')
  })
})

describe.runIf(isInstalled('fish'))('fish', () => {
  test.each([
    ['bmfote sea', ['search\tfind what was said, in plain words']],
    [
      'bmfote server st',
      [
        'start\tstart the memory server',
        'status\tsay whether the server is up, and how it stands with its database',
      ],
    ],
    ['bmfote search --typ', ['--type\tonly what this side said']],
    ['bmfote completion z', ['zsh\tthe shell']],
  ])('%s', (line, offered) => {
    const script = `bmfote completion fish | source; complete -C '${line}'`

    expect(run('fish', ['--no-config', '-c', script]).trim().split('\n')).toEqual(offered)
  })
})

/** What bash's own machinery calls when Tab is pressed at the end of the line. */
function completeInBash(line: string): string[] {
  const words = line.split(' ')
  const script = `eval "$(bmfote completion bash)"
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    _bmfote
    printf '%s\\n' "\${COMPREPLY[@]}"`
  return run('bash', ['--norc', '-c', script]).split('\n').filter(Boolean)
}

function completionScript(shell: string): string {
  return run('bmfote', ['completion', shell])
}

function run(program: string, args: string[]): string {
  return execFileSync(program, args, {env, cwd: home.path, encoding: 'utf8'})
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}
