import {execFileSync} from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, onTestFinished, test} from 'vitest'
import {OWNER} from '../../../../test/helpers/callers.ts'
import {ClaudeSession, spoolEvent} from '../../../../test/helpers/claude-session.ts'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {type Paths, resolvePaths} from '../../config/environment.ts'
import {type LocalMemory, openLocalMemory} from '../../memory/local-memory.ts'
import type {Memory} from '../../memory/memory.ts'
import {BmfoteError} from '../../model/errors.ts'
import type {NewMessage, StoredMessage} from '../../model/message.ts'
import {readCaptureStatus, readSpoolStanding} from './capture-status.ts'
import {type SendReport, type SendSpoolOptions, sendSpool} from './send-spool.ts'

const FIXTURES = fileURLToPath(new URL('../../../../test/fixtures/claude-code', import.meta.url))

interface Bench {
  home: string
  paths: Paths
  memory: LocalMemory
  session(id?: string): ClaudeSession
  /** What happens while the sender waits for lines that are on their way. */
  whileWaiting: (() => void)[]
  send(more?: Partial<SendSpoolOptions>): Promise<SendReport>
  stored(): Promise<StoredMessage[]>
  /** Who said what, in the order of the clock. */
  said(): Promise<string[]>
  spool(): string[]
}

/** A machine with Claude Code and an empty memory. Its clock goes on when somebody waits. */
async function setUp(): Promise<Bench> {
  const home = tempFolder()
  const paths = resolvePaths({HOME: home})
  const memory = await openLocalMemory({path: paths.database})
  onTestFinished(() => memory.close())
  const whileWaiting: (() => void)[] = []
  let waitedMs = 0
  const options: SendSpoolOptions = {
    paths,
    openMemory: async () => memory,
    destination: paths.database,
    caller: OWNER,
    author: 'dev',
    machine: 'laptop',
    now: () => new Date(Date.now() + waitedMs),
    sleep: async (ms) => {
      waitedMs += ms
      whileWaiting.shift()?.()
    },
  }
  const stored = () => readAll(memory)
  return {
    home,
    paths,
    memory,
    session: (id) => new ClaudeSession({claude: paths.claude, bmfote: paths.home}, id),
    whileWaiting,
    send: (more = {}) => sendSpool({...options, ...more}),
    stored,
    said: async () => (await stored()).map(({role, content}) => `${role}: ${content}`),
    spool: () => (existsSync(paths.spool) ? readdirSync(paths.spool) : []),
  }
}

async function readAll(memory: LocalMemory): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {cursor})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages.sort((a, b) => ((a.timestamp ?? '') < (b.timestamp ?? '') ? -1 : 1))
}

/** A memory that can be away. */
function failing(memory: Memory, error: BmfoteError): Pick<Memory, 'recordMessages' | 'deleteMessages'> {
  return {
    recordMessages: () => Promise.reject(error),
    deleteMessages: (...args) => memory.deleteMessages(...args),
  }
}

const UNAVAILABLE = new BmfoteError('unavailable', 'The server is away.')

describe('a turn', () => {
  test('is stored whole: prompt, call, result and answer, with where they come from', async () => {
    const bench = await setUp()
    const session = bench.session('s1')
    session.hook('SessionStart', {source: 'startup'})
    session.prompt('why does the build fail?')
    session.hook('UserPromptSubmit', {prompt: 'why does the build fail?'})
    session.call('t1', 'Bash', {command: 'npm run build'})
    session.result('t1', 'error TS2304: Cannot find name')
    session.hook('PostToolUse', {tool_name: 'Bash', tool_input: {}, tool_response: {}})
    session.answer('A name is missing.')
    session.hook('Stop', {last_assistant_message: 'A name is missing.'})

    expect(await bench.send()).toEqual({outcome: 'done', messages: 4})
    const [prompt, call, result, answer] = await bench.stored()
    expect(prompt).toMatchObject({content: 'why does the build fail?', role: 'user', sessionId: 's1'})
    expect(call).toMatchObject({content: 'Bash: npm run build', tool: 'Bash', type: 'assistant'})
    expect(result).toMatchObject({role: 'tool', tool: 'Bash', content: 'error TS2304: Cannot find name'})
    expect(answer).toMatchObject({
      content: 'A name is missing.',
      model: 'claude-opus-5-5',
      inputTokens: 10,
      outputTokens: 5,
      author: 'dev',
      machine: 'laptop',
      source: 'claude-code',
      project: 'acme',
    })
    expect(bench.spool()).toEqual([])
  })

  test('is sent once, however often events name its transcript', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')
    await bench.send()
    session.answer('two')
    session.hook('Stop', {last_assistant_message: 'two'})
    session.hook('SessionEnd', {reason: 'other'})

    expect(await bench.send()).toEqual({outcome: 'done', messages: 1})
    expect(await bench.said()).toEqual(['user: one', 'assistant: two'])
    expect((await bench.stored()).map(({revision}) => revision)).toEqual([1, 1])
  })

  test('whose lines come after the event is read again', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.hook('UserPromptSubmit')
    bench.whileWaiting.push(() => session.prompt('late'))

    await bench.send()

    expect(await bench.said()).toEqual(['user: late'])
  })

  test('whose last line is torn is whole when the rest has come', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    const line = JSON.stringify(
      session.fields('assistant', 'a1', {
        message: {role: 'assistant', content: [{type: 'text', text: 'grün'}]},
      }),
    )
    const bytes = Buffer.from(line)
    // In the middle of the ü.
    const middle = bytes.indexOf(0xc3) + 1
    writeFileSync(session.transcript, bytes.subarray(0, middle), {flag: 'a'})
    session.hook('Stop', {last_assistant_message: 'grün'})
    bench.whileWaiting.push(() => {
      writeFileSync(session.transcript, bytes.subarray(middle), {flag: 'a'})
      session.write('\n')
    })

    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: grün'])
    expect((await bench.stored()).at(-1)?.uuid).toBe('a1')
  })

  test('that was interrupted is caught up with by the next event of any session', async () => {
    const bench = await setUp()
    const killed = bench.session()
    killed.prompt('a long story')
    killed.hook('UserPromptSubmit')
    await bench.send()
    killed.answer('Once upon')

    bench.session().hook('SessionStart', {source: 'startup'})
    await bench.send()

    expect(await bench.said()).toEqual(['user: a long story', 'assistant: Once upon'])
  })

  test('whose transcript is made when the sender has long ended, by a Claude Code that is killed then, is not lost', async () => {
    const bench = await setUp()
    const killed = bench.session()
    killed.hook('UserPromptSubmit')
    await bench.send()
    killed.prompt('a long story')

    bench.session().hook('SessionStart', {source: 'startup'})
    await bench.send()

    expect(await bench.said()).toEqual(['user: a long story'])
  })

  test('of a sub-agent is a session of its own', async () => {
    const bench = await setUp()
    const session = bench.session('s1')
    session.prompt('look around')
    const agent = session.agent('a7')
    agent.prompt('look for the cause')
    agent.answer('It is the cache.')
    agent.hook('SubagentStop', {last_assistant_message: 'It is the cache.'})

    await bench.send()

    const sessions = (await bench.stored()).map(({sessionId, content}) => `${sessionId}: ${content}`)
    expect(sessions.sort()).toEqual([
      'agent-a7: It is the cache.',
      'agent-a7: look for the cause',
      's1: look around',
    ])
  })

  test('of a sub-agent that never says that it has ended is read with its session', async () => {
    const bench = await setUp()
    const session = bench.session('s1')
    session.prompt('look around')
    session.agent('a7').answer('It is the')
    session.hook('SessionEnd', {reason: 'other'})

    await bench.send()

    expect((await bench.stored()).map(({sessionId}) => sessionId).sort()).toEqual(['agent-a7', 's1'])
  })
})

describe('the last answer', () => {
  test('is waited for, and is the transcript’s own when it comes in time', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('Stop', {last_assistant_message: 'two'})
    let uuid = ''
    for (let i = 0; i < 9; i++) bench.whileWaiting.push(() => undefined)
    bench.whileWaiting.push(() => {
      uuid = session.answer('two')
    })

    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: two'])
    expect((await bench.stored()).at(-1)?.uuid).toBe(uuid)
  })

  test('is taken from the event when it stays away, and replaced when it comes after all', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('Stop', {last_assistant_message: 'two'})

    await bench.send()
    expect(await bench.said()).toEqual(['user: one', 'assistant: two'])
    expect(bench.spool()).toEqual([])

    const uuid = session.answer('two')
    session.prompt('three')
    session.hook('UserPromptSubmit')
    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: two', 'user: three'])
    expect((await bench.stored()).map((message) => message.uuid)).toContain(uuid)
  })

  test('is told from the same words in an earlier turn', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.answer('Done.')
    session.hook('Stop', {last_assistant_message: 'Done.'})
    await bench.send()
    session.prompt('two')
    session.hook('Stop', {last_assistant_message: 'Done.'})
    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: Done.', 'user: two', 'assistant: Done.'])
  })

  test('is not taken from the event when later lines show that the transcript has moved on', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.answer('two  words')
    session.hook('Stop', {last_assistant_message: 'two words'})
    bench.whileWaiting.push(() => {
      const later = new Date(Date.now() + 1_000).toISOString()
      session.line('system', {subtype: 'stop_hook_summary', timestamp: later})
    })

    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: two  words'])
  })

  test('of a failure is an error', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('StopFailure', {error: 'unknown', last_assistant_message: 'API Error: 529 Overloaded'})

    await bench.send()

    expect((await bench.stored()).at(-1)).toMatchObject({
      type: 'assistant',
      status: 'error',
      content: 'API Error: 529 Overloaded',
      model: null,
    })
  })

  test('of compaction’s own sub-agent, which writes nothing, is nobody’s', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    const event = session.agent('c0').event('SubagentStop', {last_assistant_message: 'A summary of it all.'})
    spoolEvent(bench.paths.home, event)

    await bench.send()

    expect(await bench.said()).toEqual(['user: one'])
  })

  test('without a transcript there is none: a session that is not kept is not recorded', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.hook('UserPromptSubmit', {prompt: 'one'})
    session.hook('Stop', {last_assistant_message: 'two'})

    expect(await bench.send()).toEqual({outcome: 'done', messages: 0})
    expect(await bench.said()).toEqual([])
    expect(bench.spool()).toEqual([])
  })
})

describe('every situation of the fixtures', () => {
  test.each(readdirSync(FIXTURES))('%s is stored as the import stores it', async (situation) => {
    const [hooks, other] = [await setUp(), await setUp()]
    for (const bench of [hooks, other]) {
      cpSync(join(FIXTURES, situation), join(bench.paths.claude, 'projects'), {recursive: true})
    }
    const projects = join(hooks.paths.claude, 'projects')
    for (const name of readdirSync(projects, {recursive: true, encoding: 'utf8'})) {
      if (!name.endsWith('.jsonl') || name.includes('subagents')) continue
      const payload = {hook_event_name: 'SessionEnd', session_id: 's', transcript_path: join(projects, name)}
      spoolEvent(hooks.paths.home, payload)
    }
    await hooks.send()
    const {importTranscripts} = await import('../import-transcripts.ts')
    const {claudeCode} = await import('../transcripts/claude-code.ts')
    await importTranscripts(other.memory, OWNER, {
      source: claudeCode,
      paths: [join(other.paths.claude, 'projects')],
      statePath: join(other.home, 'state.json'),
      destination: 'other',
      author: 'dev',
      machine: 'laptop',
    })

    const [stored, imported] = [await hooks.stored(), await other.stored()]
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.map(withoutClock)).toEqual(imported.map(withoutClock))
  })
})

function withoutClock({recordedAt, ...message}: StoredMessage) {
  return message
}

describe('while the memory is away', () => {
  test('events stay, and everything is there once when it is back', async () => {
    const bench = await setUp()
    const session = bench.session()
    for (let turn = 0; turn < 20; turn++) {
      session.prompt(`question ${turn}`)
      session.hook('UserPromptSubmit')
      session.answer(`answer ${turn}`)
      session.hook('Stop', {last_assistant_message: `answer ${turn}`})
      const report = await bench.send({openMemory: async () => failing(bench.memory, UNAVAILABLE)})
      expect(report.outcome).toBe('failed')
    }
    expect(bench.spool()).toHaveLength(40)
    const status = await readCaptureStatus(bench.paths)
    expect(status.lastError).toMatchObject({code: 'unavailable'})
    expect(Date.parse(status.lastEventAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    expect(status.lastDeliveryAt).toBeUndefined()

    session.hook('SessionEnd', {reason: 'other'})
    await bench.send()

    const expected = Array.from({length: 20}, (_, turn) => [
      `user: question ${turn}`,
      `assistant: answer ${turn}`,
    ])
    expect(await bench.said()).toEqual(expected.flat())
    expect(bench.spool()).toEqual([])
    expect((await readCaptureStatus(bench.paths)).lastError).toBeUndefined()
  })

  test('days later the transcripts are still there to be read, the oldest events first', async () => {
    const bench = await setUp()
    const day = 24 * 3_600_000
    for (let age = 5; age > 0; age--) {
      const session = bench.session()
      session.prompt(`${age} days ago`)
      spoolEvent(bench.paths.home, session.event('SessionEnd'), {ageMs: age * day})
    }

    await bench.send()

    expect(await bench.stored()).toHaveLength(5)
    expect(bench.spool()).toEqual([])
  })

  test('a long wait that it asks for is kept by later senders too', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')
    const busy = new BmfoteError('rate_limited', 'Too many.', {retryAfterSeconds: 600})
    let calls = 0
    const openMemory = async () => ({
      ...failing(bench.memory, busy),
      recordMessages: () => {
        calls++
        return Promise.reject(busy)
      },
    })
    const base = Date.now()
    const at = (seconds: number) => ({now: () => new Date(base + seconds * 1000)})

    expect(await bench.send({openMemory, ...at(1)})).toMatchObject({outcome: 'failed'})
    expect(await bench.send({openMemory, ...at(300)})).toMatchObject({outcome: 'paused'})
    expect(calls).toBe(1)
    expect(await bench.send({...at(300), destination: 'another memory'})).toMatchObject({messages: 1})
  })

  test('a bad token is tried again at the next event, and nothing is lost', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')
    const refusal = new BmfoteError('unauthorized', 'unauthorized')

    expect(await bench.send({openMemory: async () => failing(bench.memory, refusal)})).toMatchObject({
      outcome: 'failed',
    })
    expect(bench.spool()).toHaveLength(1)
    await bench.send()
    expect(await bench.said()).toEqual(['user: one'])
  })

  test('a memory that can’t even be opened costs nothing but time', async () => {
    const bench = await setUp()
    bench.session().hook('UserPromptSubmit')
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')

    const report = await bench.send({openMemory: () => Promise.reject(UNAVAILABLE)})

    expect(report).toMatchObject({outcome: 'failed', error: UNAVAILABLE})
    expect(bench.spool()).toHaveLength(2)
  })
})

describe('a spool', () => {
  test('that is full lets go of the oldest, says so, and their transcripts are read all the same', async () => {
    const bench = await setUp()
    const sessions = Array.from({length: 5}, (_, index) => {
      const session = bench.session(`s${index}`)
      session.prompt(`prompt ${index}`)
      session.hook('UserPromptSubmit')
      return session
    })
    const away = {openMemory: async () => failing(bench.memory, UNAVAILABLE)}
    const limits = {files: 2, bytes: 1_000_000, ageMs: 1_000_000}

    await bench.send({...away, limits})
    expect(bench.spool()).toHaveLength(2)
    expect(await readCaptureStatus(bench.paths)).toMatchObject({droppedEvents: 3})
    expect(readFileSync(bench.paths.captureLog, 'utf8')).toContain('3 events were dropped')

    await bench.send({limits})
    expect(await bench.stored()).toHaveLength(sessions.length)
  })

  test('is bounded by bytes and by age', async () => {
    const bench = await setUp()
    const session = bench.session()
    spoolEvent(bench.paths.home, session.event('UserPromptSubmit', {prompt: 'x'.repeat(50_000)}), {
      ageMs: 9_000,
    })
    spoolEvent(bench.paths.home, session.event('UserPromptSubmit', {prompt: 'x'.repeat(50_000)}), {
      ageMs: 2_000,
    })
    spoolEvent(bench.paths.home, session.event('UserPromptSubmit', {prompt: 'x'.repeat(50_000)}), {
      ageMs: 1_000,
    })
    session.prompt('one')
    const away = {openMemory: async () => failing(bench.memory, UNAVAILABLE)}

    await bench.send({...away, limits: {files: 10, bytes: 1_000_000, ageMs: 5_000}})
    expect(bench.spool()).toHaveLength(2)
    await bench.send({...away, limits: {files: 10, bytes: 60_000, ageMs: 60_000}})
    expect(bench.spool()).toHaveLength(1)
  })

  test('keeps of a large event only what is needed', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    const path = session.hook('PostToolUse', {
      tool_name: 'Write',
      tool_input: {file_path: '/home/dev/acme/big.txt', content: 'secret '.repeat(150_000)},
      tool_response: {},
    })

    await bench.send({openMemory: async () => failing(bench.memory, UNAVAILABLE)})
    expect(readFileSync(path, 'utf8').length).toBeLessThan(1_000)
    await bench.send()
    expect(await bench.said()).toEqual(['user: one'])
    expect(bench.spool()).toEqual([])
  })

  test('takes up an event whose hook was killed before it could name it, when it is whole', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    const leave = (name: string, text: string, ageMs: number) => {
      const path = spoolEvent(bench.paths.home, text, {ageMs})
      renameSync(path, join(bench.paths.spool, name))
    }
    const event = JSON.stringify(session.event('SessionEnd'))
    leave('1-whole.part', event, 10_000)
    leave('2-torn.part', event.slice(0, 30), 10_000)
    leave('3-long-torn.part', event.slice(0, 30), 4_000_000)
    leave('4-being-written.part', event, 0)

    await bench.send()

    expect(await bench.said()).toEqual(['user: one'])
    expect(bench.spool().sort()).toEqual(['2-torn.part', '4-being-written.part'])
  })

  test('says what waits in it', async () => {
    const bench = await setUp()
    expect(await readSpoolStanding(bench.paths)).toEqual({events: 0, bytes: 0})
    spoolEvent(bench.paths.home, bench.session().event('Stop'), {ageMs: 60_000})
    spoolEvent(bench.paths.home, bench.session().event('Stop'))

    const standing = await readSpoolStanding(bench.paths)
    expect(standing.events).toBe(2)
    expect(Date.parse(standing.oldestAt ?? '')).toBeLessThan(Date.now() - 50_000)
  })
})

describe('what is none of ours', () => {
  test('other tools’ events, unknown ones and rubbish are taken away, and nothing is read', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    spoolEvent(bench.paths.home, {...session.event('Stop'), cursor_version: '3.1', conversation_id: 'c'})
    spoolEvent(bench.paths.home, {...session.event('Stop'), turn_id: 't'})
    spoolEvent(bench.paths.home, session.event('Notification'))
    spoolEvent(bench.paths.home, 'not JSON')
    spoolEvent(bench.paths.home, 'null')
    spoolEvent(bench.paths.home, '')

    expect(await bench.send()).toEqual({outcome: 'done', messages: 0})
    expect(bench.spool()).toEqual([])
  })

  test('a path that leads anywhere but to a plain file of history is not read', async () => {
    const bench = await setUp()
    const projects = join(bench.paths.claude, 'projects')
    const folder = join(projects, '-home-dev-acme')
    const secret = join(bench.home, 'secret.jsonl')
    const line = bench.session('s1').fields('user', 'u1', {message: {role: 'user', content: 'leaked'}})
    writeFileSync(secret, `${JSON.stringify(line)}\n`)
    symlinkSync(secret, join(folder, 'link.jsonl'))
    symlinkSync(bench.home, join(projects, 'linked-folder'))
    mkdirSync(join(folder, 'folder.jsonl'))
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')])
    const paths = [
      '/etc/passwd',
      secret,
      join(folder, '..', '..', '..', 'secret.jsonl'),
      join(folder, 'link.jsonl'),
      join(projects, 'linked-folder', 'secret.jsonl'),
      join(folder, 'folder.jsonl'),
      join(folder, 'pipe.jsonl'),
      'secret.jsonl',
      `${folder}/nul\0.jsonl`,
      `/${'x'.repeat(5_000)}.jsonl`,
    ]
    for (const path of paths) {
      spoolEvent(bench.paths.home, {hook_event_name: 'Stop', session_id: 's1', transcript_path: path})
      const agent = {agent_id: 'a', agent_transcript_path: path}
      const event = bench.session('s2').event('SubagentStop', {...agent, last_assistant_message: 'leaked'})
      spoolEvent(bench.paths.home, event)
    }

    expect(await bench.send()).toEqual({outcome: 'done', messages: 0})
    expect(await bench.said()).toEqual([])
    expect(bench.spool()).toEqual([])
  })

  test('a Claude Code with another folder keeps its events for its own sender', async () => {
    const bench = await setUp()
    const claude = join(bench.home, 'work-claude')
    const other = new ClaudeSession({claude, bmfote: bench.paths.home})
    writeFileSync(join(claude, 'settings.json'), '{}')
    other.prompt('for another memory')
    other.hook('UserPromptSubmit')
    const session = bench.session()
    session.prompt('for this one')
    session.hook('UserPromptSubmit')

    await bench.send()
    expect(await bench.said()).toEqual(['user: for this one'])
    expect(bench.spool()).toHaveLength(1)

    const elsewhere = resolvePaths({HOME: bench.home, CLAUDE_CONFIG_DIR: claude})
    await bench.send({paths: elsewhere, destination: 'another'})
    expect(bench.spool()).toEqual([])
  })

  test('what a project wants left out, and our own recall, are not stored', async () => {
    const bench = await setUp()
    const cwd = join(bench.home, 'acme')
    mkdirSync(cwd)
    writeFileSync(join(cwd, '.bmfote'), JSON.stringify({project: 'webshop', ignore: ['clients/']}))
    const session = new ClaudeSession({claude: bench.paths.claude, bmfote: bench.paths.home, cwd})
    session.prompt('read the list <bmfote-recall>what was said before</bmfote-recall>')
    session.call('t1', 'Read', {file_path: join(cwd, 'clients', 'list.csv')})
    session.result('t1', 'Jane Doe, 555-1234')
    session.call('t2', 'Read', {file_path: join(cwd, 'readme.md')})
    session.result('t2', 'hello')
    session.hook('Stop')

    await bench.send()

    expect(await bench.said()).toEqual([
      'user: read the list',
      'assistant: Read: [not recorded]',
      expect.stringContaining('readme.md'),
      'tool: hello',
    ])
    expect((await bench.stored()).every(({project}) => project === 'webshop')).toBe(true)
  })

  test('no secret leaves the machine, on whatever way it came', async () => {
    const bench = await setUp()
    const token = `ghp_${'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'.slice(0, 36)}`
    const session = bench.session()
    session.prompt(`my token is ${token}`)
    session.call('t1', 'Bash', {command: `GITHUB_TOKEN=${token} gh repo list`})
    session.result('t1', `using ${token}`)
    session.hook('Stop', {last_assistant_message: `I used ${token}.`})

    const sent: NewMessage[] = []
    const openMemory = async () => ({
      recordMessages: (...args: Parameters<Memory['recordMessages']>) => {
        sent.push(...args[1])
        return bench.memory.recordMessages(...args)
      },
      deleteMessages: bench.memory.deleteMessages.bind(bench.memory),
    })
    await bench.send({openMemory})

    expect(sent).toHaveLength(4)
    expect(JSON.stringify(sent)).not.toContain(token.slice(4, 20))
    for (const {content} of sent) expect(content).toContain('[redacted:')
  })
})

describe('senders', () => {
  test('of which one is at work, the other leaves it the spool', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')
    let other: Promise<SendReport> | undefined
    const first = await bench.send({
      openMemory: async () => {
        other = bench.send({openMemory: () => Promise.reject(new Error('nobody asked'))})
        await other
        return bench.memory
      },
    })

    expect(await other).toEqual({outcome: 'busy', messages: 0})
    expect(first).toEqual({outcome: 'done', messages: 1})
  })

  test('see what is put down while they end', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.hook('UserPromptSubmit')
    bench.whileWaiting.push(() => {
      session.answer('two')
      session.hook('Stop', {last_assistant_message: 'two'})
    })

    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: two'])
    expect(bench.spool()).toEqual([])
  })

  test('that crashed between acknowledgement and note send it again, and nothing is doubled', async () => {
    const bench = await setUp()
    const session = bench.session()
    session.prompt('one')
    session.answer('two')
    session.hook('Stop', {last_assistant_message: 'two'})
    const crash = new Error('crashed')
    const openMemory = async () => ({
      recordMessages: async (...args: Parameters<Memory['recordMessages']>) => {
        await bench.memory.recordMessages(...args)
        throw crash
      },
      deleteMessages: bench.memory.deleteMessages.bind(bench.memory),
    })

    expect(await bench.send({openMemory})).toMatchObject({outcome: 'failed', error: crash})
    await bench.send()

    expect(await bench.said()).toEqual(['user: one', 'assistant: two'])
  })

  test('never throw, not even when nothing can be written', async () => {
    const bench = await setUp()
    bench.session().hook('Stop')
    const file = join(bench.home, 'a file')
    writeFileSync(file, '')
    const paths = {
      ...bench.paths,
      captureLog: join(file, 'x'),
      captureStatus: join(file, 'x'),
      senderLock: join(file, 'x'),
    }

    expect(await bench.send({paths})).toMatchObject({outcome: 'failed'})
  })
})
