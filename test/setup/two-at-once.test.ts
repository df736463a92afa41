import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {beforeEach, expect, test} from 'vitest'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {acquireProcessLock} from '../../src/lib/platform/process-lock.ts'
import {readJson, runBinary, startBinary} from '../helpers/run-binary.ts'
import {writeText} from '../helpers/setup-context.ts'
import {snapshotTree} from '../helpers/snapshot-tree.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

const ROUNDS = 3

let home: TempHome

beforeEach(() => {
  home = tempHome()
  writeText(join(home.path, '.claude/settings.json'), '{"model": "opus"}\n')
  mkdirSync(join(home.path, '.cursor'))
})

const bmfote = (...args: string[]) => runBinary(args, {home, timeoutMs: 60_000})
const tree = () =>
  Object.fromEntries(Object.entries(snapshotTree(home.path)).filter(([path]) => !path.startsWith('tmp')))

test('two setups at once both happen, and two removals at once take everything back', async () => {
  const before = tree()

  for (let round = 0; round < ROUNDS; round++) {
    const setups = await Promise.all([
      bmfote('setup', 'claude-code', '--local'),
      bmfote('setup', 'cursor', '--local'),
    ])
    expect(setups.map(({exitCode}) => exitCode)).toEqual([0, 0])
    const status = readJson(await bmfote('setup', 'status', '--json')) as {
      tools: {name: string; state: string; problems: string[]}[]
    }
    expect(status.tools).toMatchObject([
      {name: 'claude-code', state: 'working', problems: []},
      {name: 'cursor', state: 'working', problems: []},
      {name: 'windsurf', state: 'not set up'},
    ])

    const removals = await Promise.all([bmfote('setup', 'remove'), bmfote('setup', 'remove')])
    expect(removals.map(({exitCode}) => exitCode)).toEqual([0, 0])
    expect(tree()).toEqual(before)
  }
})

test('a setup and a removal at once leave one of the two, whole', async () => {
  const before = tree()
  await bmfote('setup', 'claude-code', '--local')
  const installed = tree()

  for (let round = 0; round < ROUNDS; round++) {
    const both = await Promise.all([
      bmfote('setup', 'remove'),
      bmfote('setup', 'claude-code', '--local', '--author', `round ${round}`),
    ])

    expect(both.map(({exitCode}) => exitCode)).toEqual([0, 0])
    const isThere = existsSync(join(home.bmfote, 'setup.json'))
    expect(Object.keys(tree()).sort()).toEqual(Object.keys(isThere ? installed : before).sort())
  }
  await bmfote('setup', 'remove')
  expect(tree()).toEqual(before)
})

test('the second says that it waits, and goes on when the first has ended', async () => {
  const lock = await acquireProcessLock(resolvePaths(home.env).setupLock)
  const child = startBinary(['setup', 'claude-code', '--local'], {home})
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
  const ended = new Promise((resolve) => child.once('close', resolve))

  while (!told.includes('Another bmfote is setting up this machine')) await wait(20)
  expect(readFileSync(join(home.path, '.claude/settings.json'), 'utf8')).toBe('{"model": "opus"}\n')
  await lock?.remove()

  expect(await ended).toBe(0)
  expect(readFileSync(join(home.path, '.claude/settings.json'), 'utf8')).toContain('bmfote-stop.sh')
  expect(existsSync(join(home.bmfote, 'run'))).toBe(false)
})

test('removing twice, and removing what was never set up, says so and touches nothing', async () => {
  const before = tree()

  for (const args of [['remove'], ['remove', '--json'], ['remove', 'claude-code']]) {
    const {exitCode, stdout} = await bmfote('setup', ...args)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Nothing is set up here\.|"applied": ?false/)
    expect(tree()).toEqual(before)
  }
  await bmfote('setup', '--local')
  await bmfote('setup', 'remove')
  const again = await bmfote('setup', 'remove')

  expect(again).toMatchObject({exitCode: 0, stdout: 'Nothing is set up here.\n'})
  expect(tree()).toEqual(before)
})
