import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {runBinary} from '../helpers/run-binary.ts'
import {SAMPLE_MESSAGES, SAMPLE_SESSION, SAMPLE_UUID} from '../helpers/sample-messages.ts'
import {seedMemory} from '../helpers/seed-memory.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const home = createTempHome()
beforeAll(() => seedMemory(home, SAMPLE_MESSAGES))
afterAll(() => home.remove())

/** What a command prints into a pipe; how long ago something was changes by the day. */
async function read(...args: string[]): Promise<string> {
  const {stdout, stderr, exitCode} = await runBinary(args, {home})
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  return stdout.replaceAll(/\((\d+ \w+ ago|just now|in \d+ \w+)\)/g, '(AGO)')
}

describe('in a pipe', () => {
  test('search shows hits with their marks, who, where, when and their ids', async () => {
    expect(await read('search', 'how', 'long', 'does', 'it', 'wait', '--limit', '5')).toMatchInlineSnapshot(`
      "lea (user) · webshop · claude-code · 2026-11-19 09:30 UTC (AGO)
        How >>>long<<< does the retry loop >>>wait<<<?
        uuid 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d00
        session 34005b86-3579-4e2e-800b-582d04cdb77e

      assistant · webshop · claude-code · 2026-11-19 09:31 UTC (AGO)
        It >>>waits<<< 100 ms, then the retry doubles that.
        uuid 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d01
        session 34005b86-3579-4e2e-800b-582d04cdb77e
      "
    `)
  })

  test('recent shows the last messages of a project', async () => {
    expect(await read('recent', '--project', 'garden')).toMatchInlineSnapshot(`
      "user · garden · cli · 2026-11-19 09:35 UTC (AGO)
        Water the tomatoes twice a day.
        uuid 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d05
        session notes
      "
    `)
  })

  test('errors shows an error and what was said next', async () => {
    expect(await read('errors', 'ECONNREFUSED')).toMatchInlineSnapshot(`
      "webshop · claude-code · 2026-11-19 09:33 UTC (AGO)
        error: Error: connect ECONNREFUSED 127.0.0.1:5432
        then: The database is not running: docker compose up starts it.
        uuid 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d03
        session 34005b86-3579-4e2e-800b-582d04cdb77e
      "
    `)
  })

  test('sessions lists conversations', async () => {
    expect(await read('sessions')).toMatchInlineSnapshot(`
      "garden · 1 message · 2026-11-19 09:35 UTC (AGO)
        since 2026-11-19 09:35 UTC
        session notes

      webshop · 5 messages · 2026-11-19 09:34 UTC (AGO)
        since 2026-11-19 09:30 UTC
        session 34005b86-3579-4e2e-800b-582d04cdb77e
      "
    `)
  })

  test('context shows the message whole among its neighbours', async () => {
    expect(await read('context', SAMPLE_UUID)).toMatchInlineSnapshot(`
      "webshop · session 34005b86-3579-4e2e-800b-582d04cdb77e

        lea (user) · claude-code · 2026-11-19 09:30 UTC (AGO)
        5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d00
        How long does the retry loop wait?

      ❯ assistant · claude-code · 2026-11-19 09:31 UTC (AGO)
        5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d01
        It waits 100 ms,
        then the retry doubles that.

        assistant called Bash · claude-code · 2026-11-19 09:32 UTC (AGO)
        5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d02
        npm test
      "
    `)
  })

  test('stats counts', async () => {
    const counted = await read('stats', '--workspace', 'bmfote-default')
    expect(counted.replace(home.bmfote, 'HOME')).toMatchInlineSnapshot(`
      "messages  6
      sessions  2
      first     2026-11-19 09:30 UTC (AGO)
      last      2026-11-19 09:35 UTC (AGO)
      workspace bmfote-default
      memory    HOME/memory.db
      "
    `)
  })
})

describe('nothing found is no failure, and says where to go', () => {
  test.each([
    [['search', 'nosuchword'], /^Nothing found for "nosuchword" in .*memory\.db\. .*words/],
    [['recent', '--hours', '1'], /^Nothing was said in the last 1 hour,.*--hours/],
    [['recent', '--project', 'nosuch'], /^There is nothing of project "nosuch".*bmfote sessions/],
    [['recent', '--session', 'nosuch'], /^There is no session "nosuch".*bmfote sessions/],
    [['errors', 'nosucherror'], /^No error like "nosucherror".*bmfote search/],
    [['sessions', '--project', 'nosuch'], /^No such session.*bmfote import/],
    [['forget', 'nosuch'], /^There is nothing to forget/],
  ])('%s', async (args, sentence) => {
    expect(await runBinary(args, {home})).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    })
    expect(await runBinary([...args, '--json'], {home})).toMatchObject({exitCode: 0, stderr: ''})
  })
})

test('a message that is not there is said to be missing', async () => {
  const missing = await runBinary(['context', 'nosuch'], {home})
  expect(missing).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('no message "nosuch"'),
  })

  const asJson = await runBinary(['context', 'nosuch', '--json'], {home})
  expect(asJson.exitCode).toBe(1)
  expect(JSON.parse(asJson.stdout)).toMatchObject({code: 'not_found'})
})

test('when a limit cut something, that is said, and how to see more', async () => {
  const {stderr} = await runBinary(['search', 'retry', '--limit', '1'], {home})
  expect(stderr).toBe('Cut at 1; --limit 2 may show more.\n')
})

test('a workspace is a wall, named by a flag, the environment or the settings', async () => {
  const inDefault = await runBinary(['search', 'budget'], {home})
  const byFlag = await runBinary(['search', 'budget', '--workspace', 'research'], {home})
  const byEnvironment = await runBinary(['search', 'budget'], {home, env: {BMFOTE_WORKSPACE: 'research'}})

  expect(inDefault.stdout).toBe('')
  expect(byFlag.stdout).toContain('The retry >>>budget<<< of the other team.')
  expect(byEnvironment.stdout).toBe(byFlag.stdout)
  expect(await runBinary(['context', SAMPLE_UUID, '--workspace', 'research'], {home})).toMatchObject({
    exitCode: 1,
  })
})

test('a date that is none is refused', async () => {
  const {exitCode, stderr} = await runBinary(['search', 'retry', '--since', 'yesteryear'], {home})
  expect(exitCode).toBe(2)
  expect(stderr).toContain('since')
})

test('the last messages of a session are found by its id', async () => {
  expect(await read('recent', '--session', SAMPLE_SESSION, '--limit', '10')).toContain('docker compose up')
})
