import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {seedMemory} from '../helpers/seed-memory.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'
import {HAS_TMUX, openTerminal} from '../helpers/tmux.ts'

const SESSION = '34005b86-3579-4e2e-800b-582d04cdb77e'
const SAID_AT = Date.parse('2026-11-19T09:00:00Z')

/** A conversation of thirty messages; one is long, one is Japanese, one wants to take over the terminal. */
const CONVERSATION = Array.from({length: 30}, (_, index): NewMessage => {
  const special: Record<number, string> = {
    10: `LONG\n${Array.from({length: 60}, (_, line) => `line ${line};`).join('\n')}`,
    11: '指数バックオフで再試行すると、サーバーへの負荷を減らすことができます。ありがとう 👨‍👩‍👧‍👦 👍🏽 JAPANESE',
    12: 'HOSTILE \u001b[2J\u001b[31m\u001b]0;owned\u0007 \u009b31mtext\u202e \u001b[?1049h\u0007 end',
  }
  return {
    sessionId: SESSION,
    uuid: `5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d${String(index).padStart(2, '0')}`,
    type: index % 2 === 0 ? 'user' : 'assistant',
    author: index % 2 === 0 ? 'lea' : undefined,
    project: 'webshop',
    source: 'claude-code',
    timestamp: new Date(SAID_AT + index * 60_000).toISOString(),
    content: special[index] ?? `message ${index}. The retry loop waits, then it knocks again.`,
  }
})

const WIDE = {columns: 80, rows: 24}
const NARROW = {columns: 40, rows: 20}

test('tmux is there, for these tests drive a real terminal', () => {
  if (!HAS_TMUX) process.stderr.write('tmux is not installed: the terminal views are not tested here\n')
  expect(HAS_TMUX || !process.env.CI).toBe(true)
})

describe.skipIf(!HAS_TMUX)('in a terminal', () => {
  let home: TempHome
  beforeEach(async () => {
    home = tempHome()
    await seedMemory(home, CONVERSATION)
  })

  describe.each([WIDE, NARROW])('of $columns columns', (size) => {
    test('search is walked with arrows and letters, Enter opens the conversation, Left goes back', async () => {
      const terminal = await openTerminal({home, ...size})
      await terminal.run('bmfote search retry --limit 5')
      await terminal.shows('first 5: retry  1/5')
      await terminal.shows('q quit')
      expect(await terminal.fact('alternate_on')).toBe('1')

      await terminal.press('Down')
      await terminal.shows('2/5')
      await terminal.press('j', 'j', 'k')
      await terminal.shows('3/5')
      const [pointed = ''] = (await terminal.lines()).filter((line) => line.startsWith('❯'))
      expect(pointed).toMatch(/lea \(user\)|assistant/)
      await terminal.press('Enter')
      await terminal.shows('← back')
      await terminal.shows(/^webshop · session 34005b86/)
      await terminal.press('Left')
      await terminal.shows('3/5')
      await terminal.press('Enter')
      await terminal.shows('← back')
      await terminal.press('Escape')
      await terminal.shows('3/5')
    })

    test('q leaves the terminal as it was, with the selected hit', async () => {
      const terminal = await openTerminal({home, ...size})
      await terminal.run('echo before; bmfote search "message 7" --limit 1; echo "exit $?"')
      await terminal.shows('1/1')

      await terminal.press('q')
      await terminal.shows('exit 0')
      const lines = await terminal.lines()
      expect(lines).toContain('before')
      expect(lines.join('\n')).not.toContain('q quit')
      expect(lines.join('')).toContain('uuid 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d07')
      expect(await terminal.fact('alternate_on')).toBe('0')
      expect(await terminal.fact('cursor_flag')).toBe('1')
      await terminal.run('echo typed')
      await terminal.shows('$ echo typed')
    })

    test('Ctrl-C ends it from every screen, and leaves nothing', async () => {
      const terminal = await openTerminal({home, ...size})
      await terminal.run('bmfote search retry --limit 5; echo "exit $?"')
      await terminal.shows('1/5')
      await terminal.press('Enter')
      await terminal.shows('← back')

      await terminal.press('C-c')
      await terminal.shows('exit 0')
      expect((await terminal.lines()).join('\n')).not.toContain('message')
      expect(await terminal.fact('alternate_on')).toBe('0')
      expect(await terminal.fact('cursor_flag')).toBe('1')
    })

    test('a long message scrolls to its end, and beyond it', async () => {
      const terminal = await openTerminal({home, ...size})
      await terminal.run('bmfote search LONG --limit 1')
      await terminal.shows('1/1')
      await terminal.press('Enter')
      await terminal.shows('line 2;')

      await terminal.press('Space')
      await terminal.shows('line 20;')
      expect(await terminal.lines()).not.toContain('  line 2;')
      await vi.waitFor(async () => {
        await terminal.press('G')
        expect(await terminal.lines()).toContainEqual(expect.stringContaining('message 29.'))
      })
    })

    test('wide letters do not break the lines', async () => {
      const terminal = await openTerminal({home, ...size})
      await terminal.run('bmfote search JAPANESE --limit 1')
      await terminal.shows('1/1')

      const lines = await terminal.lines()
      expect(lines[0]).toMatch(/^first 1: JAPANESE/)
      expect(lines.at(-2)).toMatch(/^↑↓ walk/)
      expect(lines.join('').replaceAll(' ', '')).toContain(
        '指数バックオフで再試行すると、サーバーへの負荷を減らすことができます',
      )
    })

    test('what is stored can not take the terminal over', async () => {
      const terminal = await openTerminal({home, ...size})
      const title = await terminal.fact('pane_title')
      await terminal.run('bmfote search HOSTILE --limit 1')
      await terminal.shows('1/1')
      await terminal.shows('HOSTILE text end')
      await terminal.press('Enter')
      await terminal.shows('← back')
      await terminal.shows('HOSTILE  text  end')
      await terminal.press('q')
      await terminal.shows(/session 34005b86[\s\S]*\n\$\s*$/)
      await terminal.run(
        'bmfote search HOSTILE | cat; bmfote search HOSTILE --json; bmfote export | grep HOSTILE',
      )
      await terminal.shows('HOSTILE \\u001b')

      expect(await terminal.fact('pane_title')).toBe(title)
      expect(await terminal.fact('alternate_on')).toBe('0')
    })
  })

  test('hits are coloured', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run('bmfote search knocks --limit 5')
    await terminal.shows('1/5')

    expect(await terminal.styled()).toContain('\u001b[30m\u001b[43mknocks')
    expect((await terminal.lines()).join('\n')).not.toContain('>>>')
  })

  test('with NO_COLOR nothing is styled, and the marks are signs', async () => {
    const terminal = await openTerminal({home, ...WIDE, env: {NO_COLOR: '1'}})
    await terminal.run('bmfote search knocks --limit 5')
    await terminal.shows('1/5')

    expect(await terminal.styled()).not.toContain('\u001b')
    expect((await terminal.lines()).join('\n')).toContain('>>>knocks<<<')
    await terminal.press('Enter')
    await terminal.shows('← back')
    expect(await terminal.styled()).not.toContain('\u001b')
  })

  test('the views follow the size of the window', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run('bmfote search retry --limit 5')
    await terminal.shows('1/5')
    await terminal.press('j')
    await terminal.shows('2/5')

    for (const [columns, rows] of [
      [40, 20],
      [100, 30],
      [30, 10],
      [80, 24],
    ] as const) {
      await terminal.resize(columns, rows)
      await terminal.shows(/^first 5: retry {2}2\/5\n/)
      const screen = (await terminal.lines()).join('\n')
      expect(screen.match(/first 5/g)).toHaveLength(1)
      expect(screen.match(/q quit/g)).toHaveLength(1)
      expect(screen.match(/^❯/gm)).toHaveLength(1)
    }
    await terminal.press('Enter')
    await terminal.shows('← back')
    await terminal.resize(40, 20)
    await terminal.shows(/^webshop · session/)
    expect((await terminal.lines()).join('\n').match(/← back/g)).toHaveLength(1)
  })

  test.each([{TERM: 'dumb'}, {CI: 'true'}])(
    'with %o nobody presses keys, and it is plain text',
    async (env) => {
      const terminal = await openTerminal({home, ...WIDE, env})
      await terminal.run('clear; bmfote search "message 7" --limit 1; echo "exit $?"')

      await terminal.shows('exit 0')
      await terminal.shows('>>>message<<< >>>7<<<')
      expect(await terminal.styled()).not.toContain('\u001b')
    },
  )

  test('in a pipe it is plain text, and a reader that has seen enough is success', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run(
      'set -o pipefail; bmfote search retry --limit 20 2>/dev/null | head -n 1; echo "exit $?"',
    )

    await terminal.shows('exit 0')
    await terminal.shows(/· webshop · claude-code · 2026-11-19 09:\d\d UTC/)
  })

  test('a short conversation is printed, a long one is a screen to scroll', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run('bmfote context 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d00 --context 30; echo "exit $?"')
    await terminal.shows('q quit')
    await terminal.press('q')
    await terminal.shows('exit 0')
    await seedMemory(home, [{sessionId: 's', uuid: 'alone', content: 'all alone'}])

    await terminal.run('clear; bmfote context alone; echo "exit $?"')
    await terminal.shows(/all alone\nexit 0/)
  })

  test('more than one message is forgotten only after a yes', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run('bmfote forget --project webshop')
    await terminal.shows('30 messages will be deleted for good. Go on? [y/N]')
    await terminal.press('Enter')
    await terminal.shows('Nothing was deleted.')

    await terminal.run('clear; bmfote forget --project webshop')
    await terminal.shows('Go on?')
    await terminal.press('C-c')
    await terminal.shows('Nothing was deleted.')

    await terminal.run('clear; bmfote forget --project webshop')
    await terminal.shows('Go on?')
    await terminal.press('y', 'Enter')
    await terminal.shows('30 messages deleted.')
  })

  test('an import shows how far it is, and takes the bar away when it is done', async () => {
    const terminal = await openTerminal({home, ...WIDE})
    await terminal.run(
      'bmfote export --output all.jsonl; BMFOTE_HOME=$HOME/other bmfote import jsonl all.jsonl; echo "exit $?"',
    )

    await terminal.shows(/^30 messages stored in .*other\/memory\.db\.\nexit 0$/m)
    expect((await terminal.lines()).join('\n')).not.toContain('█')
  })
})
