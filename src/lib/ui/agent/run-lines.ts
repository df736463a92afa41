import {thousands} from '../text/count.ts'
import {safeLine, safeText} from '../text/safe-text.ts'
import {type Line, type Segment, type Style, segment} from '../text/segments.ts'
import {clampLines, truncateLine, wrapParts, wrapSegments} from '../text/wrap.ts'
import {type CallView, callWords} from './call-words.ts'
import type {FeedItem, RunView} from './run-feed.ts'
import {wholeInput} from './whole-input.ts'

const CALL_LINES_MAX = 4
const ASIDE_LINES_MAX = 6

const MARKS: Record<CallView['state'], {mark: string; style: Style; after?: string}> = {
  running: {mark: '…', style: 'dim'},
  waiting: {mark: '?', style: 'strong'},
  done: {mark: '✓', style: 'accent'},
  failed: {mark: '✗', style: 'bad', after: 'failed'},
  denied: {mark: '–', style: 'bad', after: 'denied'},
}

/** What is over, below what was before it. */
export function feedLines(item: FeedItem, width: number): Line[] {
  if (item.kind === 'note') return hanging(segment('! ', 'strong'), [segment(safeText(item.text))], width)
  if (item.kind === 'message') {
    const lines = hanging(segment('  '), [segment(safeText(item.text), 'dim')], width)
    return clampLines(lines, ASIDE_LINES_MAX, width)
  }
  if (item.kind === 'question') return wholeCallLines(item.call, width)
  return callLines(item.call, width)
}

/** Not clamped: what is allowed has been seen. */
function wholeCallLines(call: CallView, width: number): Line[] {
  const words = segment(`calls ${toolName(call)} with\n${wholeInput(call)}`)
  return hanging(segment(`${MARKS.waiting.mark} `, MARKS.waiting.style), [words], width)
}

function toolName({server, name}: CallView): string {
  return safeLine(server ? `${server} ${name}` : name)
}

function callLines(call: CallView, width: number, mark = MARKS[call.state].mark): Line[] {
  const {style, after} = MARKS[call.state]
  const words = [segment(callWords(call)), ...(after ? [segment(` (${after})`, style)] : [])]
  return clampLines(hanging(segment(`${mark} `, style), words, width), CALL_LINES_MAX, width)
}

/** The end of what is being written: as many lines as there is room for. */
function previewLines(
  {preview, messages, calls}: RunView,
  {width, max}: {width: number; max: number},
): Line[] {
  const said = messages.filter(({callsBefore}) => callsBefore === calls.length).map(({text}) => text)
  const text = [...said, ...(preview === '' ? [] : [preview])].join('\n\n')
  if (text === '' || max < 1) return []
  return wrapSegments([segment(safeText(text))], width).slice(-max)
}

export interface Progress {
  agentName: string
  view: RunView
  seconds: number
  /** What moves while it works. */
  spinner: string
}

/** `⠋ my agent · 12 s · 3 calls · 1,234 tokens · Ctrl-C stops` */
function progressLines({agentName, view, seconds, spinner}: Progress, width: number): Line[] {
  const {inputTokens, outputTokens} = view.usage
  const tokens = inputTokens + outputTokens
  const parts = [
    segment(`${spinner} ${safeLine(agentName)}`, 'strong'),
    segment(`${Math.floor(seconds)} s`),
    segment(view.calls.length === 0 ? '' : `${view.calls.length} call${view.calls.length === 1 ? '' : 's'}`),
    segment(tokens === 0 ? '' : `${thousands(tokens)} tokens`),
    segment('Ctrl-C stops', 'dim'),
  ]
  return wrapParts(parts, width).map((line) => truncateLine(line, width))
}

export interface RunNow extends Progress {
  /** A call that waits for the person's answer. */
  question?: CallView
}

/** Rows that are not for what is being written. */
const OTHER_ROWS = 4
const RUNNING_CALLS_MAX = 3

/** What is drawn over and over: the calls that are under way, what is being written, and how far it is. */
export function runLines(now: RunNow, {columns, rows}: {columns: number; rows: number}): Line[] {
  const {view, spinner, question, agentName} = now
  const room = Math.max(1, rows - OTHER_ROWS)
  const running = view.calls.filter(({state}) => state === 'running').slice(-RUNNING_CALLS_MAX)
  const calls = running.flatMap((call) => callLines(call, columns, spinner))
  const written = previewLines(view, {width: columns, max: room - calls.length})
  const footer = question ? questionLines(agentName, question, columns) : progressLines(now, columns)
  // What is taller than the terminal can't be drawn over.
  return [...[...calls, ...written].slice(-room), ...footer].slice(-Math.max(1, rows - 1))
}

/** How to answer; what is asked for stands above, whole, for it may be longer than what can be drawn over. */
function questionLines(agentName: string, call: CallView, width: number): Line[] {
  const who = segment(safeLine(agentName), 'strong')
  const what = [who, segment(` calls ${toolName(call)}, with what stands above.`)]
  return [
    ...clampLines(wrapSegments(what, width), 2 * CALL_LINES_MAX, width),
    ...wrapSegments([segment('Allow it? y: yes, this once; anything else: no', 'mark')], width),
  ]
}

function hanging(first: Segment, rest: Segment[], width: number): Line[] {
  const indent = first.text.length
  return wrapSegments(rest, Math.max(1, width - indent)).map((line, index) => [
    index === 0 ? first : segment(' '.repeat(indent)),
    ...line,
  ])
}
