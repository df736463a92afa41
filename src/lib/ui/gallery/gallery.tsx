import {renderToString} from 'ink'
import type {ReactElement} from 'react'
import {agentListText} from '../agent/agent-list-text.ts'
import {changesText} from '../agent/changes-text.ts'
import {runLines} from '../agent/run-lines.ts'
import type {Conversation} from '../conversation/conversation.ts'
import {importOutcomeText} from '../import-summary.ts'
import {errorItems} from '../lists/error-items.ts'
import {hitItems} from '../lists/hit-items.ts'
import type {ItemOptions, ListItem} from '../lists/list-item.ts'
import {messageItems} from '../lists/message-items.ts'
import {sessionItems} from '../lists/session-items.ts'
import {renderLines} from '../print.ts'
import {progressLine} from '../progress.ts'
import {ConversationScreen} from '../screens/conversation-screen.tsx'
import {ListScreen} from '../screens/list-screen.tsx'
import {NoticeScreen} from '../screens/notice-screen.tsx'
import type {ScreenSize} from '../screens/screen-lines.ts'
import {plainStats} from '../stats.ts'
import {SAMPLE_AGENTS, SAMPLE_CALL, SAMPLE_CHANGES, SAMPLE_RUN} from './agent-samples.ts'
import {SAMPLE_CLOCK, SAMPLE_ERRORS, SAMPLE_HITS, SAMPLE_MESSAGES, SAMPLE_SESSIONS} from './samples.ts'

export interface GalleryOptions {
  size: ScreenSize
  color: boolean
}

/** Every view with sample data, by name, as it is drawn first. */
export const VIEWS: Record<string, (options: GalleryOptions) => string> = {
  search: (options) => list('first 4: retry', hitItems(SAMPLE_HITS, itemOptions(options)), options),
  recent: (options) => list('5 found: webshop', messageItems(SAMPLE_MESSAGES, itemOptions(options)), options),
  errors: (options) =>
    list('2 found: ECONNREFUSED', errorItems(SAMPLE_ERRORS, itemOptions(options)), options),
  sessions: (options) =>
    list('2 found: sessions', sessionItems(SAMPLE_SESSIONS, itemOptions(options)), options),
  conversation: (options) =>
    draw(
      <ConversationScreen
        {...options}
        conversation={conversation()}
        load={neverLoads}
        onBack={noop}
        onQuit={noop}
        clock={SAMPLE_CLOCK}
      />,
      options,
    ),
  notice: (options) =>
    draw(
      <NoticeScreen
        {...options}
        title="first 4: retry"
        text="Loading the conversation…"
        onBack={noop}
        onQuit={noop}
      />,
      options,
    ),
  progress: ({size, color}) =>
    progressLine({share: 0.42, text: '12,345 messages, file 3 of 17'}, {columns: size.columns, color}),
  import: () =>
    importOutcomeText({
      stored: 12_345,
      deleted: 3,
      bad: 2,
      truncated: 1,
      problems: ['history.jsonl, line 7 is not JSON', 'history.jsonl, line 9 is not JSON'],
      notes: ['17 files read.'],
      place: '/home/lea/.bmfote/memory.db',
    }),
  'agent run': ({size, color}) => renderLines(runLines({...SAMPLE_RUN, spinner: '⠋'}, size), {color}),
  'agent run, asking': ({size, color}) =>
    renderLines(runLines({...SAMPLE_RUN, spinner: '⠋', question: SAMPLE_CALL}, size), {color}),
  'agent list': ({color}) => agentListText(SAMPLE_AGENTS, {color}),
  'agent changes': ({color}) => changesText(SAMPLE_CHANGES, {color}),
  stats: () =>
    plainStats(
      {
        messages: 12_345,
        sessions: 321,
        firstMessage: '2025-01-07T08:00:00Z',
        lastMessage: '2026-11-22T11:58:00Z',
      },
      {place: '/home/lea/.bmfote/memory.db', clock: SAMPLE_CLOCK},
    ),
}

function list(title: string, items: ListItem[], options: GalleryOptions): string {
  const position = {selected: 1, top: 0}
  return draw(
    <ListScreen
      {...options}
      title={title}
      items={items}
      position={position}
      onMove={noop}
      onOpen={noop}
      onQuit={noop}
    />,
    options,
  )
}

function draw(view: ReactElement, {size}: GalleryOptions): string {
  return renderToString(view, {columns: size.columns})
}

function itemOptions({color}: GalleryOptions): ItemOptions {
  return {clock: SAMPLE_CLOCK, keepMarks: !color}
}

function conversation(): Conversation {
  const [first] = SAMPLE_MESSAGES
  return {
    messages: SAMPLE_MESSAGES,
    uuid: SAMPLE_MESSAGES[3]?.uuid ?? '',
    sessionId: first?.sessionId ?? '',
    project: first?.project ?? null,
    hasEarlier: false,
    hasLater: false,
  }
}

async function neverLoads() {
  return null
}

function noop() {}
