import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import type {StoredMessage} from '../../src/lib/model/message.ts'
import {OWNER} from '../helpers/callers.ts'
import {ClaudeSession, spoolEvent} from '../helpers/claude-session.ts'
import {eventsIn, installHooks, runHookScript, spoolDelivered} from '../helpers/hook-scripts.ts'
import {BINARY, runBinary} from '../helpers/run-binary.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

/** A laptop with Claude Code and our hooks, in a folder of its own. */
function laptop(): {home: TempHome; session: () => ClaudeSession} {
  const home = tempHome()
  installHooks(home)
  const cwd = join(home.path, 'acme')
  mkdirSync(cwd)
  const {claude, home: bmfote} = resolvePaths(home.env)
  return {home, session: () => new ClaudeSession({claude, bmfote, cwd})}
}

async function serve(options: {env?: Record<string, string>} = {}): Promise<ServerProcess> {
  const server = await startServerProcess({home: tempFolder(), ...options})
  onTestFinished(server.kill)
  return server
}

/** Everything of a session, in the order of the clock. */
async function conversation(url: string, sessionId: string): Promise<StoredMessage[]> {
  const memory = openRemoteMemory({url})
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {sessionId, cursor})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages.sort((a, b) => ((a.timestamp ?? '') < (b.timestamp ?? '') ? -1 : 1))
}

async function said(url: string, session: ClaudeSession): Promise<string[]> {
  return (await conversation(url, session.id)).map(({role, content}) => `${role}: ${content}`)
}

/** Says something else than a bmfote server, or nothing at all. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the installed hooks', () => {
  test('record a turn, from the script to the server', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve()
    const env = {BMFOTE_URL: url, BMFOTE_AUTHOR: 'dev'}
    const session = open()
    const hook = (name: string, fields = {}) => runHookScript(session.event(name, fields), {home, env})

    await hook('SessionStart', {source: 'startup'})
    session.prompt('why does the build fail?')
    await hook('UserPromptSubmit', {prompt: 'why does the build fail?'})
    session.answer('A name is missing.')
    const stop = await hook('Stop', {last_assistant_message: 'A name is missing.'})
    await hook('SessionEnd', {reason: 'other'})
    await spoolDelivered(home)

    expect(stop).toEqual({stdout: '', exitCode: 0})
    expect(await said(url, session)).toEqual([
      'user: why does the build fail?',
      'assistant: A name is missing.',
    ])
    expect((await conversation(url, session.id))[0]).toMatchObject({project: 'acme', author: 'dev'})
  })

  test('record into the local file where there is no server', async () => {
    const {home, session: open} = laptop()
    const session = open()
    session.prompt('one laptop')
    await runHookScript(session.event('UserPromptSubmit'), {home})
    await spoolDelivered(home)

    const {stdout} = await runBinary(['search', 'laptop', '--json'], {home})
    expect(JSON.parse(stdout)).toMatchObject([{session_id: session.id}])
  })

  test('take an event of a megabyte, and a prompt with whatever is in it', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve()
    const session = open()
    const text = 'a `b` "$c" \\ \u0000 \ud83d\ude00 %s\n\nlast'
    session.prompt(text)
    const content = 'x'.repeat(1_000_000)
    const result = await runHookScript(
      session.event('PostToolUse', {tool_name: 'Write', tool_input: {content}}),
      {
        home,
        env: {BMFOTE_URL: url},
      },
    )
    await spoolDelivered(home)

    expect(result).toEqual({stdout: '', exitCode: 0})
    expect(await said(url, session)).toEqual([`user: ${text.replace('\u0000', '\ufffd')}`])
  })

  test('do nothing while they are paused', async () => {
    const {home, session: open} = laptop()
    const session = open()
    session.prompt('not this')
    const env = {BMFOTE_DISABLE: '1'}
    await runHookScript(session.event('UserPromptSubmit'), {home, env})
    const {spool} = resolvePaths(home.env)
    expect(eventsIn(spool)).toEqual([])

    spoolEvent(home.bmfote, session.event('Stop'))
    await runBinary(['hook', 'send'], {home, env})
    expect(eventsIn(spool)).toHaveLength(1)
  })
})

describe('while senders die', () => {
  test('senders that are killed at any moment lose nothing and double nothing', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve()
    const env = {...home.env, BMFOTE_URL: url}
    const session = open()
    const chance = seeded(7)
    for (let turn = 0; turn < 15; turn++) {
      session.prompt(`question ${turn}`)
      session.answer(`answer ${turn}`)
      session.hook('Stop', {last_assistant_message: `answer ${turn}`})
      const sender = spawn(BINARY, ['hook', 'send'], {env, stdio: 'ignore'})
      setTimeout(() => sender.kill('SIGKILL'), chance() * 150)
      await once(sender, 'exit')
    }
    await runBinary(['hook', 'send'], {home, env})

    const expected = Array.from({length: 15}, (_, turn) => [
      `user: question ${turn}`,
      `assistant: answer ${turn}`,
    ])
    expect(await said(url, session)).toEqual(expected.flat())
    expect(eventsIn(resolvePaths(home.env).spool)).toEqual([])
  })

  test('many senders at once are as one', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve()
    const sessions = Array.from({length: 4}, open)
    for (const session of sessions) {
      session.prompt('one')
      session.hook('UserPromptSubmit')
    }
    await Promise.all(
      Array.from({length: 6}, () => runBinary(['hook', 'send'], {home, env: {BMFOTE_URL: url}})),
    )
    await spoolDelivered(home)

    for (const session of sessions) expect(await said(url, session)).toEqual(['user: one'])
  })

  test('a server that asks for patience is asked again when it said', async () => {
    const {home, session: open} = laptop()
    const asked: number[] = []
    const {url: target} = await serve()
    const url = await listen((request, response) => {
      asked.push(Date.now())
      if (asked.length === 1) {
        response.writeHead(503, {'retry-after': '1', 'content-type': 'text/html'}).end('<h1>busy</h1>')
        return
      }
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const answer = await fetch(`${target}${request.url}`, {
          method: request.method,
          headers: {'content-type': 'application/json'},
          body: Buffer.concat(chunks),
        })
        response.writeHead(answer.status, {'content-type': 'application/json'}).end(await answer.text())
      })
    })
    const session = open()
    session.prompt('one')
    session.hook('UserPromptSubmit')

    await runBinary(['hook', 'send'], {home, env: {BMFOTE_URL: url}})

    expect(await said(target, session)).toEqual(['user: one'])
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(1_000)
  })
})

describe('whatever goes wrong', () => {
  const rubbish = [
    '',
    'null',
    '[]',
    '{"hook_event_name":',
    '{}',
    '\u0000',
    '{"hook_event_name":"SessionStart"}',
  ]

  test.each(['session-start', 'prompt-recall', 'send', 'nonsense', '--help'])(
    'bmfote hook %s says nothing and ends well',
    async (name) => {
      const home = tempHome()
      for (const stdin of rubbish) {
        const result = await runBinary(['hook', name], {home, stdin})
        expect(result).toMatchObject({stdout: '', stderr: '', exitCode: 0})
      }
    },
  )

  test('a home that is no folder, and settings that can’t be read, are no reason to fail', async () => {
    const {home, session: open} = laptop()
    const file = join(home.path, 'a-file')
    writeFileSync(file, '')
    mkdirSync(join(home.path, '.claude', 'bmfote.env'))
    const stdin = JSON.stringify(open().event('SessionStart', {source: 'startup'}))
    const homes: Record<string, string>[] = [{BMFOTE_HOME: file}, {}]
    for (const env of homes) {
      for (const name of ['send', 'session-start']) {
        const result = await runBinary(['hook', name], {home, env, stdin})
        expect(result).toMatchObject({stdout: '', exitCode: 0})
      }
    }
  })

  test('the log says why nothing arrives, without a word of what was said or of the token', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve({env: {API_TOKEN: 'right-token'}})
    const session = open()
    session.prompt('a private word')
    session.hook('Stop', {last_assistant_message: 'another private word'})

    await runBinary(['hook', 'send'], {home, env: {BMFOTE_URL: url, BMFOTE_TOKEN: 'wrong-token'}})

    const log = readFileSync(resolvePaths(home.env).captureLog, 'utf8')
    expect(log).toContain('unauthorized')
    expect(log).not.toMatch(/private|wrong-token/)
    expect(eventsIn(resolvePaths(home.env).spool)).toHaveLength(1)
  })
})

describe('at the start of a session', () => {
  async function rememberDecision(url: string): Promise<void> {
    const decision = 'We deploy on Thursdays, never on Fridays: the on-call rota says so.'
    await openRemoteMemory({url}).remember(OWNER, {content: decision, topic: 'deploys', project: 'acme'})
  }

  async function start(
    {home, session}: ReturnType<typeof laptop>,
    options: {source?: string; env?: Record<string, string>; fields?: object},
  ): Promise<string> {
    const {source = 'startup', env, fields} = options
    const event = {...session().event('SessionStart', {source}), ...fields}
    const result = await runBinary(['hook', 'session-start'], {home, env, stdin: JSON.stringify(event)})
    expect(result).toMatchObject({stderr: '', exitCode: 0})
    return result.stdout
  }

  test.each(['startup', 'clear'])(
    '%s: what is known of the project is printed, in its frame',
    async (source) => {
      const machine = laptop()
      const {url} = await serve()
      await rememberDecision(url)

      const block = await start(machine, {source, env: {BMFOTE_URL: url}})

      expect(block).toMatch(/^<bmfote-recall[\s\S]*never on Fridays[\s\S]*<\/bmfote-recall>\n$/)
      expect(block.length).toBeLessThanOrEqual(6_001)
    },
  )

  test.each(['resume', 'fork'])('%s: nothing is printed, for the context still has it', async (source) => {
    const machine = laptop()
    const {url} = await serve()
    await rememberDecision(url)

    expect(await start(machine, {source, env: {BMFOTE_URL: url}})).toBe('')
  })

  test('compact: the thread of the session itself is printed', async () => {
    const machine = laptop()
    const {url} = await serve()
    const env = {BMFOTE_URL: url}
    const session = machine.session()
    session.prompt('we call the new importer Zanzibar')
    session.answer('Zanzibar it is.')
    session.hook('PreCompact', {trigger: 'auto'})
    await runBinary(['hook', 'send'], {home: machine.home, env})

    const block = await start(machine, {source: 'compact', env, fields: {session_id: session.id}})

    expect(block).toContain('Zanzibar')
  })

  test('the local file is asked where there is no server', async () => {
    const machine = laptop()
    await runBinary(['remember', '--project', 'acme', 'We deploy on Thursdays, never on Fridays.'], {
      home: machine.home,
    })

    expect(await start(machine, {})).toContain('never on Fridays')
  })

  test('another project, another tool or a pause: nothing is printed', async () => {
    const machine = laptop()
    const {url} = await serve()
    await rememberDecision(url)
    const env = {BMFOTE_URL: url}

    expect(await start(machine, {env, fields: {cwd: join(machine.home.path, 'another')}})).toBe('')
    expect(await start(machine, {env, fields: {cursor_version: '3.1'}})).toBe('')
    expect(await start(machine, {env: {...env, BMFOTE_DISABLE: '1'}})).toBe('')
  })

  test('a server that is down, wrong, old or foreign costs nothing', async () => {
    const machine = laptop()
    const {url: closed} = await serve({env: {API_TOKEN: 'right'}})
    const page = await listen((_, response) => response.writeHead(200).end('<html>log in</html>'))
    const old = await listen((_, response) => response.writeHead(404).end('{"detail":"Not Found"}'))
    const unframed = await listen((_, response) => response.end('{"text":"do as I say","uuids":[]}'))
    for (const url of ['http://127.0.0.1:1', 'not a url', closed, page, old, unframed]) {
      expect(await start(machine, {env: {BMFOTE_URL: url, BMFOTE_TOKEN: 'wrong'}}), url).toBe('')
    }
  })

  test('a server that hangs is left within its time', async () => {
    const machine = laptop()
    const {promise, resolve} = Promise.withResolvers<void>()
    const url = await listen(() => resolve())
    const {stdout} = await runBinary(['hook', 'session-start'], {
      home: machine.home,
      env: {BMFOTE_URL: url},
      stdin: JSON.stringify(machine.session().event('SessionStart', {source: 'startup'})),
      timeoutMs: 5_000,
    })
    await promise

    expect(stdout).toBe('')
  })

  test('a prompt gets what is known about it only where that was asked for', async () => {
    const {home, session: open} = laptop()
    const {url} = await serve()
    await rememberDecision(url)
    const env = {BMFOTE_URL: url}
    const event = open().event('UserPromptSubmit', {prompt: 'do we deploy on Fridays or on Thursdays?'})
    const recalled = await runBinary(['hook', 'prompt-recall'], {home, env, stdin: JSON.stringify(event)})

    expect((await runHookScript(event, {home, env})).stdout).toBe('')
    expect(recalled.stdout).toContain('never on Fridays')
    await spoolDelivered(home)
  })
})

/** The same chances on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
