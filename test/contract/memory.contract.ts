import {describe, expect, test} from 'vitest'
import type {Memory} from '../../src/lib/memory/memory.ts'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {OWNER} from '../helpers/callers.ts'

export interface MemoryFixture {
  memory: Memory
  close(): Promise<void>
}

const MONDAY = '2026-03-02T09:00:00Z'

/** What every Memory must do, whatever is behind it. Times are the real clock's: the implementations may be far away. */
export function describeMemory(name: string, open: () => Promise<MemoryFixture>): void {
  const withMemory = (sentence: string, check: (memory: Memory) => Promise<void>) =>
    test(sentence, async () => {
      const fixture = await open()
      try {
        await check(fixture.memory)
      } finally {
        await fixture.close()
      }
    })

  describe(`${name}: recording`, () => {
    withMemory('a message comes back whole, with who wrote it and when', async (memory) => {
      const message = {
        sessionId: 's1',
        uuid: 'u1',
        content: 'The ICP is small law firms.',
        type: 'assistant',
        role: 'assistant',
        parentUuid: 'u0',
        model: 'claude-x',
        inputTokens: 12,
        outputTokens: 34,
        timestamp: MONDAY,
        author: 'ana',
        source: 'cursor',
        machine: 'laptop',
        project: 'acme',
        tool: 'Bash',
        status: 'ok',
        branch: 'fix/retry',
      }

      const [result] = await memory.recordMessages(OWNER, [message])
      const stored = await memory.getMessage(OWNER, {uuid: 'u1', context: 0})

      expect(result).toEqual({uuid: 'u1', workspaceId: 'bmfote-default', status: 'ok'})
      expect(stored).toMatchObject({
        ...message,
        workspaceId: 'bmfote-default',
        writtenBy: 'shared',
        revision: 1,
      })
      expect(Math.abs(Date.parse(stored?.recordedAt ?? '') - Date.now())).toBeLessThan(60_000)
    })

    withMemory('one bad message costs itself only', async (memory) => {
      const results = await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: 'good-1', content: 'a'},
        {sessionId: 's', uuid: 'bad', content: 'b', timestamp: 'half past nine'},
        {sessionId: 's\u0000', uuid: 'bad-too', content: 'c'},
        {sessionId: 's', uuid: 'good-2', content: 'd'},
      ])

      expect(results.map((result) => result.status)).toEqual(['ok', 'error', 'error', 'ok'])
      expect(results[1]?.error).toContain('timestamp')
      expect((await memory.getStats(OWNER, {})).messages).toBe(2)
    })

    withMemory('said again, a message is updated, never doubled', async (memory) => {
      await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'the draft', model: 'm1'}])
      await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: 'u', content: 'the finished text', outputTokens: 7},
      ])
      await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u'}])

      const stored = await memory.getMessage(OWNER, {uuid: 'u'})

      expect(stored).toMatchObject({content: 'the finished text', model: 'm1', outputTokens: 7, revision: 2})
      expect((await memory.getStats(OWNER, {})).messages).toBe(1)
      expect(await memory.searchMessages(OWNER, {query: 'finished'})).toHaveLength(1)
      expect(await memory.searchMessages(OWNER, {query: 'draft'})).toEqual([])
    })

    withMemory('content over 50,000 characters is stored cut, and says by how much', async (memory) => {
      const [result] = await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: 'long', content: `${'x'.repeat(60_000)}end`},
        {sessionId: 's', uuid: 'emoji', content: '🙂'.repeat(50_000)},
      ])
      const long = await memory.getMessage(OWNER, {uuid: 'long'})
      const emoji = await memory.getMessage(OWNER, {uuid: 'emoji'})

      expect(result).toMatchObject({status: 'ok', truncated: true})
      expect(long?.content.length).toBeLessThanOrEqual(50_000)
      expect(long?.content).toMatch(/60003 characters, of which the first 49900 are kept\]$/)
      expect(emoji?.content).toBe('🙂'.repeat(50_000))
    })

    withMemory('NUL and half surrogates become U+FFFD', async (memory) => {
      await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'a\u0000b\ud800c'}])

      expect((await memory.getMessage(OWNER, {uuid: 'u'}))?.content).toBe('a\ufffdb\ufffdc')
    })

    withMemory('ids are opaque: any text of 1 to 256 characters', async (memory) => {
      const ids = ['x', 'ü/ß?#%&', "'; DROP TABLE messages; --", '../../etc/passwd', '会話', 'a'.repeat(256)]

      const results = await memory.recordMessages(
        OWNER,
        ids.map((id) => ({sessionId: id, uuid: id, content: id})),
      )
      const tooLong = await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'a'.repeat(257)}])

      expect(results.every((result) => result.status === 'ok')).toBe(true)
      expect(tooLong[0]?.status).toBe('error')
      for (const id of ids) {
        expect(await memory.getMessage(OWNER, {uuid: id, sessionId: id})).toMatchObject({
          uuid: id,
          sessionId: id,
        })
        expect(await memory.listRecent(OWNER, {sessionId: id})).toHaveLength(1)
      }
    })

    withMemory('more than 1,000 messages in one call are refused', async (memory) => {
      const messages = Array.from({length: 1_001}, (_, n) => ({sessionId: 's', uuid: `u${n}`}))

      await expect(memory.recordMessages(OWNER, messages)).rejects.toMatchObject({code: 'too_large'})
    })

    withMemory('a session keeps what was said of it when a field is left out', async (memory) => {
      await memory.recordSession(OWNER, {
        sessionId: 's',
        project: 'acme',
        firstMessageAt: MONDAY,
        messageCount: 7,
      })
      await memory.recordSession(OWNER, {sessionId: 's', lastMessageAt: '2026-03-03T09:00:00Z'})

      const [session] = await memory.listSessions(OWNER, {})

      expect(session).toEqual({
        workspaceId: 'bmfote-default',
        sessionId: 's',
        project: 'acme',
        firstMessageAt: MONDAY,
        lastMessageAt: '2026-03-03T09:00:00Z',
        messageCount: 7,
      })
    })

    withMemory('a message makes its session, with dates and count', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: '2', timestamp: '2026-03-02T10:00:00+01:00', project: 'acme'},
        {sessionId: 's', uuid: '3', timestamp: '2026-03-02T11:30:00Z'},
        {sessionId: 's', uuid: '1', timestamp: '2026-03-02 08:30:00'},
      ])

      const [session] = await memory.listSessions(OWNER, {project: 'acme'})

      expect(session).toMatchObject({
        firstMessageAt: '2026-03-02 08:30:00',
        lastMessageAt: '2026-03-02T11:30:00Z',
        messageCount: 3,
      })
    })
  })

  describe(`${name}: forks`, () => {
    const fork = async (memory: Memory) => {
      const line = (sessionId: string, uuid: string, content: string, minute: number): NewMessage => ({
        sessionId,
        uuid,
        content,
        timestamp: `2026-03-02T09:0${minute}:00Z`,
      })
      await memory.recordMessages(OWNER, [
        line('first', 'a', 'shall we use gRPC', 1),
        line('first', 'b', 'yes', 2),
      ])
      await memory.recordMessages(OWNER, [
        line('fork', 'a', 'shall we use gRPC', 1),
        line('fork', 'c', 'no', 3),
      ])
    }

    withMemory('each keeps its whole conversation', async (memory) => {
      await fork(memory)

      const first = await memory.listRecent(OWNER, {sessionId: 'first'})
      const forked = await memory.listRecent(OWNER, {sessionId: 'fork'})

      expect(first.map((message) => message.uuid)).toEqual(['b', 'a'])
      expect(forked.map((message) => message.uuid)).toEqual(['c', 'a'])
    })

    withMemory('a search shows the repeated message once, and the fork its own copy', async (memory) => {
      await fork(memory)

      const everywhere = await memory.searchMessages(OWNER, {query: 'gRPC'})
      const inFork = await memory.searchMessages(OWNER, {query: 'gRPC', sessionId: 'fork'})

      expect(everywhere.map((hit) => hit.sessionId)).toEqual(['first'])
      expect(inFork.map((hit) => hit.sessionId)).toEqual(['fork'])
    })

    withMemory('the earliest copy is opened, or the one of a session', async (memory) => {
      await fork(memory)

      expect((await memory.getMessage(OWNER, {uuid: 'a'}))?.after[0]?.uuid).toBe('b')
      expect((await memory.getMessage(OWNER, {uuid: 'a', sessionId: 'fork'}))?.after[0]?.uuid).toBe('c')
    })
  })

  describe(`${name}: reading`, () => {
    withMemory('context is the conversation around, in the order it was said', async (memory) => {
      const messages = [1, 2, 3, 4, 5, 6].map((n) => ({
        sessionId: 's',
        uuid: `u${n}`,
        content: `line ${n}`,
        timestamp: `2026-03-02T09:00:0${n}Z`,
      }))
      await memory.recordMessages(OWNER, messages.toReversed())

      const found = await memory.getMessage(OWNER, {uuid: 'u4', context: 2})
      const clamped = await memory.getMessage(OWNER, {uuid: 'u4', context: 99})

      expect(found?.before.map((message) => message.uuid)).toEqual(['u2', 'u3'])
      expect(found?.after.map((message) => message.uuid)).toEqual(['u5', 'u6'])
      expect(clamped?.before).toHaveLength(3)
      expect(await memory.getMessage(OWNER, {uuid: 'nobody'})).toBeNull()
    })

    withMemory('recent is by when it was said, newest first, within the hours', async (memory) => {
      const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
      await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: 'old', timestamp: ago(30)},
        {sessionId: 's', uuid: 'newer', timestamp: ago(1)},
        {sessionId: 's', uuid: 'new', timestamp: ago(2)},
      ])

      const uuids = async (query: {hours?: number; limit?: number; sessionId?: string}) =>
        (await memory.listRecent(OWNER, query)).map((message) => message.uuid)

      expect(await uuids({})).toEqual(['newer', 'new'])
      expect(await uuids({hours: 48})).toEqual(['newer', 'new', 'old'])
      expect(await uuids({hours: 48, limit: 1})).toEqual(['newer'])
      expect(await uuids({sessionId: 's', hours: 1})).toEqual(['newer', 'new', 'old'])
    })

    withMemory('a project lists its messages, newest first', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 'a', uuid: '1', project: 'acme', timestamp: '2026-03-01T00:00:00Z'},
        {sessionId: 'b', uuid: '2', project: 'acme', timestamp: '2026-03-03T00:00:00Z'},
        {sessionId: 'c', uuid: '3', project: 'other', timestamp: '2026-03-02T00:00:00Z'},
      ])

      const listed = await memory.listProject(OWNER, {project: 'acme'})

      expect(listed.map((message) => message.uuid)).toEqual(['2', '1'])
    })

    withMemory('sessions come newest first, page by page', async (memory) => {
      for (const day of [1, 2, 3]) {
        await memory.recordMessages(OWNER, [
          {sessionId: `s${day}`, uuid: `u${day}`, timestamp: `2026-03-0${day}T00:00:00Z`},
        ])
      }

      const page = await memory.listSessions(OWNER, {limit: 2})
      const next = await memory.listSessions(OWNER, {limit: 2, before: page.at(-1)?.lastMessageAt ?? ''})

      expect(page.map((session) => session.sessionId)).toEqual(['s3', 's2'])
      expect(next.map((session) => session.sessionId)).toEqual(['s1'])
    })

    withMemory('stats count messages and sessions and know the first and the last', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 'a', uuid: '1', timestamp: '2026-03-01T00:00:00Z'},
        {sessionId: 'b', uuid: '2', timestamp: '2026-03-05T00:00:00Z'},
        {workspaceId: 'other', sessionId: 'b', uuid: '2', timestamp: '2026-02-01T00:00:00Z'},
      ])

      expect(await memory.getStats(OWNER, {})).toEqual({
        messages: 3,
        sessions: 3,
        firstMessage: '2026-02-01T00:00:00Z',
        lastMessage: '2026-03-05T00:00:00Z',
      })
      expect(await memory.getStats(OWNER, {workspaceId: 'other'})).toEqual({
        messages: 1,
        sessions: 1,
        firstMessage: '2026-02-01T00:00:00Z',
        lastMessage: '2026-02-01T00:00:00Z',
        workspaceId: 'other',
      })
    })

    withMemory('an empty memory answers everything', async (memory) => {
      expect(await memory.searchMessages(OWNER, {query: 'anything'})).toEqual([])
      expect(await memory.findErrors(OWNER, {error: 'ENOENT'})).toEqual([])
      expect(await memory.getStats(OWNER, {})).toEqual({
        messages: 0,
        sessions: 0,
        firstMessage: null,
        lastMessage: null,
      })
      expect(await memory.listSessions(OWNER, {})).toEqual([])
      await memory.checkHealth()
    })
  })

  describe(`${name}: recalling`, () => {
    const line = (uuid: string, content: string, more: Partial<NewMessage> = {}): NewMessage => ({
      sessionId: 's',
      uuid,
      content,
      project: 'acme',
      author: 'ana',
      timestamp: MONDAY,
      ...more,
    })

    withMemory('a question brings back one block of quoted text, and whom it quotes', async (memory) => {
      await memory.recordMessages(OWNER, [
        line('icp', 'We agreed on the ICP: law firms of 5 to 20 people.'),
        line('lunch', 'Lunch was good.', {sessionId: 't'}),
      ])

      const recalled = await memory.recall(OWNER, {
        query: 'what was the ICP?',
        now: '2026-03-03T09:00:00+02:00',
      })

      expect(recalled.uuids).toEqual(['icp'])
      expect(recalled.text).toMatch(/^<bmfote-recall>\n[\s\S]*\n<\/bmfote-recall>$/)
      expect(recalled.text).toContain(
        '2026-03-02 11:00 ana: We agreed on the ICP: law firms of 5 to 20 people. [icp]',
      )
    })

    withMemory('nothing comes back where nothing is worth saying', async (memory) => {
      await memory.recordMessages(OWNER, [line('icp', 'We agreed on the ICP: law firms of 5 to 20 people.')])
      const nothing = {text: '', uuids: []}

      expect(await memory.recall(OWNER, {query: 'How tall is Mount Kilimanjaro?'})).toEqual(nothing)
      expect(await memory.recall(OWNER, {query: 'ICP', workspaceId: 'other'})).toEqual(nothing)
      expect(await memory.recall(OWNER, {project: 'nobody'})).toEqual(nothing)
      expect(await memory.recall(OWNER, {sessionId: 'nobody'})).toEqual(nothing)
    })

    withMemory('a project gives what was remembered, then what was last done', async (memory) => {
      await memory.recordMessages(OWNER, [
        line('ask', 'Rename the table'),
        line('did', 'Renamed.', {type: 'assistant', timestamp: '2026-03-02T09:01:00Z'}),
      ])
      const {uuid} = await memory.remember(OWNER, {content: 'Ship on Tuesdays', project: 'acme'})

      expect((await memory.recall(OWNER, {project: 'acme'})).uuids).toEqual([uuid, 'ask', 'did'])
      expect((await memory.recall(OWNER, {sessionId: 's'})).uuids).toEqual(['ask', 'did'])
    })

    withMemory('it stays within the budget, which is brought into range', async (memory) => {
      const long = 'walrus '.repeat(900)
      await memory.recordMessages(
        OWNER,
        [1, 2, 3, 4, 5].map((n) => line(`w${n}`, `${n} ${long}`, {sessionId: `s${n}`})),
      )
      const lengthOf = async (budget?: number) =>
        (await memory.recall(OWNER, {query: 'walrus', budget})).text.length

      expect(await lengthOf(700)).toBeLessThanOrEqual(700)
      expect(await lengthOf(1)).toBeLessThanOrEqual(500)
      expect(await lengthOf(1)).toBeGreaterThan(0)
      expect(await lengthOf()).toBeGreaterThan(700)
    })

    withMemory('without a question, a project or a session it is refused', async (memory) => {
      await expect(memory.recall(OWNER, {})).rejects.toMatchObject({code: 'invalid_input'})
    })
  })

  describe(`${name}: searching`, () => {
    withMemory('answers a whole question', async (memory) => {
      await memory.recordMessages(OWNER, [
        {
          sessionId: 's',
          uuid: 'icp',
          content: 'We agreed on the ICP: law firms of 5 to 20 people.',
          author: 'ana',
          source: 'mcp',
          project: 'acme',
        },
        {sessionId: 's', uuid: 'lunch', content: 'Lunch was good.'},
      ])

      const [hit, ...rest] = await memory.searchMessages(OWNER, {
        query: 'what was the ICP we agreed on last Tuesday?',
      })

      expect(rest).toEqual([])
      expect(hit).toMatchObject({uuid: 'icp', sessionId: 's', author: 'ana', source: 'mcp', project: 'acme'})
      expect(hit?.snippet).toContain('>>>ICP<<<')
      expect(hit?.rank).toBeLessThan(0)
    })

    withMemory('takes metacharacters for text and never fails', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: 'u', content: 'error: foo-bar (baz) "quoted" in src/lib/a.ts'},
      ])
      const queries = [
        'foo-bar',
        '"',
        '""',
        "it's",
        'a:b',
        '(',
        ')',
        '*',
        '^',
        'AND',
        'NOT foo',
        'foo AND',
        'NEAR(',
        'src/lib/a.ts',
        '',
        '   ',
        '\u0000',
        '\ud800',
        'x'.repeat(20_000),
        'word '.repeat(5_000),
        '-foo',
        '{col}: x',
        'content:foo',
        '+',
        "'; --",
      ]

      for (const query of queries)
        expect(await memory.searchMessages(OWNER, {query}), query.slice(0, 40)).toBeInstanceOf(Array)
      for (const query of ['foo-bar', 'src/lib/a.ts', 'NOT foo', 'content:foo']) {
        expect(await memory.searchMessages(OWNER, {query}), query).toHaveLength(1)
      }
    })

    withMemory('honours FTS5 syntax that is meant', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: '1', content: 'deploy the blue service'},
        {sessionId: 's', uuid: '2', content: 'the service deploy is blue'},
        {sessionId: 's', uuid: '3', content: 'deploy nothing'},
      ])
      const uuids = async (query: string) =>
        (await memory.searchMessages(OWNER, {query})).map((hit) => hit.uuid).sort()

      expect(await uuids('deploy AND service')).toEqual(['1', '2'])
      expect(await uuids('deploy NOT service')).toEqual(['3'])
      expect(await uuids('"deploy the blue"')).toEqual(['1'])
      expect(await uuids('serv*')).toEqual(['1', '2'])
    })

    withMemory('filters by type, author, source, project, session and date', async (memory) => {
      await memory.recordMessages(OWNER, [
        {
          sessionId: 'a',
          uuid: '1',
          content: 'alpha',
          type: 'user',
          author: 'ana',
          source: 'cli',
          project: 'p',
          timestamp: '2026-03-01T00:00:00Z',
        },
        {
          sessionId: 'b',
          uuid: '2',
          content: 'alpha',
          type: 'assistant',
          author: 'bo',
          source: 'mcp',
          project: 'q',
          timestamp: '2026-03-05T00:00:00Z',
        },
      ])
      const uuids = async (filter: object) =>
        (await memory.searchMessages(OWNER, {query: 'alpha', ...filter})).map((hit) => hit.uuid).sort()

      expect(await uuids({})).toEqual(['1', '2'])
      expect(await uuids({type: 'assistant'})).toEqual(['2'])
      expect(await uuids({author: 'ana'})).toEqual(['1'])
      expect(await uuids({source: 'mcp'})).toEqual(['2'])
      expect(await uuids({project: 'p'})).toEqual(['1'])
      expect(await uuids({sessionId: 'b'})).toEqual(['2'])
      expect(await uuids({since: '2026-03-02'})).toEqual(['2'])
      expect(await uuids({until: '2026-03-02'})).toEqual(['1'])
    })

    withMemory('an error is found with what was said to it', async (memory) => {
      await memory.recordMessages(OWNER, [
        {
          sessionId: 's',
          uuid: '1',
          content: 'npm ERR! ENOENT: no such file package.json',
          type: 'user',
          role: 'tool',
          tool: 'Bash',
          status: 'error',
          timestamp: '2026-03-01T00:00:01Z',
        },
        {
          sessionId: 's',
          uuid: '2',
          content: 'You were in the wrong folder; cd app first.',
          type: 'assistant',
          timestamp: '2026-03-01T00:00:02Z',
        },
      ])

      const [match] = await memory.findErrors(OWNER, {error: 'ENOENT: no such file'})

      expect(match).toMatchObject({
        uuid: '1',
        sessionId: 's',
        solution: 'You were in the wrong folder; cd app first.',
      })
      expect(match?.errorContext).toContain('ENOENT')
    })
  })

  describe(`${name}: remembering and forgetting`, () => {
    withMemory('a remembered fact is found like any message', async (memory) => {
      const remembered = await memory.remember(OWNER, {
        content: 'Deploys happen on Mondays',
        topic: 'ops',
        project: 'acme',
        author: 'ana',
      })

      const stored = await memory.getMessage(OWNER, {uuid: remembered.uuid})
      const [hit] = await memory.searchMessages(OWNER, {query: 'when do deploys happen'})

      expect(remembered).toMatchObject({sessionId: 'agent-memory-acme', workspaceId: 'bmfote-default'})
      expect(stored).toMatchObject({
        type: 'assistant',
        project: 'acme',
        author: 'ana',
        content: '[ops]\nDeploys happen on Mondays',
      })
      expect(hit?.uuid).toBe(remembered.uuid)
    })

    withMemory('a secret is not stored, neither in a message nor in what is remembered', async (memory) => {
      await memory.recordMessages(OWNER, [{sessionId: 's', uuid: 'u', content: 'DB_PASSWORD=q8Rk2LmW9xTz'}])
      const {uuid} = await memory.remember(OWNER, {content: 'x', topic: 'PGPASSWORD=q8Rk2LmW9xTz'})
      const remembered = await memory.getMessage(OWNER, {uuid})

      expect((await memory.getMessage(OWNER, {uuid: 'u'}))?.content).toBe('DB_PASSWORD=[redacted:password]')
      expect(remembered?.content).toContain('PGPASSWORD=[redacted:password]')
    })

    withMemory('nothing to remember is refused with a sentence', async (memory) => {
      await expect(memory.remember(OWNER, {content: ' \n'})).rejects.toMatchObject({code: 'invalid_input'})
    })

    withMemory('a deleted message is gone from every read and does not come back', async (memory) => {
      const message = {sessionId: 's', uuid: 'secret', content: 'the codename is marigold', timestamp: MONDAY}
      await memory.recordMessages(OWNER, [
        message,
        {...message, sessionId: 'fork'},
        {sessionId: 's', uuid: 'other', timestamp: MONDAY},
      ])

      const counted = await memory.deleteMessages(OWNER, {uuid: 'secret', dryRun: true})
      const {deleted} = await memory.deleteMessages(OWNER, {uuid: 'secret'})
      const replay = await memory.recordMessages(OWNER, [message, {...message, sessionId: 'later-fork'}])

      expect([counted.deleted, deleted]).toEqual([2, 2])
      expect(replay.map((result) => result.status)).toEqual(['deleted', 'deleted'])
      expect(await memory.searchMessages(OWNER, {query: 'marigold'})).toEqual([])
      expect(await memory.getMessage(OWNER, {uuid: 'secret'})).toBeNull()
      expect((await memory.getStats(OWNER, {})).messages).toBe(1)
      expect(await memory.deleteMessages(OWNER, {uuid: 'secret'})).toEqual({deleted: 0})
    })

    withMemory('a deleted session stays away, with what a spool still holds of it', async (memory) => {
      await memory.recordMessages(OWNER, [{sessionId: 's', uuid: '1', project: 'acme', timestamp: MONDAY}])

      await memory.deleteMessages(OWNER, {sessionId: 's'})
      await memory.recordSession(OWNER, {sessionId: 's', project: 'acme'})
      const late = await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: '1'},
        {sessionId: 's', uuid: '2', timestamp: MONDAY},
      ])
      const sessions = await memory.listSessions(OWNER, {})
      const afterwards = await memory.recordMessages(OWNER, [
        {sessionId: 's', uuid: '3', timestamp: new Date(Date.now() + 60_000).toISOString()},
      ])

      expect(late.map((result) => result.status)).toEqual(['deleted', 'deleted'])
      expect(sessions).toEqual([])
      expect(afterwards[0]?.status).toBe('ok')
    })

    withMemory('a project, and everything before a date, can be deleted', async (memory) => {
      await memory.recordMessages(OWNER, [
        {sessionId: 'a', uuid: '1', project: 'acme', timestamp: '2026-03-01T00:00:00Z'},
        {sessionId: 'b', uuid: '2', project: 'other', timestamp: '2026-03-02T00:00:00Z'},
        {sessionId: 'b', uuid: '3', timestamp: '2026-03-04T00:00:00Z'},
      ])

      expect(await memory.deleteMessages(OWNER, {project: 'acme'})).toEqual({deleted: 1})
      expect(await memory.deleteMessages(OWNER, {before: '2026-03-03', dryRun: true})).toEqual({deleted: 1})
      expect(await memory.deleteMessages(OWNER, {before: '2026-03-03'})).toEqual({deleted: 1})

      const [session, ...others] = await memory.listSessions(OWNER, {})
      expect(others).toEqual([])
      expect(session).toMatchObject({sessionId: 'b', messageCount: 1, firstMessageAt: '2026-03-04T00:00:00Z'})
    })
  })

  describe(`${name}: exporting`, () => {
    withMemory('pages give every session and every message once', async (memory) => {
      const messages = Array.from({length: 25}, (_, n) => ({
        sessionId: `s${n % 3}`,
        uuid: `u${n}`,
        project: 'p',
        timestamp: MONDAY,
      }))
      await memory.recordMessages(OWNER, messages)

      const seen: string[] = []
      const sessions: string[] = []
      let cursor: string | undefined
      do {
        const page = await memory.exportPage(OWNER, {limit: 10, cursor})
        seen.push(...page.messages.map((message) => message.uuid))
        sessions.push(...page.sessions.map((session) => session.sessionId))
        cursor = page.nextCursor ?? undefined
      } while (cursor)

      expect(seen).toEqual(messages.map((message) => message.uuid))
      expect(sessions).toEqual(['s0', 's1', 's2'])
    })

    withMemory('a restored row keeps its clock and its writer', async (memory) => {
      const row = {
        sessionId: 's',
        uuid: 'u',
        recordedAt: '2025-01-01T00:00:00.000Z',
        writtenBy: 'somebody',
        revision: 3,
      }

      const bare = {sessionId: 's', uuid: 'bare', revision: 1}
      await memory.recordMessages(OWNER, [row, bare], {restore: true})
      await memory.recordMessages(OWNER, [{...row, uuid: 'plain'}])

      expect(await memory.getMessage(OWNER, {uuid: 'u'})).toMatchObject({
        recordedAt: row.recordedAt,
        writtenBy: 'somebody',
        revision: 3,
      })
      expect(await memory.getMessage(OWNER, {uuid: 'bare'})).toMatchObject({
        timestamp: null,
        recordedAt: null,
        writtenBy: null,
      })
      expect(await memory.getMessage(OWNER, {uuid: 'plain'})).toMatchObject({
        writtenBy: 'shared',
        revision: 1,
      })
    })
  })

  describe(`${name}: workspaces`, () => {
    withMemory('the same ids in two workspaces share nothing', async (memory) => {
      for (const workspaceId of ['red', 'blue']) {
        await memory.recordMessages(OWNER, [
          {
            workspaceId,
            sessionId: 's',
            uuid: 'u',
            content: `the ${workspaceId} secret`,
            project: `${workspaceId}-project`,
          },
        ])
      }

      await memory.deleteMessages(OWNER, {workspaceId: 'blue', uuid: 'u'})
      const red = {workspaceId: 'red'}

      expect((await memory.getMessage(OWNER, {...red, uuid: 'u'}))?.content).toBe('the red secret')
      expect(await memory.getMessage(OWNER, {workspaceId: 'blue', uuid: 'u'})).toBeNull()
      expect(await memory.getMessage(OWNER, {uuid: 'u'})).toBeNull()
      expect(
        (await memory.searchMessages(OWNER, {...red, query: 'secret'})).map((hit) => hit.project),
      ).toEqual(['red-project'])
      expect(await memory.searchMessages(OWNER, {query: 'secret'})).toEqual([])
      expect(await memory.listSessions(OWNER, {...red})).toMatchObject([
        {project: 'red-project', workspaceId: 'red'},
      ])
    })
  })
}
