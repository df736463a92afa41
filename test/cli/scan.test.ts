import {join} from 'node:path'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {type PlantedSecret, plantSecrets} from '../helpers/planted-secrets.ts'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {storeRaw} from '../helpers/store-raw.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

const PLANTED = plantSecrets(5)

let home: TempHome
beforeEach(async () => {
  home = tempHome()
  await runBinary(['remember', 'the build is green'], {home})
  await storeRaw(
    join(home.bmfote, 'memory.db'),
    PLANTED.map(({text}, index) => ({uuid: `secret-${index}`, content: `this one: ${text}`})),
  )
})

const scan = (args: string[] = [], env: Record<string, string> = {}) =>
  runBinary(['scan', ...args], {home, env, timeoutMs: 60_000})
const isToldIn =
  (text: string) =>
  ({secret}: PlantedSecret) =>
    text.includes(secret.slice(0, 12))

describe('bmfote scan', () => {
  test('shows where secrets are, without them, and ends with 1', async () => {
    const {stdout, stderr, exitCode} = await scan()

    expect(exitCode).toBe(1)
    expect(stdout).toContain('github-token · 2026-01-01 00:00 UTC')
    expect(stdout).toContain('  this one: [redacted:github-token]\n')
    expect(stdout).toContain('uuid secret-0')
    expect(stdout).toMatch(
      /19 messages of 20 messages in .*memory\.db hold a secret:\n(.*\n)* {2}github-token {2}2\n/,
    )
    expect(stderr).toContain('bmfote scan --fix')
    expect(PLANTED.filter(isToldIn(stdout + stderr))).toEqual([])
  })

  test('--fix takes them out; then nothing is found, and the end is good', async () => {
    const fixed = await scan(['--fix'])
    const again = await scan()
    const exported = await runBinary(['export'], {home})

    expect(fixed).toMatchObject({exitCode: 0, stdout: expect.stringContaining('19 messages rewritten')})
    expect(again).toMatchObject({exitCode: 0, stderr: ''})
    expect(again.stdout).toMatch(/^No secrets found in 20 messages of .*memory\.db\.\n$/)
    expect(PLANTED.filter(isToldIn(exported.stdout))).toEqual([])
    expect(exported.stdout.match(/\[redacted:/g)).toHaveLength(PLANTED.length)
  })

  test('--json is one document with the counts and each secret’s place', async () => {
    const result = await scan(['--json'])

    expect(result).toMatchObject({exitCode: 1, stderr: ''})
    expect(readJson(result)).toMatchObject({
      messages: 20,
      affected: 19,
      fixed: 0,
      interrupted: false,
      secrets_cut: false,
      kinds: expect.arrayContaining([{kind: 'github-token', count: 2}]),
      secrets: expect.arrayContaining([
        {
          kind: 'github-token',
          uuid: 'secret-0',
          session_id: 's',
          timestamp: '2026-01-01T00:00:00Z',
          project: null,
          excerpt: 'this one: [redacted:github-token]',
        },
      ]),
    })
    expect(PLANTED.filter(isToldIn(result.stdout))).toEqual([])
  })

  test('through a server, and in one workspace alone', async () => {
    await storeRaw(join(home.bmfote, 'memory.db'), [
      {uuid: 'elsewhere', workspaceId: 'team', content: `and ${PLANTED[0]?.text}`},
    ])
    const server = await startServerProcess({home: home.bmfote, env: {API_TOKEN: 'a-long-random-token'}})
    onTestFinished(server.kill)
    const env = {BMFOTE_URL: server.url, BMFOTE_TOKEN: 'a-long-random-token'}

    const team = await scan(['--workspace', 'team', '--fix', '--json'], env)
    const before = await scan(['--json'], env)
    const fixed = await scan(['--fix'], env)
    const after = await scan(['--json'], env)

    expect(readJson(team)).toMatchObject({messages: 1, affected: 1, fixed: 1})
    expect(readJson(before)).toMatchObject({affected: 19, fixed: 0})
    expect(fixed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`in ${server.url} hold a secret`),
    })
    expect(readJson(after)).toMatchObject({affected: 0})
  })
})
