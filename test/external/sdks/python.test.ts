import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {pythonEnvironment} from '../../../scripts/python-env.mjs'
import {ROOT} from '../../repo/source-files.ts'

const CLIENT = join(ROOT, 'client')
const TIMEOUT_MS = 900_000

test('the Claude Agent SDK for Python, with the Claude Code that it brings', {timeout: TIMEOUT_MS}, () => {
  const environment = pythonEnvironment(join(CLIENT, 'tests', 'external', 'requirements.txt'))
  if ('reason' in environment) throw new Error(`there is no Python to test with: ${environment.reason}`)

  const {status} = spawnSync(environment.python, ['-m', 'pytest', '-q', 'tests/external'], {
    cwd: CLIENT,
    stdio: 'inherit',
    env: {...process.env, PYTHONDONTWRITEBYTECODE: '1'},
  })

  expect(status).toBe(0)
})
