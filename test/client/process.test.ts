import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {ROOT} from '../repo/source-files.ts'
import {type FaultProxy, startFaultProxy} from './fault-proxy-process.ts'

/** Agents as processes: what becomes of what they record when they end, are killed, or when nobody answers. */

let home: string
let server: ServerProcess
let proxy: FaultProxy

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bmfote-test-'))
  server = await startServerProcess({home})
  proxy = await startFaultProxy(server.url)
})
beforeEach(() => proxy.setMode({mode: 'pass'}))
afterAll(async () => {
  await proxy.stop()
  await server.kill()
  rmSync(home, {recursive: true, force: true})
})

const AGENT = `
import {Client, recordExchange} from ${JSON.stringify(join(ROOT, 'src', 'lib', 'client', 'node.ts'))}
const client = new Client({timeout: 1_000, ...JSON.parse(process.argv[2])})
const session = client.session('acme', {sessionId: 'run'})
`

function start(program: string, options: object): ChildProcess & {output: string; errors: string} {
  const file = join(tempFolder(), 'agent.mts')
  writeFileSync(file, `${AGENT}${program}`)
  const child = spawn(process.execPath, [file, JSON.stringify({url: proxy.url, ...options})], {
    env: {PATH: process.env.PATH ?? '', HOME: home},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const started = Object.assign(child, {output: '', errors: ''})
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    started.output += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    started.errors += text
  })
  return started
}

async function run(
  program: string,
  options: object,
): Promise<{code: number | null; output: string; errors: string}> {
  const child = start(program, options)
  const [code] = await once(child, 'close')
  return {code, output: child.output, errors: child.errors}
}

async function stored(workspace: string): Promise<string[]> {
  const response = await fetch(`${server.url}/api/recent?session_id=run&limit=200&workspace_id=${workspace}`)
  const messages = (await response.json()) as {content: string}[]
  return messages.map(({content}) => content).reverse()
}

describe('a program that ends', () => {
  test('by itself has sent what it recorded, also when it waited for nothing', async () => {
    const {code, errors} = await run(`void recordExchange(session, 'one', 'two')`, {workspace: 'w-end'})

    expect({code, errors}).toEqual({code: 0, errors: ''})
    expect(await stored('w-end')).toEqual(['one', 'two'])
  })

  test('while the server is away ends all the same, and says what is lost', async () => {
    await proxy.setMode({mode: 'down'})
    const {code, errors} = await run(`void session.recordUser('one')`, {workspace: 'w-lost'})

    expect(code).toBe(0)
    expect(errors).toContain('1 messages could not be stored before the end. They are lost.')
    expect(errors.match(/bmfote: /g)).toHaveLength(2)
  })

  test('does so within the timeout when the server hangs, its turns included', async () => {
    await proxy.setMode({mode: 'hang'})
    const program = `
      const startedMs = performance.now()
      await session.recall('x'); await client.search('x'); await session.recordUser('one'); await client.findError('x')
      await session.close(); await client.close()
      console.log(Math.round(performance.now() - startedMs))`
    const {code, output} = await run(program, {workspace: 'w-hang', timeout: 2_000})

    expect(code).toBe(0)
    // Each by itself would wait for two seconds; the rest is room for a busy machine.
    expect(Number(output)).toBeLessThan(6_000)
  })

  test('is not kept alive by what waits for the next try', async () => {
    await proxy.setMode({mode: 'error'})
    const spool = tempFolder()
    const {code} = await run(`for (let i = 0; i < 5; i++) await session.recordUser('n' + i)`, {
      workspace: 'w-try',
      spool,
    })

    expect(code).toBe(0)
    expect(readdirSync(spool)).toHaveLength(5)
  })
})

describe('a program that is killed', () => {
  test('while it writes loses nothing that it recorded, and the next one stores each once', async () => {
    const spool = tempFolder()
    const options = {workspace: 'w-kill', spool}
    await proxy.setMode({mode: 'slow', ms: 300})
    const child = start(
      `for (let i = 0; ; i++) { await session.recordUser('n' + i); console.log(i); await new Promise((r) => setTimeout(r, 5)) }`,
      options,
    )
    while (!child.output.includes('40\n')) await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    const recorded = Number(child.output.trim().split('\n').at(-1))
    await proxy.setMode({mode: 'pass'})

    await run('await client.flush({timeout: 20_000})', options)

    const all = await stored('w-kill')
    expect(new Set(all).size).toBe(all.length)
    expect(all.slice(0, recorded + 1)).toEqual(Array.from({length: recorded + 1}, (_, i) => `n${i}`))
    expect(readdirSync(spool)).toEqual([])
  })

  test('between the storing and the acknowledgement is stored once', async () => {
    const options = {workspace: 'w-ack', spool: tempFolder()}
    await proxy.setMode({mode: 'lost_answer'})
    const child = start(
      `await session.recordUser('one'); await client.flush(); console.log('flushed'); setInterval(() => 0, 1_000)`,
      options,
    )
    while (!child.output.includes('flushed')) await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await stored('w-ack')).toEqual(['one'])
    await proxy.setMode({mode: 'pass'})

    await run('await client.flush({timeout: 20_000})', options)

    expect(await stored('w-ack')).toEqual(['one'])
    expect(readdirSync(options.spool)).toEqual([])
  })
})

test('a server that is killed and comes back has everything once', async () => {
  const folder = tempFolder()
  const first = await startServerProcess({home: folder})
  const port = Number(new URL(first.url).port)
  const child = start(
    `for (let i = 0; i < 60; i++) { await session.recordUser('n' + i); console.log(i); await new Promise((r) => setTimeout(r, 10)) }
     console.log('recorded'); console.log(await client.flush({timeout: 30_000}))`,
    {url: first.url},
  )
  while (!child.output.includes('9\n')) await once(child.stdout as NodeJS.ReadableStream, 'data')
  await first.kill()
  const second = await startServerProcess({home: folder, port})
  await once(child, 'close')
  const response = await fetch(`${second.url}/api/recent?session_id=run&limit=200`)
  const contents = ((await response.json()) as {content: string}[]).map(({content}) => content).reverse()
  await second.kill()

  expect(contents).toEqual(Array.from({length: 60}, (_, i) => `n${i}`))
})
