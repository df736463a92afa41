import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {generateMessages} from '../../../bench/generate-messages.ts'
import {OWNER} from '../../../test/helpers/callers.ts'
import {plantErrors} from '../../../test/helpers/planted-errors.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import type {NewMessage} from '../model/message.ts'
import {openLocalMemory} from './local-memory.ts'
import type {Memory} from './memory.ts'

async function memoryOf(messages: readonly NewMessage[]): Promise<Memory> {
  const memory = await openLocalMemory({path: join(tempFolder(), 'memory.db')})
  onTestFinished(() => memory.close())
  for (let at = 0; at < messages.length; at += 1_000) {
    await memory.recordMessages(OWNER, messages.slice(at, at + 1_000))
  }
  return memory
}

function conversation(sessionId: string, lines: readonly Partial<NewMessage>[]): NewMessage[] {
  return lines.map((line, n) => ({
    sessionId,
    uuid: `${sessionId}-${n}`,
    type: 'assistant',
    timestamp: new Date(Date.parse('2026-03-02T09:00:00Z') + n * 60_000).toISOString(),
    ...line,
  }))
}
const failed = (content: string): Partial<NewMessage> => ({
  type: 'user',
  role: 'tool',
  tool: 'Bash',
  status: 'error',
  content,
})
const bash = (content: string): Partial<NewMessage> => ({tool: 'Bash', content: `Bash: ${content}`})
const went = (content: string): Partial<NewMessage> => ({...failed(content), status: 'ok'})

test('of 100 errors that come back with other paths, numbers and dates the fix is in the top 3', {
  timeout: 120_000,
}, async () => {
  const planted = plantErrors()
  const memory = await memoryOf([
    ...generateMessages({count: 4_000, seed: 3}),
    ...planted.flatMap(({session}) => session),
    ...generateMessages({count: 4_000, seed: 4}),
  ])

  const missed: string[] = []
  for (const {query, fix} of planted) {
    const matches = await memory.findErrors(OWNER, {error: query, limit: 3})
    if (!matches.some(({solution}) => solution?.includes(fix))) missed.push(query)
    for (const match of matches) {
      expect(match.errorContext.length).toBeLessThanOrEqual(800)
      expect(match.solution?.length ?? 0).toBeLessThanOrEqual(800)
    }
  }

  expect(planted).toHaveLength(100)
  expect(missed.length, missed.join('\n---\n')).toBeLessThanOrEqual(5)
})

describe('the solution', () => {
  test('is the edits and commands up to the success of what failed, and the words that say so', async () => {
    const memory = await memoryOf(
      conversation('s', [
        bash('npm test'),
        failed('Error: pool is closed'),
        {content: 'Let me look.'},
        bash('cat src/pool.ts'),
        went('export class Pool {}'),
        {tool: 'Edit', content: 'Edit: src/pool.ts\n- close()\n+ await drain()'},
        {...went('updated'), tool: 'Edit'},
        bash('npm install undici'),
        went('added 1 package'),
        bash('npm test'),
        went('12 passed'),
        {content: 'The pool was closed before its last query; now it drains first.'},
        {type: 'user', content: 'Now paint the button blue, and make it larger than all of the others.'},
        {tool: 'Edit', content: 'Edit: src/button.ts\n- red\n+ blue'},
      ]),
    )

    const [match] = await memory.findErrors(OWNER, {error: 'Error: pool is closed'})

    expect(match?.solution).toBe(
      [
        'Edit: src/pool.ts\n- close()\n+ await drain()',
        'Bash: npm install undici',
        'Bash: npm test',
        'The pool was closed before its last query; now it drains first.',
      ].join('\n'),
    )
  })

  test('leaves out what was tried and failed', async () => {
    const memory = await memoryOf(
      conversation('s', [
        bash('make'),
        failed('ld: cannot find -lfoo'),
        bash('apt install foo'),
        failed('E: Unable to locate package foo'),
        bash('apt install libfoo-dev'),
        went('done'),
        bash('make'),
        went('built'),
      ]),
    )

    const [match] = await memory.findErrors(OWNER, {error: 'ld: cannot find -lfoo'})

    expect(match?.solution).toBe('Bash: apt install libfoo-dev\nBash: make')
  })

  test('has room for each part when all are long', async () => {
    const memory = await memoryOf(
      conversation('s', [
        bash('make'),
        failed('ld: cannot find -lfoo'),
        {tool: 'Edit', content: `Edit: Makefile\n${'+ line\n'.repeat(300)}`},
        {...went('updated'), tool: 'Edit'},
        bash('make'),
        went('built'),
        {content: `Linked statically. ${'Because of that. '.repeat(100)}`},
      ]),
    )

    const [match] = await memory.findErrors(OWNER, {error: 'ld: cannot find -lfoo'})

    expect(match?.solution?.length).toBeLessThanOrEqual(800)
    for (const part of ['Edit: Makefile', 'Bash: make', 'Linked statically.']) {
      expect(match?.solution).toContain(part)
    }
  })

  test('is null where nothing followed', async () => {
    const memory = await memoryOf(conversation('s', [failed('ld: cannot find -lfoo')]))

    expect(await memory.findErrors(OWNER, {error: 'ld: cannot find -lfoo'})).toMatchObject([{solution: null}])
  })
})

test.each([
  "psycopg2.errors.UndefinedTable: relation 'ledger_entries' does not exist",
  "error[E0502]: cannot borrow 'buf' as mutable because it is also borrowed as immutable",
  'java.lang.OutOfMemoryError: Metaspace',
  'FATAL: password authentication failed for user deploy',
  'net::ERR_CERT_AUTHORITY_INVALID',
  'fatal: refusing to merge unrelated histories',
  'npm ERR! code EINTEGRITY',
  'terraform: Error acquiring the state lock: ConditionalCheckFailedException',
  'ValueError: operands could not be broadcast together with shapes (3,) (4,)',
  "CORS policy: No 'Access-Control-Allow-Origin' header is present",
])('an error that was never met has no answer: %s', async (error) => {
  const memory = await memoryOf([...generateMessages({count: 1_000, seed: 3})])

  expect(await memory.findErrors(OWNER, {error})).toEqual([])
})

describe('the order', () => {
  test('is the very error, then the same with other names, then what is only related', async () => {
    const memory = await memoryOf([
      ...conversation('related', [{type: 'user', content: 'Modules that cannot be found are annoying.'}]),
      ...conversation('other', [
        failed("Error: Cannot find module 'left-pad'"),
        {content: 'npm install left-pad'},
      ]),
      ...conversation('same', [failed("Error: Cannot find module 'zod'"), {content: 'npm install zod'}]),
    ])

    const matches = await memory.findErrors(OWNER, {error: "Error: Cannot find module 'zod'"})

    expect(matches.map(({sessionId}) => sessionId)).toEqual(['same', 'other', 'related'])
  })

  test('of one error in many sessions starts where it was fixed', async () => {
    const memory = await memoryOf([
      ...conversation('a', [bash('x'), failed('Error: spline reticulation failed')]),
      ...conversation('b', [
        bash('x'),
        failed('Error: spline reticulation failed'),
        bash('reticulate --all'),
        went('ok'),
        bash('x'),
        went('ok'),
      ]),
      ...conversation('c', [bash('x'), failed('Error: spline reticulation failed'), {content: 'Hm.'}]),
    ])

    const matches = await memory.findErrors(OWNER, {error: 'Error: spline reticulation failed'})

    expect(matches[0]).toMatchObject({sessionId: 'b', solution: 'Bash: reticulate --all\nBash: x'})
  })

  test('shows a session once, however often it met the error', async () => {
    const memory = await memoryOf(
      conversation('s', [
        failed('Error: spline reticulation failed'),
        failed('retry 1\nError: spline reticulation failed'),
        failed('retry 2 with other output\nError: spline reticulation failed'),
        {content: 'Fixed by restarting the reticulator.'},
      ]),
    )

    expect(await memory.findErrors(OWNER, {error: 'Error: spline reticulation failed'})).toHaveLength(1)
  })
})

test('the context is the part of a long log that has the error', async () => {
  const log = Array.from({length: 400}, (_, n) => `step ${n} of the build is through`)
  log[200] = 'Error: spline reticulation failed'
  const memory = await memoryOf(conversation('s', [failed(log.join('\n'))]))

  const [match] = await memory.findErrors(OWNER, {error: 'Error: spline reticulation failed'})

  expect(match?.errorContext).toContain('Error: spline reticulation failed')
  expect(match?.errorContext.length).toBeLessThanOrEqual(800)
})

test.each([
  '',
  '   ',
  '"',
  '(((',
  '\u0000',
  '\ud800',
  'AND',
  'x'.repeat(100_000),
  'Error: '.repeat(10_000),
  "'".repeat(5_000),
])('whatever the error says (%#), it is no failure', async (error) => {
  const memory = await memoryOf(conversation('s', [failed('Error: spline reticulation failed')]))

  expect(await memory.findErrors(OWNER, {error})).toBeInstanceOf(Array)
})
