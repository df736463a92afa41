import type {MessageWithContext} from '../model/message.ts'
import {type Conversation, startConversation} from './conversation/conversation.ts'
import {conversationLines, conversationTitle} from './conversation/conversation-lines.ts'
import type {LoadConversation} from './conversation/load.ts'
import {plainItemLines} from './lists/item-lines.ts'
import type {ItemOptions, ListItem} from './lists/list-item.ts'
import {messageItems} from './lists/message-items.ts'
import {renderLines} from './print.ts'
import type {Terminal} from './terminal.ts'
import {type Line, segment} from './text/segments.ts'
import type {Clock} from './text/when.ts'

/**
 * Each of these gives the text for stdout. On a terminal where keys can be pressed, the person first walks about on a
 * screen of its own; the text is then what they ended on. Ink is loaded only in that case.
 */
export interface ListPresentation {
  title: string
  items: (options: ItemOptions) => ListItem[]
  load: LoadConversation
}

export async function presentList(list: ListPresentation, terminal: Terminal): Promise<string> {
  const {interactive, color, clock} = terminal
  const items = list.items({clock, keepMarks: !color})
  if (!interactive) return plainList(items, terminal)
  const {showBrowser} = await import('./screens/show-screen.tsx')
  const selected = await showBrowser({title: list.title, items, load: list.load, color, clock})
  return plainList(selected ? [selected] : [], terminal)
}

export function plainList(items: ListItem[], {color}: Pick<Terminal, 'color'>): string {
  return items.map((item) => renderLines(plainItemLines(item), {color})).join('\n\n')
}

export async function presentConversation(
  found: MessageWithContext,
  options: {terminal: Terminal; load: LoadConversation; asked: number},
): Promise<string> {
  const {terminal, load} = options
  const {color, clock} = terminal
  const conversation = startConversation(found, options.asked)
  if (!terminal.interactive || fitsScreen(conversation, clock))
    return plainConversation(conversation, terminal)
  const {showConversation} = await import('./screens/show-screen.tsx')
  await showConversation({conversation, load, color, clock})
  return plainList(messageItems([found], {clock, keepMarks: false}), terminal)
}

export function plainConversation(
  conversation: Conversation,
  {color, clock}: Pick<Terminal, 'color' | 'clock'>,
): string {
  const {lines} = conversationLines(conversation, {width: Number.POSITIVE_INFINITY, clock})
  const title: Line[] = [[segment(conversationTitle(conversation), 'strong')], []]
  return renderLines([...title, ...lines], {color})
}

/** With its title, and with room for the prompt below it. */
function fitsScreen(conversation: Conversation, clock: Clock): boolean {
  const {columns = 80, rows = 24} = process.stdout
  return conversationLines(conversation, {width: columns, clock}).lines.length + 3 <= rows
}
