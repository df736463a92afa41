import {copyFileSync, existsSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {furnishForExamples} from '../helpers/example-home.ts'
import {BINARY, readJson, runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {createTempHome} from '../helpers/temp-home.ts'

/** The binary copied alone into an empty folder: no node_modules, no sources, nothing of the build in reach. */
const home = createTempHome()
const folder = join(home.path, 'alone')
const binary = join(folder, 'bmfote')

beforeAll(async () => {
  mkdirSync(folder)
  copyFileSync(BINARY, binary)
  await furnishForExamples(home, [])
})
afterAll(() => home.remove())

function alone(...args: string[]) {
  return runBinary(args, {home, binary, cwd: folder})
}

describe('the binary alone in a folder', () => {
  test('remembers and finds', async () => {
    expect(await alone('remember', 'the ICP is small law firms')).toMatchObject({exitCode: 0})
    expect((await alone('search', 'what was the ICP')).stdout).toContain('small law firms')
  })

  test('imports history, and finds what is in it', async () => {
    const imported = await alone('import', 'claude-code', '--json')

    expect(imported.exitCode).toBe(0)
    expect((readJson(await alone('stats', '--json')) as {messages: number}).messages).toBeGreaterThan(20)
  })

  test('exports, and imports that elsewhere', async () => {
    const file = join(home.path, 'memory.jsonl')
    expect(await alone('export', '--output', file)).toMatchObject({exitCode: 0})
    const elsewhere = {...home, env: {...home.env, BMFOTE_HOME: join(home.path, 'elsewhere')}}
    expect(await runBinary(['import', 'jsonl', file], {home: elsewhere, binary})).toMatchObject({exitCode: 0})

    const stats = async (at: typeof home) =>
      readJson(await runBinary(['stats', '--json'], {home: at, binary})) as {messages: number}
    expect((await stats(elsewhere)).messages).toBe((await stats(home)).messages)
  })

  test('serves', async () => {
    const server = await startServerProcess({home: home.bmfote, binary})
    try {
      const hits = (await (await fetch(`${server.url}/api/search?q=ICP`)).json()) as {snippet: string}[]
      expect(hits.map((hit) => hit.snippet).join()).toContain('small law firms')
      expect(await (await fetch(`${server.url}/openapi.json`)).json()).toMatchObject({
        openapi: expect.stringMatching(/^3\.1/),
      })
    } finally {
      await server.stop()
    }
  })

  test('speaks MCP over stdio', async () => {
    const client = new Client({name: 'test', version: '1'})
    await client.connect(
      new StdioClientTransport({command: binary, args: ['mcp'], env: home.env, cwd: folder}),
    )
    try {
      const answer = await client.callTool({name: 'search_memory', arguments: {query: 'ICP'}})
      expect(JSON.stringify(answer.content)).toContain('small law firms')
    } finally {
      await client.close()
    }
  })

  test('leaves nothing beside itself', () => {
    expect(readdirSync(folder)).toEqual(['bmfote'])
  })

  test('works in a home and a folder that can only be read, as far as that goes', async () => {
    const nowhere = {...home, env: {...home.env, BMFOTE_HOME: '/proc/nowhere', HOME: '/proc/nowhere'}}

    expect(existsSync('/proc/nowhere')).toBe(false)
    expect(await runBinary(['--version'], {home: nowhere, binary, cwd: '/'})).toMatchObject({exitCode: 0})
    expect(await runBinary(['help'], {home: nowhere, binary, cwd: '/'})).toMatchObject({exitCode: 0})
    const {stderr, exitCode} = await runBinary(['stats'], {home: nowhere, binary, cwd: '/'})
    expect(exitCode).toBe(1)
    expect(stderr).toContain('/proc/nowhere')
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
