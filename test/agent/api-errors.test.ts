import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {openAgentStage} from '../helpers/agent-stage.ts'
import type {Fault} from '../helpers/managed-agents/faults.ts'
import {API_KEY_WITHOUT_BETA} from '../helpers/managed-agents/start-managed-agents.ts'
import {readJson} from '../helpers/run-binary.ts'
import {tempHome} from '../helpers/temp-home.ts'

const stage = openAgentStage()

describe('an error of the API is a sentence, with the id of the request', () => {
  test('a wrong key', async () => {
    const {stderr, exitCode, stdout} = await stage.agent(['list'], {env: {ANTHROPIC_API_KEY: 'sk-ant-wrong'}})

    expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1})
    expect(stderr).toMatch(
      /^Anthropic does not take this key.*\(request req_\w+\)\n→ Check ANTHROPIC_API_KEY/,
    )
    expect(stderr).not.toContain('sk-ant-wrong')
  })

  test('no key at all', async () => {
    const {stderr, exitCode} = await stage.agent(['list'], {env: {ANTHROPIC_API_KEY: ''}})

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^There is no key for Anthropic's API\.\n→ export ANTHROPIC_API_KEY/)
  })

  test('an organization without the beta', async () => {
    const {stderr, exitCode} = await stage.agent(['list'], {env: {ANTHROPIC_API_KEY: API_KEY_WITHOUT_BETA}})

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^This organization has no access to Managed Agents.*\(request req_\w+\)/)
  })

  test.each<[string, Fault, RegExp, number]>([
    [
      'overload',
      {kind: 'answer', on: 'GET /v1/agents', status: 529, times: 9},
      /overloaded\. \(request req_/,
      1,
    ],
    [
      'a defect',
      {kind: 'answer', on: 'GET /v1/agents', status: 500, times: 9},
      /has failed \(500\).*\(request req_/,
      1,
    ],
    [
      'a refusal',
      {kind: 'answer', on: 'GET /v1/agents', status: 400, message: 'No.'},
      /refuses it: No\. \(request req_/,
      2,
    ],
    [
      'a page of a proxy',
      {kind: 'garbage', on: 'GET /v1/agents', status: 403},
      /is not Anthropic's API \(it says 403\)/,
      1,
    ],
  ])('%s', async (_, fault, sentence, exitCode) => {
    stage.api.faults.add(fault)
    const result = await stage.agent(['list'])

    expect(result.exitCode).toBe(exitCode)
    expect(result.stderr).toMatch(sentence)
  })

  test('no network', async () => {
    const {stderr, exitCode} = await stage.agent(['list'], {env: {ANTHROPIC_BASE_URL: 'http://127.0.0.1:9'}})

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^Anthropic's API can't be reached\.\n→ .*ANTHROPIC_BASE_URL/)
  })

  test('with --json, one document', async () => {
    const result = await stage.agent(['list', '--json'], {env: {ANTHROPIC_API_KEY: 'sk-ant-wrong'}})

    expect(result).toMatchObject({exitCode: 1, stderr: ''})
    expect(readJson(result)).toMatchObject({code: 'unauthorized', error: expect.stringContaining('req_')})
  })
})

describe('a rate limit', () => {
  test('is waited for as long as the API says, and told', async () => {
    stage.api.faults.add({kind: 'answer', on: 'GET /v1/agents', status: 429, retryAfter: 1})
    const {stderr, exitCode} = await stage.agent(['list'])

    expect(exitCode).toBe(0)
    expect(stderr).toContain("Anthropic's API asks to wait for 1 second.")
  })

  test('is waited for when something is made, and it is made once', async () => {
    stage.api.faults.add({kind: 'answer', on: 'POST /v1/agents', status: 429, retryAfter: 1})
    await stage.create('patient')

    expect([...stage.api.state.agents.values()].filter(({name}) => name === 'patient')).toHaveLength(1)
  })

  test('that is too long for a command is told instead', async () => {
    stage.api.faults.add({kind: 'answer', on: 'GET /v1/agents', status: 429, retryAfter: 3600})
    const {stderr, exitCode} = await stage.agent(['list'])

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/rate limit is reached.*\(request req_\w+\)\n→ Try it again in 3600 seconds/)
  })
})

describe('what opens the API', () => {
  test('a token in place of a key', async () => {
    const env = {ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: stage.api.key}
    expect(await stage.agent(['list'], {env})).toMatchObject({exitCode: 0})
  })

  test('a key wins over a token, without a word', async () => {
    const env = {ANTHROPIC_AUTH_TOKEN: 'wrong'}
    const {exitCode, stderr} = await stage.agent(['list', '--json'], {env})
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''})
  })

  test("a profile of Anthropic's own tools", async () => {
    const home = tempHome()
    home.env = {...stage.home.env, HOME: home.path, BMFOTE_HOME: home.bmfote, ANTHROPIC_API_KEY: ''}
    const folder = join(home.path, '.config', 'anthropic')
    mkdirSync(join(folder, 'configs'), {recursive: true})
    mkdirSync(join(folder, 'credentials'), {recursive: true})
    writeFileSync(
      join(folder, 'configs', 'default.json'),
      JSON.stringify({version: '1.0', authentication: {type: 'user_oauth'}}),
    )
    const credentials = {version: '1.0', type: 'oauth_token', access_token: stage.api.key}
    writeFileSync(join(folder, 'credentials', 'default.json'), JSON.stringify(credentials), {mode: 0o600})

    const {exitCode, stderr} = await stage.agent(['list'], {home})
    expect(exitCode, stderr).toBe(0)
  })
})
