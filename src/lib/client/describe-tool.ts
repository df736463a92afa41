import {withoutRecall} from './recall-element.ts'

/** What a tool was asked, and what it answered, at most. */
const CALL_CHARS_MAX = 8_000
const RESULT_CHARS_MAX = 8_000
/** A log's error stands at its end, so the end gets more room. */
const RESULT_HEAD_SHARE = 0.4
/** One argument of a call. Whole files that are written would drown what was asked. */
const ARGUMENT_CHARS_MAX = 2_000

/** Arguments whose value says what it is stand without their name, in this order. Hooks and imports go by it too. */
export const PLAIN_ARGUMENTS = [
  'command',
  'file_path',
  'notebook_path',
  'pattern',
  'query',
  'url',
  'path',
  'skill',
  'subject',
  'description',
  'prompt',
  'content',
]

/** `Bash: npm test`, then the other arguments, a line each: text that can be searched, as the hooks write it too. */
export function describeToolCall(name: string, input: unknown): string {
  const [first, ...rest] = describeInput(input)
  return cutMiddle([[name, first].filter(Boolean).join(': '), ...rest].join('\n'), CALL_CHARS_MAX)
}

/** Beginning and end of what is long, without the colours of a terminal, which stick to words so that they aren't found. */
export function describeToolResult(text: string): string {
  const plain = withoutTerminalCodes(text.trim()).replace(
    /^<tool_use_error>([\s\S]*)<\/tool_use_error>$/,
    '$1',
  )
  return cutMiddle(plain, RESULT_CHARS_MAX, RESULT_HEAD_SHARE)
}

function describeInput(input: unknown): string[] {
  if (input === undefined || input === null) return []
  if (typeof input !== 'object' || Array.isArray(input)) return [argument('', input)]
  const given = new Map<string, unknown>(Object.entries(input))
  const plain = PLAIN_ARGUMENTS.filter((key) => typeof given.get(key) === 'string' && given.get(key) !== '')
  const named = [...given.keys()].filter((key) => !plain.includes(key))
  return [
    ...plain.map((key) => argument('', given.get(key))),
    ...named.flatMap((key) => describe(key, given.get(key))),
  ]
}

function describe(key: string, value: unknown): string[] {
  if (value === null || value === undefined || value === false || value === '') return []
  if (key === 'edits' && Array.isArray(value)) return value.flatMap(describeEdit)
  if (key === 'old_string') return [argument('- ', value)]
  if (key === 'new_string') return [argument('+ ', value)]
  return [argument(`${key}: `, value)]
}

function describeEdit(edit: {old_string?: unknown; new_string?: unknown} | null): string[] {
  return [...describe('old_string', edit?.old_string), ...describe('new_string', edit?.new_string)]
}

function argument(label: string, value: unknown): string {
  return label + cutMiddle(withoutRecall(toText(value)), ARGUMENT_CHARS_MAX)
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    // It refers to itself, or nests deeper than the stack.
    return '[not shown]'
  }
}

/** The beginning, the end, and in between how much is missing. */
function cutMiddle(text: string, charsMax: number, headShare = 0.5): string {
  if (text.length <= charsMax) return text
  const room = charsMax - MARK_CHARS_MAX
  const headChars = Math.floor(room * headShare)
  const head = text.slice(0, headChars).replace(/[\uD800-\uDBFF]$/, '')
  const tail = text.slice(text.length - (room - headChars)).replace(/^[\uDC00-\uDFFF]/, '')
  const missing = (text.length - head.length - tail.length).toLocaleString('en-US')
  return `${head}\n[… ${missing} characters left out …]\n${tail}`
}

/** The mark with any number in it. */
const MARK_CHARS_MAX = 60

function withoutTerminalCodes(text: string): string {
  return text.includes(ESCAPE) ? text.replace(TERMINAL_CODES, '') : text
}

const ESCAPE = String.fromCharCode(27)
const TERMINAL_CODES = new RegExp(`${ESCAPE}\\[[0-9;?]{0,40}[ -/]?[@-~]`, 'g')
