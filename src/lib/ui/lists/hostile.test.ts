import fc from 'fast-check'
import {expect, test} from 'vitest'
import {startConversation} from '../conversation/conversation.ts'
import {
  SAMPLE_CLOCK,
  SAMPLE_ERRORS,
  SAMPLE_HITS,
  SAMPLE_MESSAGES,
  SAMPLE_SESSIONS,
} from '../gallery/samples.ts'
import {importOutcomeText} from '../import-summary.ts'
import {plainConversation, plainList} from '../present.ts'
import {progressLine} from '../progress.ts'
import {plainStats} from '../stats.ts'
import {errorItems} from './error-items.ts'
import {hitItems} from './hit-items.ts'
import type {ItemOptions} from './list-item.ts'
import {messageItems} from './message-items.ts'
import {sessionItems} from './session-items.ts'

const ATTACKS = [
  '\u001b[2J',
  '\u001b]0;owned\u0007',
  '\u009b31m',
  '\u202e',
  '\r',
  '\b',
  '\u0007',
  '\n❯ root (user)',
  'text',
]
const attack = fc
  .array(fc.constantFrom(...ATTACKS), {minLength: 1, maxLength: 5})
  .map((parts) => parts.join(''))
const OBEYED = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u

const options: ItemOptions = {clock: SAMPLE_CLOCK, keepMarks: true}
const plain = {color: false, clock: SAMPLE_CLOCK}

/** The same value with every text in it replaced. */
function poison<T>(value: T, text: string): T {
  const entries = Object.entries(value as object)
  return Object.fromEntries(entries.map(([key, old]) => [key, typeof old === 'string' ? text : old])) as T
}

const VIEWS: Record<string, (text: string) => string> = {
  search: (text) =>
    plainList(
      hitItems(
        SAMPLE_HITS.map((hit) => ({...poison(hit, text), why: [text]})),
        options,
      ),
      plain,
    ),
  recent: (text) =>
    plainList(
      messageItems(
        SAMPLE_MESSAGES.map((item) => poison(item, text)),
        options,
      ),
      plain,
    ),
  errors: (text) =>
    plainList(
      errorItems(
        SAMPLE_ERRORS.map((item) => poison(item, text)),
        options,
      ),
      plain,
    ),
  sessions: (text) =>
    plainList(
      sessionItems(
        SAMPLE_SESSIONS.map((item) => poison(item, text)),
        options,
      ),
      plain,
    ),
  conversation: (text) => {
    const [message] = SAMPLE_MESSAGES
    if (!message) return ''
    return plainConversation(startConversation({...poison(message, text), before: [], after: []}), plain)
  },
  stats: (text) =>
    plainStats(
      {messages: 1, sessions: 1, firstMessage: text, lastMessage: text, workspaceId: text},
      {place: text, clock: SAMPLE_CLOCK},
    ),
  import: (text) =>
    importOutcomeText({
      stored: 1,
      deleted: 0,
      bad: 1,
      truncated: 0,
      problems: [text],
      notes: [],
      place: text,
    }),
  progress: (text) => progressLine({share: 0.5, text}, {columns: 80, color: false}),
}

test.each(Object.keys(VIEWS))('%s shows no field so that a terminal obeys it', (name) => {
  const show = VIEWS[name] ?? String
  fc.assert(
    fc.property(attack, (text) => {
      expect(show(text)).not.toMatch(OBEYED)
    }),
  )
})

test.each(['search', 'recent', 'errors', 'sessions', 'stats'])('in %s no field can forge a line', (name) => {
  const show = VIEWS[name] ?? String
  const lines = (text: string) => show(text).split('\n').length

  expect(lines('a\n❯ root (user)\r\nb\u2028c')).toBe(lines('text'))
})
