import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {SAMPLE_MESSAGES, SAMPLE_SESSION, SAMPLE_UUID} from '../helpers/sample-messages.ts'
import {seedMemory} from '../helpers/seed-memory.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

let home: TempHome
beforeEach(() => {
  home = tempHome()
})

const run = (args: string[], options: {stdin?: string; cwd?: string; home?: TempHome} = {}) =>
  runBinary(args, {home, ...options})

async function messagesIn(place: TempHome = home): Promise<number> {
  const stats = readJson(await run(['stats', '--json'], {home: place})) as {messages: number}
  return stats.messages
}

describe('remember', () => {
  test('prints the uuid and nothing else, and what was said is found', async () => {
    const {stdout, stderr, exitCode} = await run([
      'remember',
      'We',
      'ship',
      'on',
      'Tuesdays',
      '--topic',
      'release',
    ])
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/)

    const found = await run(['context', stdout.trim(), '--json'])
    expect(readJson(found)).toMatchObject({
      content: '[release]\nWe ship on Tuesdays',
      type: 'assistant',
      source: 'cli',
    })
  })

  test("files it under the project of the folder, as a tool's history would be", async () => {
    const repository = join(home.path, 'webshop')
    mkdirSync(join(repository, '.git', 'objects'), {recursive: true})
    writeFileSync(join(repository, '.git', 'HEAD'), 'ref: refs/heads/main\n')
    mkdirSync(join(repository, 'src'))
    await run(['remember', 'a fact'], {cwd: join(repository, 'src')})
    await run(['remember', 'another', '--project', 'garden'], {cwd: repository})

    const sessions = readJson(await run(['sessions', '--json'])) as {project: string}[]
    expect(sessions.map(({project}) => project).sort()).toEqual(['garden', 'webshop'])
  })

  test('takes standard input, and says when it was too long', async () => {
    const {stdout, stderr} = await run(['remember'], {stdin: `${'word '.repeat(20_000)}`})
    expect(stderr).toBe('It was longer than 50,000 characters and is kept cut.\n')

    const {content} = readJson(await run(['context', stdout.trim(), '--json'])) as {content: string}
    expect(content).toMatch(/^word word .*100,?000/s)
  })

  test('more than anybody means to remember is refused, with the command that takes it', async () => {
    const {exitCode, stderr} = await run(['remember'], {stdin: 'x'.repeat(11 * 1024 * 1024)})
    expect(exitCode).toBe(1)
    expect(stderr).toContain('bmfote import jsonl')
  })

  test('nothing is not remembered', async () => {
    const {exitCode, stdout, stderr} = await run(['remember'], {stdin: '  \n'})
    expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''})
    expect(stderr).toContain('nothing to remember')
  })
})

describe('forget', () => {
  beforeEach(() => seedMemory(home, SAMPLE_MESSAGES))

  test('one message goes at a word', async () => {
    expect(await run(['forget', SAMPLE_UUID])).toMatchObject({exitCode: 0, stdout: '1 message deleted.\n'})
    expect(await run(['context', SAMPLE_UUID])).toMatchObject({exitCode: 1})
  })

  test('more than one only goes when that is meant for sure', async () => {
    const refused = await run(['forget', '--session', SAMPLE_SESSION])
    expect(refused).toMatchObject({exitCode: 2, stdout: ''})
    expect(refused.stderr).toMatch(/^5 messages would be deleted, and nobody is there to be asked\.\n.*--yes/)
    expect(await messagesIn()).toBe(7)

    const asJson = await run(['forget', '--session', SAMPLE_SESSION, '--json'])
    expect(asJson.exitCode).toBe(2)
    expect(await messagesIn()).toBe(7)

    const meant = await run(['forget', '--session', SAMPLE_SESSION, '--yes'])
    expect(meant).toMatchObject({exitCode: 0, stdout: '5 messages deleted.\n'})
    expect(await messagesIn()).toBe(2)
  })

  test('--dry-run only counts', async () => {
    expect(await run(['forget', '--before', '2027-01-01', '--dry-run'])).toMatchObject({
      exitCode: 0,
      stdout: '6 messages would be deleted.\n',
    })
    expect(await messagesIn()).toBe(7)
  })

  test('one thing is named, not none and not two', async () => {
    for (const args of [[], ['--project', 'webshop', '--before', '2027-01-01'], ['--project', '']]) {
      const refused = await run(['forget', ...args, '--yes'])
      expect(refused).toMatchObject({exitCode: 2, stderr: expect.stringContaining('Name one thing')})
    }
    expect(await run(['forget', '--before', 'soon', '--yes'])).toMatchObject({exitCode: 2})
    expect(await messagesIn()).toBe(7)
  })

  test('what was deleted does not come back with an export that still has it', async () => {
    await run(['export', '--output', 'all.jsonl'])
    await run(['forget', '--project', 'webshop', '--yes'])

    const {stdout} = await run(['import', 'jsonl', 'all.jsonl'])
    expect(stdout).toContain('5 messages had been deleted there before, and stay away.')
    expect(await messagesIn()).toBe(2)
  })
})

describe('export and import', () => {
  beforeEach(() => seedMemory(home, SAMPLE_MESSAGES))

  test('an export in an empty memory gives the same rows', async () => {
    const other = tempHome()
    const {stdout: exported} = await run(['export'])
    const imported = await run(['import', 'jsonl', '-'], {home: other, stdin: exported})

    expect(imported.stdout).toMatch(/^6 messages stored in .*memory\.db\.\n$/)
    expect((await run(['export'], {home: other})).stdout).toBe(exported)
  })

  test('a file is whole or not there', async () => {
    const {stdout, stderr, exitCode} = await run(['export', '--output', 'out.jsonl', '--session', 'notes'])
    expect({stdout, stderr, exitCode}).toEqual({
      stdout: '',
      stderr: '2 lines written to out.jsonl.\n',
      exitCode: 0,
    })
    const lines = readFileSync(join(home.path, 'out.jsonl'), 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['session', 'message'])

    expect(await run(['export', '--output', 'nosuch/out.jsonl'])).toMatchObject({exitCode: 1})
    expect(readdirSync(home.path).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('what a terminal would obey is written as escapes, and comes back as it was', async () => {
    const hostile = 'a\u001b[2J\u009b31m\u202e b'
    await seedMemory(home, [{sessionId: 'h', uuid: 'h', content: hostile}])
    const {stdout} = await run(['export', '--session', 'h'])
    const [, line = ''] = stdout.trim().split('\n')

    expect(line).not.toMatch(/[^ -~]/)
    expect(JSON.parse(line).content).toBe(hostile)
  })

  test('a bad line costs itself only, and is named', async () => {
    const lines = ['{"session_id":"s","uuid":"u","content":"good"}', 'not json', '{"uuid":"v"}'].join('\n')
    const {stdout, exitCode} = await run(['import', 'jsonl', '-'], {stdin: lines})

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^1 message stored in .*\n2 lines could not be taken:\n {2}line 2: .*\n {2}line 3: .*\n$/,
    )
  })

  test('a file that is not there is said to be missing', async () => {
    expect(await run(['import', 'jsonl', 'nosuch.jsonl'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nosuch.jsonl'),
    })
    expect(await run(['import', 'claude-code', 'nosuch'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nosuch'),
    })
  })
})

describe('import claude-code', () => {
  const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'claude-code')

  test('reads a history once, however often it is told to', async () => {
    const first = await run(['import', 'claude-code', FIXTURES])
    expect(first).toMatchObject({exitCode: 0, stderr: ''})
    expect(first.stdout).toMatch(/^(\d+) messages stored in .*memory\.db\.\n\d+ files read\.\n/)
    const stored = await messagesIn()

    const second = await run(['import', 'claude-code', FIXTURES])
    expect(second.stdout).toMatch(/^Nothing new for .*\n\d+ files read\.\n\d+ files had nothing new\.\n$/)

    const third = await run(['import', 'claude-code', FIXTURES, '--from-start', '--json'])
    expect(readJson(third)).toMatchObject({files_unchanged: 0, bad: 0, interrupted: false})
    expect(await messagesIn()).toBe(stored)
  })

  test("without a path it is the history of the person's home", async () => {
    const {exitCode, stderr} = await run(['import', 'claude-code'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(join(home.path, '.claude', 'projects'))
  })
})
