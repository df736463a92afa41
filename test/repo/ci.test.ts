import {execFile} from 'node:child_process'
import {chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {ROOT} from './source-files.ts'

let clone: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'bmfote-ci-'))
  mkdirSync(join(clone, 'bin'))
  cpSync(join(ROOT, '.ci'), join(clone, '.ci'), {recursive: true})
})

afterEach(() => rmSync(clone, {recursive: true, force: true}))

test('adds up the checks, the tests, and those with programs of others', async () => {
  onThisMachine({npm: saying({'run check': 4, test: 40, 'run test:external': 9, 'run test:claude': 15})})

  expect(await runCi()).toEqual({code: 0, lastLine: '68 passed, 0 failed'})
})

test('one failed check fails the run, and the tests are run all the same', async () => {
  const npm = `if [ "$1" = test ]; then echo "40 passed, 0 failed, 2 skipped"; else echo "3 passed, 1 failed"; exit 1; fi`
  onThisMachine({npm})

  expect(await runCi()).toEqual({code: 1, lastLine: '49 passed, 3 failed, 2 skipped'})
})

test('a command that dies before it can count is one failure', async () => {
  onThisMachine({npm: 'if [ "$1" = test ]; then echo "oh"; exit 9; else echo "4 passed, 0 failed"; fi'})

  expect(await runCi()).toEqual({code: 1, lastLine: '12 passed, 1 failed'})
})

test('a command that ends badly after a good count is a failure too', async () => {
  onThisMachine({npm: 'echo "4 passed, 0 failed"; [ "$1" = run ]'})

  expect(await runCi()).toEqual({code: 1, lastLine: '16 passed, 1 failed'})
})

test('commands get CI=true and an empty standard input', async () => {
  onThisMachine({npm: '[ "$CI" = true ] && [ -z "$(cat)" ] && echo "1 passed, 0 failed"'})

  expect(await runCi()).toEqual({code: 0, lastLine: '4 passed, 0 failed'})
})

test('a machine that can not install a shell runs the tests all the same', async () => {
  onThisMachine({npm: 'echo "4 passed, 0 failed"', 'apt-get': 'exit 100', sudo: 'shift; "$@"'})
  rmSync(join(clone, 'bin/fish'))

  expect(await runCi()).toEqual({code: 0, lastLine: '16 passed, 0 failed'})
})

/** An npm whose scripts all pass, each with so many tests; any other fails. */
function saying(passed: Record<string, number>): string {
  const cases = Object.entries(passed).map(
    ([args, count]) => `"${args}") echo "${count} passed, 0 failed" ;;`,
  )
  return `case "$*" in ${cases.join(' ')} *) exit 1 ;; esac`
}

function onThisMachine(programs: Record<string, string>): void {
  for (const [name, body] of Object.entries({tmux: '', zsh: '', fish: '', ...programs})) {
    const path = join(clone, 'bin', name)
    writeFileSync(path, `#!/bin/sh\n${body}\n`)
    chmodSync(path, 0o755)
  }
}

function runCi(): Promise<{code: number; lastLine: string | undefined}> {
  return new Promise((done) => {
    const env = {HOME: clone, PATH: `${join(clone, 'bin')}:/usr/bin:/bin`}
    execFile(join(clone, '.ci/run'), {env, cwd: tmpdir()}, (error, stdout) => {
      done({code: error ? Number(error.code) : 0, lastLine: stdout.trim().split('\n').at(-1)})
    })
  })
}
