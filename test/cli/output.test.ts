import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {promisify} from 'node:util'
import {afterAll, describe, expect, test} from 'vitest'
import {BINARY, runBinary} from '../helpers/run-binary.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const home = createTempHome()
afterAll(() => home.remove())

/** Through a shell, for what pipes and redirections do. `$bmfote` is the program. */
async function inShell(script: string): Promise<{stdout: string; stderr: string}> {
  return promisify(execFile)('bash', ['-c', script], {env: {...home.env, bmfote: BINARY}, cwd: home.path})
}

describe('output', () => {
  test('a reader that has seen enough is success, without a word', async () => {
    const {stdout, stderr} = await inShell('"$bmfote" completion bash | true; echo "$PIPESTATUS"')

    expect({stdout, stderr}).toEqual({stdout: '0\n', stderr: ''})
  })

  test('a slow reader gets everything', async () => {
    const whole = await runBinary(['completion', 'zsh'], {home})
    const {stdout} = await inShell('"$bmfote" completion zsh | { read -r first; echo "$first"; cat; }')

    expect(stdout).toBe(whole.stdout)
  })

  test.runIf(existsSync('/dev/full'))('a full disk is told', async () => {
    const {stdout, stderr} = await inShell('"$bmfote" completion bash > /dev/full; echo $?')

    expect(stdout).toBe('1\n')
    expect(stderr).toMatch(/^The disk is full: /)
  })
})
