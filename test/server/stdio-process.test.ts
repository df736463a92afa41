import {describe, expect, test} from 'vitest'
import {runSource} from '../helpers/run-source.ts'
import {tempHome} from '../helpers/temp-home.ts'
import {openTestServer} from '../helpers/test-server.ts'

const initialize = {
  jsonrpc: '2.0',
  id: 'hello',
  method: 'initialize',
  params: {protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {name: 'pipe', version: '1'}},
}
const initialized = {jsonrpc: '2.0', method: 'notifications/initialized'}
const call = (id: number, name: string, args: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: {name, arguments: args},
})
const lines = (messages: object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('')

interface Answer {
  jsonrpc: string
  id: string | number
  result: {structuredContent?: {session_id?: string; workspace_id?: string; messages?: {author?: string}[]}}
}

const answersOf = (stdout: string): Answer[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('bmfote mcp in a pipe', () => {
  test('answers everything that it was asked before its input ended, and nothing but that', async () => {
    const home = tempHome()
    const calls = Array.from({length: 20}, (_, index) => call(index, 'remember', {content: `fact ${index}`}))

    const result = await runSource(['mcp'], {home, stdin: lines([initialize, initialized, ...calls])})

    expect({exitCode: result.exitCode, stderr: result.stderr}).toEqual({exitCode: 0, stderr: ''})
    const answers = answersOf(result.stdout)
    expect(answers.map(({id}) => id).sort()).toEqual(['hello', ...calls.map(({id}) => id)].sort())
    expect(answers.every(({jsonrpc}) => jsonrpc === '2.0')).toBe(true)
  })

  test('ends at once when there is nothing to answer', async () => {
    const result = await runSource(['mcp'], {home: tempHome(), stdin: ''})

    expect(result).toMatchObject({exitCode: 0, stdout: ''})
  })

  test('outlives lines that are no messages', async () => {
    const stdin = `nonsense\n{"jsonrpc": "2.0"\n\n${lines([initialize])}`

    const result = await runSource(['mcp'], {home: tempHome(), stdin})

    expect(answersOf(result.stdout).map(({id}) => id)).toEqual(['hello'])
  })

  test('does not wait for what was cancelled', async () => {
    const cancelled = {jsonrpc: '2.0', method: 'notifications/cancelled', params: {requestId: 1}}
    const messages = [initialize, initialized, call(1, 'get_recent', {}), cancelled]

    const result = await runSource(['mcp'], {home: tempHome(), stdin: lines(messages)})

    expect(result.exitCode).toBe(0)
  })

  test('works in the workspace that it was started for, under the names of who and what started it', async () => {
    const home = tempHome()
    const env = {BMFOTE_AUTHOR: 'ana'}
    const ask = (args: string[], messages: object[]) =>
      runSource(['mcp', ...args], {home, env, stdin: lines([initialize, initialized, ...messages])})

    const zed = ['--workspace', 'research', '--source', 'zed']
    const written = await ask(zed, [call(1, 'remember', {content: 'a fact'})])
    const there = await ask(['--workspace', 'research'], [call(1, 'get_recent', {})])
    const elsewhere = await ask([], [call(1, 'get_recent', {})])

    const structured = ({stdout}: {stdout: string}) => answersOf(stdout)[1]?.result.structuredContent
    expect(structured(written)).toMatchObject({workspace_id: 'research'})
    expect(structured(there)?.messages).toMatchObject([{author: 'ana', source: 'zed'}])
    expect(structured(elsewhere)?.messages).toEqual([])
  })

  test('speaks for the server that BMFOTE_URL names', async () => {
    const {app} = await openTestServer({token: 'the-token'})
    const url = await app.listen({host: '127.0.0.1', port: 0})
    const env = {BMFOTE_URL: url, BMFOTE_TOKEN: 'the-token'}
    const messages = [initialize, initialized, call(1, 'remember', {content: 'a fact', project: 'zoo'})]

    await runSource(['mcp'], {home: tempHome(), env, stdin: lines(messages)})

    const recent = await app.inject({url: '/api/recent', headers: {authorization: 'Bearer the-token'}})
    expect(recent.json()).toMatchObject([{content: 'a fact', project: 'zoo'}])
  })

  test('says in the tool’s answer what is wrong with the server', async () => {
    const env = {BMFOTE_URL: 'http://127.0.0.1:9', BMFOTE_TOKEN: 'x'}
    const messages = [initialize, initialized, call(1, 'get_recent', {})]

    const result = await runSource(['mcp'], {home: tempHome(), env, stdin: lines(messages)})

    expect(result.exitCode).toBe(0)
    expect(answersOf(result.stdout)[1]?.result).toMatchObject({
      isError: true,
      content: [{text: expect.stringContaining("can't be reached")}],
    })
  })
})
