import {execFile, spawn} from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, expect, onTestFinished, test} from 'vitest'
import {writeClaudeCodeHistory} from '../../../bench/messages/claude-code-history.ts'
import {OWNER} from '../../../test/helpers/callers.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {type LocalMemory, openLocalMemory} from '../memory/local-memory.ts'
import {BmfoteError} from '../model/errors.ts'
import type {StoredMessage} from '../model/message.ts'
import {type ImportProgress, type ImportTranscriptsOptions, importTranscripts} from './import-transcripts.ts'
import {claudeCode} from './transcripts/claude-code.ts'

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/claude-code', import.meta.url))
const CHILD = fileURLToPath(new URL('../../../test/helpers/import-child.ts', import.meta.url))

interface Bench {
  folder: string
  projects: string
  memory: LocalMemory
  options: ImportTranscriptsOptions
  run(more?: Partial<ImportTranscriptsOptions>): ReturnType<typeof importTranscripts>
  stored(): Promise<StoredMessage[]>
}

/** A folder of histories and an empty memory. */
async function setUp(situation?: string): Promise<Bench> {
  const folder = tempFolder()
  const projects = join(folder, 'projects')
  mkdirSync(projects)
  if (situation !== undefined) cpSync(join(FIXTURES, situation), projects, {recursive: true})
  const path = join(folder, 'memory.db')
  const memory = await openLocalMemory({path})
  onTestFinished(() => memory.close())
  const options = {
    source: claudeCode,
    paths: [projects],
    statePath: join(folder, 'cache', 'import-claude-code.json'),
    destination: path,
    home: folder,
    sleep: async () => undefined,
  }
  return {
    folder,
    projects,
    memory,
    options,
    run: (more = {}) => importTranscripts(memory, OWNER, {...options, ...more}),
    stored: () => readAll(memory),
  }
}

async function readAll(memory: LocalMemory): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await memory.exportPage(OWNER, {cursor})
    messages.push(...page.messages)
    cursor = page.nextCursor
  }
  return messages
}

function userLine(uuid: string, content: string, sessionId = 's1'): string {
  const line = {type: 'user', uuid, sessionId, cwd: '/home/dev/acme', timestamp: '2026-01-01T00:00:00Z'}
  return `${JSON.stringify({...line, message: {role: 'user', content}})}\n`
}

function writeTranscript(bench: Bench, name: string, text: string): string {
  const path = join(bench.projects, '-p', name)
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
  return path
}

describe('what is imported', () => {
  test('every situation, with its projects, and found afterwards', async () => {
    const bench = await setUp('')
    const summary = await bench.run({author: 'dev', machine: 'laptop'})
    const [hit] = await bench.memory.searchMessages(OWNER, {query: 'quick brown fox'})
    const sessions = await bench.memory.listSessions(OWNER, {limit: 200})

    expect(summary).toMatchObject({
      files: 13,
      lines: 638,
      messages: 99,
      stored: 99,
      bad: 0,
      filesUnreadable: 0,
    })
    expect(summary.skippedBy).toMatchObject({summary: 3, thinking: 17, recall: 1})
    expect(hit).toMatchObject({
      tool: 'Read',
      status: 'ok',
      project: 'acme',
      author: 'dev',
      source: 'claude-code',
    })
    expect(sessions).toHaveLength(13)
    expect(new Set(sessions.map(({project}) => project))).toEqual(new Set(['acme']))
  })

  test('a fork and its original keep their conversations, and search shows the message once', async () => {
    const bench = await setUp('resume-and-fork')
    await bench.run()

    const counts = (await bench.memory.listSessions(OWNER, {})).map(({messageCount}) => messageCount)
    expect(counts.sort()).toEqual([6, 8])
    expect(await bench.memory.searchMessages(OWNER, {query: 'second'})).toHaveLength(1)
  })

  test('one bad line costs one line', async () => {
    const bench = await setUp()
    const long = userLine('u3', 'x'.repeat(5_000))
    writeTranscript(
      bench,
      's1.jsonl',
      `${userLine('u1', 'before')}{"type":"user",\n${long}\n\r\n${userLine('u2', 'after')}`,
    )
    const summary = await bench.run({lineBytesMax: 1_000})

    expect((await bench.stored()).map(({content}) => content)).toEqual(['before', 'after'])
    expect(summary).toMatchObject({lines: 4, bad: 2, stored: 2})
    expect(summary.problems).toEqual([
      expect.stringMatching(/s1\.jsonl at byte \d+: not JSON$/),
      expect.stringMatching(/s1\.jsonl at byte \d+: longer than 1,000 bytes$/),
    ])
  })

  test('a message that the memory refuses costs itself', async () => {
    const bench = await setUp()
    writeTranscript(bench, 's1.jsonl', userLine('u'.repeat(300), 'refused') + userLine('u1', 'kept'))
    const summary = await bench.run()

    expect(summary).toMatchObject({messages: 2, stored: 1, bad: 1})
    expect(summary.problems[0]).toContain('uuid is longer than 256 characters')
  })

  test('what was deleted stays away', async () => {
    const bench = await setUp('tools')
    await bench.run()
    await bench.memory.deleteMessages(OWNER, {uuid: '9ce8be5a-a22e-4f98-85b9-197cd251331f'})
    const summary = await bench.run({fromStart: true})

    expect(summary).toMatchObject({messages: 7, stored: 6, deleted: 1})
    expect(await bench.stored()).toHaveLength(6)
  })

  test('a single file may be named, whatever it is called', async () => {
    const bench = await setUp()
    const path = join(bench.folder, 'saved.txt')
    writeFileSync(path, userLine('u1', 'hello'))

    expect(await bench.run({paths: [path]})).toMatchObject({files: 1, stored: 1})
  })

  test('a path that does not exist is said so', async () => {
    const bench = await setUp()

    await expect(bench.run({paths: [join(bench.folder, 'nowhere')]})).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('nowhere does not exist.'),
    })
  })

  test('links inside the history are not followed', async () => {
    const bench = await setUp()
    mkdirSync(join(bench.folder, 'private'))
    writeFileSync(join(bench.folder, 'private', 's2.jsonl'), userLine('u2', 'not of this history'))
    symlinkSync(join(bench.folder, 'private'), join(bench.projects, 'link'))
    symlinkSync(join(bench.folder, 'private', 's2.jsonl'), join(bench.projects, 's2.jsonl'))
    writeTranscript(bench, 's1.jsonl', userLine('u1', 'hello'))

    expect(await bench.run()).toMatchObject({files: 1, stored: 1})
  })

  test('a file that can’t be read costs itself', async () => {
    const bench = await setUp()
    writeTranscript(bench, 'a.jsonl', userLine('u1', 'one'))
    const doomed = writeTranscript(bench, 'b.jsonl', userLine('u2', 'two'))
    writeTranscript(bench, 'c.jsonl', userLine('u3', 'three'))
    const summary = await bench.run({onProgress: () => rmSync(doomed, {force: true})})

    expect(summary).toMatchObject({files: 3, filesUnreadable: 1, stored: 2, bad: 0})
    expect(summary.problems).toEqual([`${doomed} can't be read (ENOENT)`])
  })
})

describe('another time', () => {
  test('nothing new: nothing is read', async () => {
    const bench = await setUp('')
    await bench.run()

    expect(await bench.run()).toMatchObject({files: 13, filesUnchanged: 13, lines: 0, messages: 0})
  })

  test('from the start: everything is read, nothing is doubled', async () => {
    const bench = await setUp('')
    await bench.run()
    const before = await bench.stored()

    expect(await bench.run({fromStart: true})).toMatchObject({messages: 99, stored: 99})
    expect(await bench.stored()).toEqual(before)
  })

  test('what was added is read, and half a line waits for its other half', async () => {
    const bench = await setUp()
    const second = userLine('u2', 'two')
    const path = writeTranscript(bench, 's1.jsonl', userLine('u1', 'one') + second.slice(0, 40))
    expect(await bench.run()).toMatchObject({lines: 1, stored: 1, bad: 0})

    appendFileSync(path, second.slice(40) + userLine('u3', 'three'))
    expect(await bench.run()).toMatchObject({lines: 2, stored: 2, bad: 0})
    expect((await bench.stored()).map(({content}) => content)).toEqual(['one', 'two', 'three'])
  })

  test('a last line that only lacks its end is read, once', async () => {
    const bench = await setUp()
    const path = writeTranscript(bench, 's1.jsonl', userLine('u1', 'one').trimEnd())
    expect(await bench.run()).toMatchObject({stored: 1})

    appendFileSync(path, `\n${userLine('u2', 'two')}`)
    expect(await bench.run()).toMatchObject({lines: 1, stored: 1, bad: 0})
  })

  test('a result finds the tool of a call that was imported before, and usage is not counted again', async () => {
    const bench = await setUp('tools')
    const [name = ''] = readdirSync(join(bench.projects, '-home-dev-acme'))
    const path = join(bench.projects, '-home-dev-acme', name)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${lines.slice(0, 23).join('\n')}\n`)
    await bench.run()
    appendFileSync(path, lines.slice(23).join('\n'))
    await bench.run()

    const messages = await bench.stored()
    expect(messages.map(({tool}) => tool)).toEqual([null, null, 'Bash', 'Read', 'Bash', 'Read', null])
    expect(messages.reduce((sum, {inputTokens}) => sum + (inputTokens ?? 0), 0)).toBe(200)
  })

  test('a file that was written anew is read anew', async () => {
    const bench = await setUp()
    const path = writeTranscript(bench, 's1.jsonl', userLine('u1', 'one') + userLine('u2', 'two'))
    await bench.run()
    writeFileSync(path, userLine('u8', 'eight') + userLine('u9', 'nine') + userLine('u10', 'ten'))
    await bench.run()

    expect((await bench.stored()).map(({uuid}) => uuid)).toEqual(['u1', 'u2', 'u8', 'u9', 'u10'])
  })

  test('another file under the same name is read from its beginning', async () => {
    const bench = await setUp()
    const path = writeTranscript(bench, 's1.jsonl', userLine('u1', 'one'))
    await bench.run()
    writeFileSync(`${path}.new`, userLine('u2', 'two'))
    renameSync(`${path}.new`, path)

    expect(await bench.run()).toMatchObject({stored: 1})
  })

  test('another memory has nothing yet, and neither has a new one in the same place', async () => {
    const bench = await setUp('tools')
    await bench.run()
    expect(await bench.run({destination: 'http://127.0.0.1:8026'})).toMatchObject({stored: 7})
    expect(await bench.run({workspaceId: 'team'})).toMatchObject({stored: 7})
    const anew = await openLocalMemory({path: join(bench.folder, 'anew.db')})
    onTestFinished(() => anew.close())

    expect(await importTranscripts(anew, OWNER, bench.options)).toMatchObject({stored: 7})
  })

  test('a state file that is broken costs a second reading, no more', async () => {
    const bench = await setUp('tools')
    await bench.run()
    writeFileSync(bench.options.statePath, '{"version":1,"destinations":{"x":nul')

    expect(await bench.run()).toMatchObject({stored: 7})
    expect(await bench.stored()).toHaveLength(7)
    expect(await bench.run()).toMatchObject({filesUnchanged: 1})
  })
})

describe('when it is stopped', () => {
  test('a place for the state that can’t be used is said so, before anything is read', async () => {
    const bench = await setUp('tools')
    writeFileSync(join(bench.folder, 'cache'), 'a file where the folder should be')

    await expect(bench.run()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining("import-claude-code.json can't be read (ENOTDIR)"),
    })
    expect(await bench.stored()).toEqual([])
  })

  test('a signal ends it cleanly, and the next one goes on from there', async () => {
    const bench = await setUp()
    const history = writeClaudeCodeHistory(bench.projects, {bytes: 6_000_000, count: 6_000})
    const controller = new AbortController()
    const first = await bench.run({
      signal: controller.signal,
      onProgress: ({messages}) => messages > 1_000 && controller.abort(),
    })
    const second = await bench.run()

    expect(first.interrupted).toBe(true)
    expect(first.stored).toBeGreaterThan(0)
    expect(second.interrupted).toBe(false)
    expect(second.filesUnchanged).toBeGreaterThan(0)
    expect(await bench.stored()).toHaveLength(history.messages)
  })

  test('killed in the middle: everything is there after the next one, once', async () => {
    const folder = tempFolder()
    const history = writeClaudeCodeHistory(join(folder, 'projects'), {bytes: 8_000_000, count: 8_000})
    const child = spawn(process.execPath, [CHILD, folder], {stdio: ['ignore', 'pipe', 'inherit']})
    const died = new Promise<NodeJS.Signals | null>((resolve) =>
      child.on('exit', (_, signal) => resolve(signal)),
    )
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (/^at [1-9]\d{3}$/m.test(text)) child.kill('SIGKILL')
    })
    expect(await died).toBe('SIGKILL')

    const path = join(folder, 'memory.db')
    const memory = await openLocalMemory({path})
    onTestFinished(() => memory.close())
    const before = await readAll(memory)
    await importTranscripts(memory, OWNER, {
      source: claudeCode,
      paths: [join(folder, 'projects')],
      statePath: join(folder, 'import.json'),
      destination: path,
    })
    const messages = await readAll(memory)

    expect(before.length).toBeLessThan(history.messages)
    expect(messages).toHaveLength(history.messages)
    expect(new Set(messages.map(({uuid}) => uuid)).size).toBe(history.messages)
  })

  test('a memory that is down for a moment is waited for', async () => {
    const bench = await setUp('tools')
    const waits: ImportProgress['waiting'][] = []
    const memory = failing(bench.memory, 2, new BmfoteError('unavailable', 'The server is down.'))
    const summary = await importTranscripts(memory, OWNER, {
      ...bench.options,
      onProgress: ({waiting}) => waiting && waits.push(waiting),
    })

    expect(summary.stored).toBe(7)
    expect(waits).toEqual([
      {seconds: 0.5, reason: 'The server is down.'},
      {seconds: 1, reason: 'The server is down.'},
    ])
  })

  test('a memory that stays down ends it, and what was sent is not sent again', async () => {
    const bench = await setUp()
    const history = writeClaudeCodeHistory(bench.projects, {bytes: 6_000_000, count: 6_000})
    const full = new BmfoteError('database_full', 'There is no space left.', {next: 'Free some space.'})
    const memory = failing(bench.memory, 1, full, {after: 1})

    await expect(importTranscripts(memory, OWNER, bench.options)).rejects.toMatchObject({
      code: 'database_full',
      next: 'Free some space. 1000 messages are stored; the same command goes on from there.',
    })
    expect((await bench.run()).messages).toBe(history.messages - 1_000)
    expect(await bench.stored()).toHaveLength(history.messages)
  })

  test('what is too large at once is sent in parts, and what is too large alone costs itself', async () => {
    const bench = await setUp()
    const lines = ['small', 'large '.repeat(50), 'small', 'small'].map((text, index) =>
      userLine(`u${index}`, text),
    )
    writeTranscript(bench, 's1.jsonl', lines.join(''))
    const memory = {
      getStats: bench.memory.getStats.bind(bench.memory),
      recordMessages: async (...[caller, messages]: Parameters<LocalMemory['recordMessages']>) => {
        if (JSON.stringify(messages).length > 400)
          throw new BmfoteError('too_large', 'The body is too large.')
        return bench.memory.recordMessages(caller, messages)
      },
    }
    const summary = await importTranscripts(memory, OWNER, bench.options)

    expect(summary).toMatchObject({messages: 4, stored: 3, bad: 1})
    expect(summary.problems).toEqual(['message u1 was refused: The body is too large.'])
  })
})

/** The memory, but some calls of recordMessages fail. */
function failing(memory: LocalMemory, times: number, error: BmfoteError, options: {after?: number} = {}) {
  let call = 0
  const after = options.after ?? 0
  return {
    getStats: memory.getStats.bind(memory),
    recordMessages: async (...args: Parameters<LocalMemory['recordMessages']>) => {
      call++
      if (call > after && call <= after + times) throw error
      return memory.recordMessages(...args)
    },
  }
}

test('progress goes from nothing to everything', async () => {
  const bench = await setUp('')
  const progress: ImportProgress[] = []
  await bench.run({onProgress: (step) => progress.push(step)})
  const last = progress.at(-1)

  expect(last).toMatchObject({files: 13, filesDone: 13, messages: 99})
  expect(last?.bytesDone).toBe(last?.bytes)
  expect(progress.map(({bytesDone}) => bytesDone)).toEqual(
    progress.map(({bytesDone}) => bytesDone).sort((a, b) => a - b),
  )
})

// A process of its own that is short of memory collects its garbage all the time: on a busy machine that takes its while.
test('one file that is larger than the memory it may use', {timeout: 180_000}, async () => {
  const folder = tempFolder()
  const parts = join(folder, 'parts')
  const history = writeClaudeCodeHistory(parts, {bytes: 30_000_000, count: 30_000})
  const whole = join(folder, 'projects', 'whole.jsonl')
  mkdirSync(dirname(whole))
  for (const name of readdirSync(parts, {recursive: true, encoding: 'utf8'})) {
    if (name.endsWith('.jsonl')) appendFileSync(whole, readFileSync(join(parts, name)))
  }
  const {stdout} = await promisify(execFile)(process.execPath, ['--max-old-space-size=28', CHILD, folder])

  expect(existsSync(join(folder, 'memory.db'))).toBe(true)
  expect(stdout).toMatch(new RegExp(`^stored ${history.messages}$`, 'm'))
})
