import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import type {NewMessage} from '../../model/message.ts'
import {claudeCode} from './claude-code.ts'
import type {ParsedLine, TranscriptOptions} from './source.ts'

const FIXTURES = fileURLToPath(new URL('../../../../test/fixtures/claude-code', import.meta.url))
const OPTIONS: TranscriptOptions = {
  author: 'dev',
  machine: 'laptop',
  projectOf: (folder) => folder.split('/').at(-1),
}

interface Parsed {
  messages: NewMessage[]
  skipped: Record<string, number>
  bad: string[]
}

/** All transcripts of a situation, oldest first, each with a parser of its own. */
function parseSituation(situation: string): Parsed {
  const parsed: Parsed = {messages: [], skipped: {}, bad: []}
  const folder = join(FIXTURES, situation)
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(claudeCode.isTranscript)
    .sort()
  for (const name of names) {
    const parser = claudeCode.openParser({path: join(folder, name)}, OPTIONS)
    const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
    for (const line of lines) take(parsed, parser.parseLine(line))
  }
  return parsed
}

function take(parsed: Parsed, line: ParsedLine): void {
  if (line.kind === 'message') parsed.messages.push(line.message)
  else if (line.kind === 'bad') parsed.bad.push(line.reason)
  else parsed.skipped[line.reason] = (parsed.skipped[line.reason] ?? 0) + 1
}

/** Who said what, as a person would read it. */
function read(messages: NewMessage[]): string[] {
  return messages.map(({role, tool, status, content}) => {
    return `${[role, tool, status].filter(Boolean).join(' ')}: ${content}`
  })
}

describe('the situations that Claude Code writes down', () => {
  test('tools: calls are the assistant’s, results are user lines with role tool and the tool’s name', () => {
    const {messages, skipped, bad} = parseSituation('tools')

    expect(read(messages)).toEqual([
      'user: hello [[tools]]',
      'assistant: I will look around.',
      'assistant Bash: Bash: echo hi\nSay hi',
      'assistant Read: Read: /home/dev/acme/notes.txt',
      'tool Bash ok: hi',
      'tool Read ok: 1\tnotes: the quick brown fox\n2',
      'assistant: The tools said hi and gave the notes.',
    ])
    expect(messages.map(({type}) => type)).toEqual([
      'user',
      'assistant',
      'assistant',
      'assistant',
      'user',
      'user',
      'assistant',
    ])
    expect(skipped.thinking).toBe(1)
    expect(bad).toEqual([])
  })

  test('tools: each message stands under its line’s own uuid, with where it comes from', () => {
    const [asked, answered] = parseSituation('tools').messages

    expect(asked).toMatchObject({
      uuid: '9ce8be5a-a22e-4f98-85b9-197cd251331f',
      sessionId: 'b2c11ac2-532d-4954-92b6-e39312bbca43',
      timestamp: '2026-11-22T07:00:39.210Z',
      project: 'acme',
      source: 'claude-code',
      author: 'dev',
      machine: 'laptop',
    })
    expect(answered).toMatchObject({
      uuid: 'f8ac496b-e225-4f5f-ada6-16d4d0faae09',
      parentUuid: '1d7110ee-0179-49d0-bc85-b7896fc8645b',
      model: 'claude-opus-5-5',
    })
  })

  test('tools: an API message of four lines is paid once, on its first line that is kept', () => {
    const {messages} = parseSituation('tools')
    const paid = messages.filter(({inputTokens}) => inputTokens !== undefined)

    expect(paid.map(({content}) => content)).toEqual([
      'I will look around.',
      'The tools said hi and gave the notes.',
    ])
    expect(paid.map(({inputTokens, outputTokens}) => [inputTokens, outputTokens])).toEqual([
      [100, 20],
      [100, 20],
    ])
  })

  test('sub-agent: its conversation is a session of its own', () => {
    const {messages} = parseSituation('sub-agent')
    const bySession = Map.groupBy(messages, ({sessionId}) => sessionId)

    expect([...bySession.keys()].sort()).toEqual([
      '3767ab64-654d-48a3-b9ca-1981af08089c',
      'agent-a7b4d7d282e9943b2',
    ])
    expect(read(bySession.get('agent-a7b4d7d282e9943b2') ?? [])).toEqual([
      'user: [[sub]] run echo and report',
      'assistant: Sub-agent works.',
      'assistant Bash: Bash: echo from-sub\nSub echo',
      'tool Bash ok: from-sub',
      'assistant: SUBAGENT RESULT: all good.',
    ])
    const main = read(bySession.get('3767ab64-654d-48a3-b9ca-1981af08089c') ?? [])
    expect(main).toHaveLength(5)
    expect(main[2]).toBe(
      'assistant Agent: Agent: Look up\n[[sub]] run echo and report\nsubagent_type: general-purpose',
    )
    expect(main[3]).toContain('SUBAGENT RESULT: all good.')
  })

  test('mcp: the question to the memory is kept, what the memory answered is not', () => {
    const {messages, skipped} = parseSituation('mcp')

    expect(read(messages)).toEqual([
      'user: what about deploys [[mcp]]',
      'assistant: I search the memory.',
      'assistant mcp__bmfote-memory__search_memory: mcp__bmfote-memory__search_memory: deploy\nlimit: 3',
      'assistant: Memory says: deploy on Fridays never.',
    ])
    expect(skipped.recall).toBe(1)
  })

  test('resume and fork: the fork repeats the old messages under its own session', () => {
    const bySession = Map.groupBy(parseSituation('resume-and-fork').messages, ({sessionId}) => sessionId)
    const [original = [], fork = []] = [...bySession.values()]

    expect(read(original).filter((line) => line.startsWith('user'))).toEqual([
      'user: first [[hello]]',
      'user: second [[hello]]',
      'user: third [[hello]]',
    ])
    expect(fork.map(({uuid}) => uuid).slice(0, 6)).toEqual(original.map(({uuid}) => uuid))
    expect(read(fork.slice(6))).toEqual([
      'user: fourth [[hello]]',
      'assistant: Hello! This is a canned answer.',
    ])
  })

  test('clear: a new session begins, and commands that Claude Code runs itself are nobody’s words', () => {
    const {messages, skipped} = parseSituation('clear')
    const bySession = Map.groupBy(messages, ({sessionId}) => sessionId)

    expect(read(bySession.get('1e5bb6ce-88f6-4a0d-9db2-d9878ad07f75') ?? [])).toEqual([
      'user: after clear [[one]]',
      'assistant Bash: Bash: echo one\nOne',
      'tool Bash ok: one',
      'assistant: Done.',
      'user: /nosuchcmd foo',
      'assistant: Done.',
    ])
    expect(bySession.get('fbd8da7e-f258-4dd1-9203-c025b5d23b8b')).toHaveLength(4)
    expect(skipped).toMatchObject({harness: 7, summary: 1})
  })

  test.each(['compact', 'auto-compact'])(
    '%s: the summary repeats what is there and is left out',
    (situation) => {
      const {messages, skipped} = parseSituation(situation)

      expect(read(messages).filter((line) => line.startsWith('user'))).toHaveLength(2)
      expect(messages).toHaveLength(4)
      expect(skipped.summary).toBe(1)
      expect(JSON.stringify(messages)).not.toContain('COMPACT SUMMARY')
    },
  )

  test('resume compacted: the session goes on in the same file', () => {
    const {messages} = parseSituation('resume-compacted')

    expect(new Set(messages.map(({sessionId}) => sessionId)).size).toBe(1)
    expect(read(messages).filter((line) => line.startsWith('user'))).toEqual([
      'user: a [[hello]]',
      'user: b [[hello]]',
      'user: c [[hello]]',
    ])
  })

  test('api errors are kept as errors of no model; what the harness says to the model is not', () => {
    const {messages, skipped} = parseSituation('api-error')
    const errors = messages.filter(({status}) => status === 'error')

    expect(errors.map(({content}) => content?.slice(0, 30))).toEqual([
      'API Error: 400 fake: bad reque',
      'API Error: 529 Overloaded. Thi',
      "API Error: Claude's response e",
      "API Error: Opus 5.5's safeguar",
    ])
    expect(errors.every(({model, inputTokens}) => model === undefined && inputTokens === undefined)).toBe(
      true,
    )
    expect(read(messages).filter((line) => line.startsWith('user'))).toEqual([
      'user: a [[apierror]]',
      'user: b [[overloaded]]',
      'user: c [[maxtok]]',
      'user: d [[refuse]]',
      'user: e [[two]]',
      'user: f [[toolonly]]',
    ])
    expect(skipped.harness).toBe(4)
  })

  test('background task and refusals: failed calls are errors, notifications are nobody’s words', () => {
    const {messages, skipped} = parseSituation('background-task-and-interrupt')
    const errors = messages.filter(({status}) => status === 'error')

    expect(errors.map(({tool}) => tool)).toEqual(['Bash', 'TaskCreate'])
    expect(errors[1]?.content).toMatch(/^Error: No such tool available: TaskCreate\./)
    expect(read(messages)).toContain('assistant Edit: Edit: /home/dev/acme/e.txt\n- aaa\n+ bbb')
    expect(read(messages).filter((line) => line.startsWith('user'))).toHaveLength(4)
    expect(JSON.stringify(messages)).not.toContain('task-notification')
    expect(skipped.harness).toBe(1)
  })
})

/** Lines that the recorded runs do not have, in the shape that Claude Code writes them. */
function parse(...lines: object[]): ParsedLine[] {
  const parser = claudeCode.openParser({path: '/h/projects/-p/s1.jsonl'}, OPTIONS)
  return lines.map((line) => parser.parseLine(JSON.stringify({sessionId: 's1', timestamp: TIME, ...line})))
}

const TIME = '2026-01-01T00:00:00Z'

function user(content: unknown, more: object = {}): object {
  return {type: 'user', uuid: 'u1', message: {role: 'user', content}, ...more}
}

function assistant(content: unknown, more: object = {}): object {
  return {type: 'assistant', uuid: 'a1', message: {role: 'assistant', model: 'm', content}, ...more}
}

function contentOf(line: ParsedLine | undefined): string | undefined {
  return line?.kind === 'message' ? line.message.content : undefined
}

describe('whose words they are', () => {
  test('a prompt that was typed while the model worked stands in an attachment', () => {
    const queued = (more: object) => ({
      type: 'attachment',
      uuid: 'q1',
      attachment: {type: 'queued_command', prompt: 'also check the logs', commandMode: 'prompt', ...more},
    })
    const [typed, fromHuman, fromTask, fromMode] = parse(
      queued({}),
      queued({origin: {kind: 'human'}}),
      queued({origin: {kind: 'task-notification'}}),
      queued({commandMode: 'task-notification'}),
    )

    expect(typed).toMatchObject({
      kind: 'message',
      message: {role: 'user', content: 'also check the logs', uuid: 'q1'},
    })
    expect(contentOf(fromHuman)).toBe('also check the logs')
    expect(fromTask?.kind).toBe('skipped')
    expect(fromMode?.kind).toBe('skipped')
  })

  test('a command with words after it is a request; one that Claude Code runs itself is not', () => {
    const command =
      '<command-message>review is running…</command-message>\n<command-name>/review</command-name>'
    const [request, bare, caveat, local] = parse(
      user(`${command}\n<command-args>the login form</command-args>`),
      user(command),
      user('<local-command-caveat>…</local-command-caveat>', {uuid: 'c1', isMeta: true}),
      user('<command-name>/model</command-name><command-args>opus</command-args>', {parentUuid: 'c1'}),
    )

    expect(contentOf(request)).toBe('/review the login form')
    expect(bare).toEqual({kind: 'skipped', reason: 'harness'})
    expect(caveat).toEqual({kind: 'skipped', reason: 'harness'})
    expect(local).toEqual({kind: 'skipped', reason: 'harness'})
  })

  test('a shell command that the person ran, and what it printed', () => {
    const [ran, printed, silent] = parse(
      user('<bash-input>ls docs</bash-input>'),
      user('<bash-stdout>guide.md</bash-stdout><bash-stderr></bash-stderr>'),
      user('<bash-stdout></bash-stdout><bash-stderr></bash-stderr>'),
    )

    expect(contentOf(ran)).toBe('! ls docs')
    expect(printed).toMatchObject({message: {role: 'tool', tool: 'Bash', content: 'guide.md'}})
    expect(silent).toEqual({kind: 'skipped', reason: 'empty'})
  })

  test.each([
    ['an interruption', user([{type: 'text', text: '[Request interrupted by user for tool use]'}])],
    ['a line of the harness', user('Continue.', {isMeta: true})],
    ['a prompt of the system', user('Continue.', {promptSource: 'system'})],
    ['a notification', user('<task-notification>done</task-notification>')],
    [
      'a placeholder answer',
      assistant('No response requested.', {
        message: {model: '<synthetic>', content: 'No response requested.'},
      }),
    ],
  ])('%s is nobody’s', (_, line) => {
    expect(parse(line)).toEqual([{kind: 'skipped', reason: 'harness'}])
  })

  test('what an editor or the harness adds to the words is taken off them', () => {
    const [both, only] = parse(
      user([
        {type: 'text', text: '<ide_opened_file>The user opened a.ts</ide_opened_file>'},
        {type: 'text', text: 'why does this fail?\n<system-reminder>Be careful.</system-reminder>'},
      ]),
      user('<system-reminder>Be careful.</system-reminder>'),
    )

    expect(contentOf(both)).toBe('why does this fail?')
    expect(only).toEqual({kind: 'skipped', reason: 'harness'})
  })

  test('our own recall is cut out wherever it stands, and alone it is no message', () => {
    const recall = '<bmfote-recall project="acme">never deploy on Fridays</bmfote-recall>'
    const lines = parse(
      user(`${recall}\nwhat next?`),
      user(recall),
      assistant([{type: 'text', text: `I was told ${recall} that.`}]),
      assistant([{type: 'tool_use', id: 't1', name: 'Agent', input: {prompt: `${recall} go on`}}]),
      user([{type: 'tool_result', tool_use_id: 't1', content: recall}]),
    )

    expect(lines.map(contentOf)).toEqual([
      'what next?',
      undefined,
      'I was told  that.',
      'Agent: go on',
      undefined,
    ])
    expect(lines[1]).toEqual({kind: 'skipped', reason: 'recall'})
    expect(lines[4]).toEqual({kind: 'skipped', reason: 'recall'})
  })

  test('older releases kept nameless sub-agents in the same file', () => {
    const [line] = parse(user('look for x', {isSidechain: true}))

    expect(line).toMatchObject({message: {sessionId: 'agent-s1'}})
  })
})

describe('tools', () => {
  test('a long result keeps its beginning and its end, where the error stands, and says what is missing', () => {
    const log = `first line\n${'noise '.repeat(5_000)}\nError: the last line`
    const [, result] = parse(
      assistant([{type: 'tool_use', id: 't1', name: 'Bash', input: {command: 'make'}}]),
      user([{type: 'tool_result', tool_use_id: 't1', content: log, is_error: true}]),
    )
    const content = contentOf(result) ?? ''

    expect(result).toMatchObject({kind: 'message', isCut: true, message: {tool: 'Bash', status: 'error'}})
    expect(content.length).toBeLessThanOrEqual(8_000)
    expect(content).toMatch(/^first line\n/)
    expect(content).toMatch(/Error: the last line$/)
    expect(content).toMatch(/\[… 2\d,\d{3} characters left out …\]/)
  })

  test('what was read from a file for secrets, and what was written into it, is not kept', () => {
    const [read, result, written, example] = parse(
      assistant([{type: 'tool_use', id: 't1', name: 'Read', input: {file_path: '/p/.env'}}]),
      user([{type: 'tool_result', tool_use_id: 't1', content: 'PIN is 4711'}]),
      assistant([
        {type: 'tool_use', id: 't2', name: 'Write', input: {file_path: '/p/key.pem', content: 'x4711'}},
      ]),
      assistant([{type: 'tool_use', id: 't3', name: 'Read', input: {file_path: '/p/.env.example'}}]),
    )

    expect(contentOf(read)).toBe('Read: /p/.env [not recorded]')
    expect(result).toEqual({kind: 'skipped', reason: 'ignored'})
    expect(contentOf(written)).toBe('Write: /p/key.pem [not recorded]')
    expect(contentOf(example)).toBe('Read: /p/.env.example')
  })

  test('an interrupted tool did not succeed', () => {
    const [, result] = parse(
      assistant([{type: 'tool_use', id: 't1', name: 'Bash', input: {command: 'make'}}]),
      user([{type: 'tool_result', tool_use_id: 't1', content: 'half'}], {toolUseResult: {interrupted: true}}),
    )

    expect(result).toMatchObject({message: {status: 'error', content: 'half'}})
  })

  test('images are named, not stored', () => {
    const image = {type: 'image', source: {type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo'}}
    const [shown, read_] = parse(
      user([{type: 'text', text: 'see this'}, image]),
      user([{type: 'tool_result', tool_use_id: 't1', content: [image]}]),
    )

    expect(contentOf(shown)).toBe('see this\n[image: image/png]')
    expect(contentOf(read_)).toBe('[image: image/png]')
  })

  test('colours of a terminal are taken off the words', () => {
    const red = `${String.fromCharCode(27)}[31mfailed${String.fromCharCode(27)}[0m`
    const [result] = parse(user([{type: 'tool_result', tool_use_id: 't1', content: `1 ${red} test`}]))

    expect(contentOf(result)).toBe('1 failed test')
  })
})

describe('what can go wrong with a line', () => {
  test.each([
    ['not JSON', '{"type":"user","uuid":', 'not JSON'],
    ['no object', '[1,2]', 'not an object with a type'],
    ['no type', '{"uuid":"u1"}', 'not an object with a type'],
    ['no uuid', '{"type":"user","message":{"content":"hello"}}', 'a message without uuid or session'],
    [
      'nested without end',
      `{"type":"user","uuid":"u","message":{"content":${'[{"type":"tool_result","content":'.repeat(20_000)}"x"${'}]'.repeat(20_000)}}}`,
      'nested too deep',
    ],
  ])('%s is bad', (_, line, reason) => {
    const parser = claudeCode.openParser({path: '/h/s1.jsonl'}, OPTIONS)

    expect(parser.parseLine(line)).toEqual({kind: 'bad', reason})
  })

  test('known fields of a wrong type count as missing', () => {
    const [line] = parse({
      ...user('hello'),
      parentUuid: 7,
      cwd: ['x'],
      timestamp: 'yesterday',
      isMeta: 'no',
      message: {content: 'hello', usage: {input_tokens: 'many'}},
    })

    expect(line).toMatchObject({kind: 'message', message: {content: 'hello'}})
    expect(line).not.toHaveProperty('message.project', expect.anything())
  })

  test.each([
    ['fix/retry', 'fix/retry'],
    ['HEAD', undefined],
    ['', undefined],
    [7, undefined],
    ['x'.repeat(513), undefined],
  ])('checked out %j: the branch is %j', (gitBranch, branch) => {
    const [line] = parse(user('hello', {gitBranch}))

    expect(line).toMatchObject({kind: 'message', message: {content: 'hello', branch}})
  })

  test('a line without a time was said when the one before it was', () => {
    const [, line] = parse(user('a'), user('b', {timestamp: undefined}))

    expect(line).toMatchObject({message: {timestamp: TIME}})
  })
})
