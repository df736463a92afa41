import {PassThrough} from 'node:stream'
import {render} from 'ink'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {MessageWithContext, StoredMessage} from '../../model/message.ts'
import type {LoadConversation} from '../conversation/load.ts'
import {SAMPLE_CLOCK, SAMPLE_MESSAGES} from '../gallery/samples.ts'
import {messageItems} from '../lists/message-items.ts'
import {Browser} from './browser.tsx'
import {Keyboard} from './keyboard.tsx'

const DOWN = '\u001b[B'
const LEFT = '\u001b[D'
const ENTER = '\r'
const CTRL_C = '\u0003'

/** A hundred messages of one session: `message 0`, `message 1`, … */
const MESSAGES = Array.from({length: 100}, (_, index): StoredMessage => {
  const [sample] = SAMPLE_MESSAGES
  if (!sample) throw new Error('there is no sample')
  return {...sample, uuid: `uuid-${index}`, content: `message ${index}.`}
})

/** As the memory gives them: ten before and ten after. */
const loadFromMessages: LoadConversation = async ({uuid}) => {
  const index = MESSAGES.findIndex((message) => message.uuid === uuid)
  const found = MESSAGES[index]
  if (!found) return null
  const before = MESSAGES.slice(Math.max(0, index - 10), index)
  return {...found, before, after: MESSAGES.slice(index + 1, index + 11)}
}

function openBrowser(load: LoadConversation = loadFromMessages, rows = 24) {
  const frames: string[] = []
  const stdout = Object.assign(new PassThrough(), {columns: 60, rows, isTTY: true})
  stdout.on('data', (chunk) => frames.push(String(chunk)))
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: vi.fn(),
    ref: vi.fn(),
    unref: vi.fn(),
  })
  const items = messageItems(MESSAGES.slice(40, 60), {clock: SAMPLE_CLOCK, keepMarks: true})
  const size = {columns: 60, rows}
  const app = render(
    <Keyboard>
      <Browser title="sample" items={items} load={load} size={size} color={false} clock={SAMPLE_CLOCK} />
    </Keyboard>,
    {stdout, stdin, debug: true, interactive: true, patchConsole: false, exitOnCtrlC: true},
  )
  onTestFinished(() => app.unmount())
  return {
    press: (keys: string) => void stdin.write(keys),
    shows: (text: string) => vi.waitFor(() => expect(frames.at(-1)).toContain(text)),
    screen: () => frames.at(-1) ?? '',
    ended: app.waitUntilExit(),
  }
}

/** The screen without its title line, which says how long the whole is. */
function textOf(screen: string): string {
  return screen.split('\n').slice(1).join('\n')
}

function totalLines(screen: string): number {
  return Number(/\d+\/(\d+)/.exec(screen)?.[1])
}

test('the arrow keys walk, letters too, and several at once', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')

  browser.press(DOWN)
  await browser.shows('2/20')
  browser.press('jjjk')
  await browser.shows('4/20')
  await browser.shows('uuid-43')
  browser.press('G')
  await browser.shows('20/20')
  expect(browser.screen()).toContain('message 59.')
  browser.press('g')
  await browser.shows('1/20')
})

test('Enter opens the conversation around the selected message, Left goes back to it', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')

  browser.press('jj')
  await browser.shows('3/20')
  browser.press(ENTER)
  await browser.shows('↑↓ scroll')
  await browser.shows('message 42.')
  browser.press(LEFT)
  await browser.shows('3/20')
})

test('the conversation goes on at its ends', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')
  browser.press(ENTER)
  await browser.shows('↑↓ scroll')

  await vi.waitFor(() => {
    browser.press('g')
    expect(browser.screen()).toContain('message 0.')
  })
  await vi.waitFor(() => {
    browser.press('G')
    expect(browser.screen()).toContain('message 99.')
  })
})

test('what is read stays where it is while more is loaded above it', async () => {
  const waiting: (() => void)[] = []
  const browser = openBrowser(async (target) => {
    if (target.uuid !== 'uuid-40') await new Promise<void>((go) => waiting.push(go))
    return loadFromMessages(target)
  })
  await browser.shows('1/20')
  browser.press(ENTER)
  await browser.shows('↑↓ scroll')
  browser.press('g')
  await browser.shows('message 30.')
  const [firstLines, total] = [textOf(browser.screen()), totalLines(browser.screen())]

  await vi.waitFor(() => expect(waiting).toHaveLength(1))
  waiting[0]?.()
  await vi.waitFor(() => expect(totalLines(browser.screen())).toBeGreaterThan(total))
  expect(textOf(browser.screen())).toBe(firstLines)
})

test('a message longer than the screen scrolls', async () => {
  const [first] = MESSAGES
  const long = Array.from({length: 50}, (_, line) => `line ${line};`).join('\n')
  const browser = openBrowser(
    async () => ({...first, content: long, before: [], after: []}) as MessageWithContext,
  )
  await browser.shows('1/20')

  browser.press(ENTER)
  await browser.shows('↑↓ scroll')
  await browser.shows('line 0;')
  expect(browser.screen()).not.toContain('line 40;')
  browser.press(' ')
  await browser.shows('line 20;')
  expect(browser.screen()).not.toContain('line 0;')
  browser.press('G')
  await browser.shows('line 49;')
})

test('why a conversation can not be opened is said, and the list is still there', async () => {
  const browser = openBrowser(async () => {
    throw new Error('The server can not be reached.')
  })
  await browser.shows('1/20')

  browser.press(ENTER)
  await browser.shows('The server can not be reached.')
  browser.press(LEFT)
  await browser.shows('1/20')
})

test('a message that was deleted meanwhile is said to be gone', async () => {
  const browser = openBrowser(async () => null)
  await browser.shows('1/20')

  browser.press(ENTER)
  await browser.shows('not stored any more')
})

test('an answer that comes after the reader went back is not shown', async () => {
  let answer: (found: MessageWithContext | null) => void = () => undefined
  const browser = openBrowser(() => new Promise((resolve) => (answer = resolve)))
  await browser.shows('1/20')
  browser.press(ENTER)
  await browser.shows('Loading')
  browser.press(LEFT)
  await browser.shows('1/20')

  answer(await loadFromMessages({uuid: 'uuid-40', sessionId: ''}))
  browser.press('j')
  await browser.shows('2/20')
})

test('keys that come at once act one after the other, each where the one before has led to', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')

  browser.press(`jj${ENTER}`)
  await browser.shows('↑↓ scroll')
  await browser.shows('❯ lea')
  await browser.shows('message 42.')
  browser.press(`${LEFT}kq`)
  expect(await browser.ended).toMatchObject({target: {uuid: 'uuid-41'}})
})

test('q ends it with what was selected', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')

  browser.press('j')
  await browser.shows('2/20')
  browser.press('q')
  expect(await browser.ended).toMatchObject({target: {uuid: 'uuid-41'}})
})

test('Ctrl-C ends it with nothing', async () => {
  const browser = openBrowser()
  await browser.shows('1/20')

  browser.press(CTRL_C)
  expect(await browser.ended).toBeUndefined()
})
