import {Readable} from 'node:stream'
import fc from 'fast-check'
import {describe, expect, onTestFinished, test} from 'vitest'
import {generateMessages} from '../../../bench/messages/conversations.ts'
import {confinedTo, OWNER} from '../../../test/helpers/callers.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {type LocalMemory, openLocalMemory} from '../memory/local-memory.ts'
import type {ExportPage} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import {exportJsonl} from './export-jsonl.ts'
import {type ImportJsonlOptions, importJsonl} from './import-jsonl.ts'

async function openMemory(now = '2026-06-01T00:00:00.000Z'): Promise<LocalMemory> {
  const memory = await openLocalMemory({path: `${tempFolder()}/memory.db`, now: () => new Date(now)})
  onTestFinished(() => memory.close())
  return memory
}

async function exportAll(memory: LocalMemory, workspaceId?: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportJsonl(memory, OWNER, {workspaceId})) lines.push(line)
  return lines
}

function importLines(
  memory: LocalMemory,
  lines: (string | object)[],
  options?: ImportJsonlOptions,
  caller = OWNER,
) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  return importJsonl(memory, caller, Readable.from([Buffer.from(text)]), options)
}

async function readAll(memory: LocalMemory, workspaceId?: string): Promise<ExportPage['messages']> {
  return (await memory.exportPage(OWNER, {workspaceId, cursor: 'm:0'})).messages
}

describe('export', () => {
  test('an export in an empty memory gives identical rows, and the same export again', async () => {
    const original = await openMemory('2026-06-01T00:00:00.000Z')
    const messages = [...generateMessages({count: 2_500})]
    for (let from = 0; from < messages.length; from += 1_000) {
      await original.recordMessages(OWNER, messages.slice(from, from + 1_000))
    }
    await original.recordMessages(OWNER, [{sessionId: 's1', uuid: 'u1', content: 'first'}])
    await original.recordMessages(OWNER, [{sessionId: 's1', uuid: 'u1', content: 'second'}])
    await original.recordSession(OWNER, {sessionId: 's2', project: 'empty', messageCount: 7})
    const lines = await exportAll(original)
    const copy = await openMemory('2030-01-01T00:00:00.000Z')
    const summary = await importLines(copy, lines)

    expect(summary).toMatchObject({messages: 2_501, stored: 2_501, bad: 0})
    expect(summary.sessions).toBe(lines.filter((line) => line.includes('"kind":"session"')).length)
    expect(await exportAll(copy)).toEqual(lines)
    expect(lines.at(-1)).toContain('"content":"second"')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      revision: 2,
      recorded_at: '2026-06-01T00:00:00.000Z',
    })
  })

  test('sessions come before messages, each with its kind', async () => {
    const memory = await openMemory()
    await memory.recordMessages(OWNER, [...generateMessages({count: 200})])
    const kinds = (await exportAll(memory)).map((line) => JSON.parse(line).kind)

    expect(kinds.lastIndexOf('session')).toBeLessThan(kinds.indexOf('message'))
    expect(kinds.filter((kind) => kind === 'message')).toHaveLength(200)
  })

  test('it holds one workspace', async () => {
    const memory = await openMemory()
    await memory.recordMessages(OWNER, [
      {sessionId: 's', uuid: 'u', content: 'secret'},
      {sessionId: 's', uuid: 'u', content: 'there', workspaceId: 'other'},
    ])

    expect((await exportAll(memory, 'other')).join()).not.toContain('secret')
    expect(await exportAll(memory, 'other')).toHaveLength(2)
  })

  test('somebody who may not restore gets messages of their own, with the server’s clock', async () => {
    const original = await openMemory('2026-06-01T00:00:00.000Z')
    await original.recordMessages(OWNER, [{workspaceId: 'team', sessionId: 's', uuid: 'u', content: 'hello'}])
    const copy = await openMemory('2030-01-01T00:00:00.000Z')
    const summary = await importLines(copy, await exportAll(original, 'team'), {}, confinedTo('team'))

    expect(summary).toMatchObject({stored: 1, bad: 0})
    expect(await readAll(copy, 'team')).toMatchObject([
      {content: 'hello', recordedAt: '2030-01-01T00:00:00.000Z', writtenBy: 'only-team'},
    ])
  })
})

describe('lines from elsewhere', () => {
  test('records of an evaluation set', async () => {
    const memory = await openMemory()
    await importLines(memory, [
      {
        workspace: 'w1',
        session: 's1',
        uuid: 'u1',
        author: 'ann',
        type: 'user',
        timestamp: '2026-01-31T12:00:00Z',
        content: 'hi',
      },
    ])

    expect(await readAll(memory, 'w1')).toMatchObject([
      {
        sessionId: 's1',
        uuid: 'u1',
        author: 'ann',
        type: 'user',
        timestamp: '2026-01-31T12:00:00Z',
        content: 'hi',
      },
    ])
  })

  test('message bodies of the wire, unknown fields and nulls included', async () => {
    const memory = await openMemory()
    await importLines(memory, [
      {
        session_id: 's1',
        uuid: 'u1',
        content: 'hi',
        role: null,
        parent_uuid: 'u0',
        input_tokens: 3,
        project: 'acme',
        mood: 'good',
      },
    ])

    expect(await readAll(memory)).toMatchObject([
      {parentUuid: 'u0', inputTokens: 3, project: 'acme', role: null},
    ])
  })

  test('what only an export may say is not believed of other lines', async () => {
    const memory = await openMemory('2026-06-01T00:00:00.000Z')
    await importLines(memory, [
      {
        session_id: 's1',
        uuid: 'u1',
        content: 'hi',
        recorded_at: '1999-01-01T00:00:00Z',
        written_by: 'root',
        revision: 9,
      },
    ])

    expect(await readAll(memory)).toMatchObject([
      {recordedAt: '2026-06-01T00:00:00.000Z', writtenBy: 'shared', revision: 1},
    ])
  })

  test('without a uuid: a repeated import doubles nothing, and two equal words stay two', async () => {
    const memory = await openMemory()
    const lines = [
      {session_id: 's1', content: 'yes'},
      {session_id: 's1', content: 'yes'},
      {session_id: 's2', content: 'yes'},
      {session_id: 's1', content: 'at noon', timestamp: '2026-01-01T12:00:00Z'},
    ]
    await importLines(memory, lines)
    await importLines(memory, lines)
    await importLines(memory, [{session_id: 's9', content: 'new'}, ...lines.slice(3)])

    expect((await readAll(memory)).map(({sessionId, content}) => `${sessionId} ${content}`)).toEqual([
      's1 yes',
      's1 yes',
      's2 yes',
      's1 at noon',
      's9 new',
    ])
  })

  test('a workspace for lines that name none, or for all', async () => {
    const lines = [
      {session_id: 's', uuid: 'u1', content: 'a'},
      {session_id: 's', uuid: 'u2', content: 'b', workspace_id: 'named'},
    ]
    const memory = await openMemory()
    await importLines(memory, lines, {workspaceId: 'fallback'})
    await importLines(memory, lines, {intoWorkspaceId: 'all'})

    expect((await readAll(memory, 'fallback')).map(({uuid}) => uuid)).toEqual(['u1'])
    expect((await readAll(memory, 'named')).map(({uuid}) => uuid)).toEqual(['u2'])
    expect((await readAll(memory, 'all')).map(({uuid}) => uuid)).toEqual(['u1', 'u2'])
  })

  test('each bad line is named with its number and costs itself', async () => {
    const memory = await openMemory()
    const summary = await importLines(memory, [
      {session_id: 's', uuid: 'u1', content: 'kept'},
      '{"session_id":',
      '',
      '[]',
      {uuid: 'u2', content: 'no session'},
      {session_id: 's', uuid: 'u3'},
      {session_id: 's', uuid: 4, content: 'x'},
      {session_id: 's', uuid: 'u5', content: 'x', timestamp: 'yesterday'},
      {kind: 'session', session_id: 's', first_message_at: 'long ago'},
      {session_id: 's', uuid: 'u6', content: 'kept too'},
    ])

    expect((await readAll(memory)).map(({uuid}) => uuid)).toEqual(['u1', 'u6'])
    expect(summary).toMatchObject({lines: 9, stored: 2, bad: 7})
    expect(summary.problems.sort((a, b) => a.line - b.line)).toEqual([
      {line: 2, reason: 'not JSON'},
      {line: 4, reason: 'not an object'},
      {line: 5, reason: 'no session_id'},
      {line: 6, reason: 'no content'},
      {line: 7, reason: 'uuid is not text'},
      {line: 8, reason: expect.stringContaining('timestamp is not an ISO 8601 date')},
      {line: 9, reason: expect.stringContaining('first_message_at is not an ISO 8601 date')},
    ])
  })

  test('Windows line ends, a mark of the byte order, chunks that cut characters', async () => {
    const memory = await openMemory()
    const bytes = Buffer.from(
      `\uFEFF{"session_id":"s","uuid":"u1","content":"日本語 😀"}\r\n{"session_id":"s","uuid":"u2","content":"é"}\r\n`,
    )
    const chunks = Array.from(bytes, (byte) => Buffer.from([byte]))
    await importJsonl(memory, OWNER, Readable.from(chunks))

    expect((await readAll(memory)).map(({content}) => content)).toEqual(['日本語 😀', 'é'])
  })

  test('content over the limit is stored cut, and counted', async () => {
    const memory = await openMemory()

    expect(
      await importLines(memory, [{session_id: 's', uuid: 'u', content: 'x'.repeat(60_000)}]),
    ).toMatchObject({
      stored: 1,
      truncated: 1,
    })
  })

  test('whatever the bytes are, the import ends and counts', async () => {
    const memory = await openMemory()

    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({maxLength: 200}), {maxLength: 5}), async (chunks) => {
        const summary = await importJsonl(
          memory,
          OWNER,
          Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
        )
        expect(summary.bad).toBe(summary.lines)
      }),
    )
  })

  test('a signal ends it', async () => {
    const memory = await openMemory()
    const summary = await importLines(memory, [{session_id: 's', uuid: 'u', content: 'x'}], {
      signal: AbortSignal.abort(),
    })

    expect(summary).toMatchObject({interrupted: true, stored: 0})
  })

  test('a memory that fails for good fails the import', async () => {
    const memory = {
      recordSession: async () => undefined,
      recordMessages: async () => {
        throw new BmfoteError('database_full', 'There is no space left.')
      },
    }
    const lines = Readable.from(['{"session_id":"s","uuid":"u","content":"x"}'])

    await expect(importJsonl(memory, OWNER, lines)).rejects.toMatchObject({code: 'database_full'})
  })
})
