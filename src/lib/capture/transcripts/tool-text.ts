import {PLAIN_ARGUMENTS} from '../../client/describe-tool.ts'
import {redactText} from '../../redact/redact-text.ts'
import {type CutText, cutMiddle} from '../cut-text.ts'
import {stripRecall} from '../strip-injected.ts'

/** What a tool was asked, as text that can be searched: at most this long in all. */
export const TOOL_CALL_CHARS_MAX = 8_000

/** What a tool answered: beginning and end of more. A log's error stands at its end, so the end gets more room. */
export const TOOL_RESULT_CHARS_MAX = 8_000
const TOOL_RESULT_HEAD_SHARE = 0.4

/** One argument of a call. Whole files that are written would drown what was asked. */
const ARGUMENT_CHARS_MAX = 2_000

type ToolText = CutText

/**
 * `Bash: npm test`, then the other arguments. Arguments whose value says what it is (commands, paths, patterns) stand
 * without their name, so that searching for a name does not find every call.
 */
export function describeToolCall(name: string, input: unknown): ToolText {
  const parts = describeInput(input)
  const text = [[name, parts[0]?.text].filter(Boolean).join(': '), ...parts.slice(1).map((part) => part.text)]
  const whole = cutMiddle(text.join('\n'), TOOL_CALL_CHARS_MAX)
  return {text: whole.text, isCut: whole.isCut || parts.some((part) => part.isCut)}
}

function describeInput(input: unknown): ToolText[] {
  if (input === undefined || input === null) return []
  if (typeof input !== 'object' || Array.isArray(input)) return [argument('', input)]
  const given = new Map(Object.entries(input))
  const plain = PLAIN_ARGUMENTS.filter((key) => typeof given.get(key) === 'string' && given.get(key) !== '')
  const named = [...given.keys()].filter((key) => !plain.includes(key))
  return [
    ...plain.map((key) => argument('', given.get(key))),
    ...named.flatMap((key) => describe(key, given.get(key))),
  ]
}

function describe(key: string, value: unknown): ToolText[] {
  if (value === null || value === undefined || value === false || value === '') return []
  if (key === 'edits' && Array.isArray(value)) return value.flatMap(describeEdit)
  if (key === 'old_string') return [argument('- ', value)]
  if (key === 'new_string') return [argument('+ ', value)]
  return [argument(`${key}: `, value)]
}

function describeEdit(edit: {old_string?: unknown; new_string?: unknown} | null): ToolText[] {
  return [...describe('old_string', edit?.old_string), ...describe('new_string', edit?.new_string)]
}

function argument(label: string, value: unknown): ToolText {
  // Before it is cut: half an element, half a key would not be recognised any more. With its name, which may say that
  // it is a secret.
  const whole = redactText(`${label}${stripRecall(toText(value))}`).text
  const start = whole.startsWith(label) ? label.length : 0
  const {text, isCut} = cutMiddle(whole.slice(start), ARGUMENT_CHARS_MAX)
  return {text: `${whole.slice(0, start)}${text}`, isCut}
}

/** The call, without what it says of a file that is to be left out; of one that holds secrets the name may be told. */
export function describeIgnoredCall(name: string, secretFile = ''): ToolText {
  const file = redactText(secretFile).text.slice(0, ARGUMENT_CHARS_MAX)
  return {text: `${name}: ${file} [not recorded]`.replace('  ', ' '), isCut: false}
}

/** The one file that a call reads or writes, by the argument that names files only. */
export function fileOf(input: unknown): string | undefined {
  return pathsOf(input, FILE_ARGUMENTS)[0]
}

/** The files and folders that a call names in arguments of its own; what a shell command may name is not known. */
export function pathsOf(input: unknown, keys: readonly string[] = PATH_ARGUMENTS): string[] {
  if (typeof input !== 'object' || input === null) return []
  const given = new Map<string, unknown>(Object.entries(input))
  return keys.map((key) => given.get(key)).filter((path) => typeof path === 'string')
}

const FILE_ARGUMENTS = ['file_path', 'notebook_path']
const PATH_ARGUMENTS = [...FILE_ARGUMENTS, 'path']

export function describeToolResult(text: string): ToolText {
  const plain = withoutTerminalCodes(text.trim()).replace(
    /^<tool_use_error>([\s\S]*)<\/tool_use_error>$/,
    '$1',
  )
  return cutMiddle(redactText(plain).text, TOOL_RESULT_CHARS_MAX, TOOL_RESULT_HEAD_SHARE)
}

/** Colours of a terminal stick to the words they colour, and then the words are not found. */
function withoutTerminalCodes(text: string): string {
  return text.includes(ESCAPE) ? text.replace(TERMINAL_CODES, '') : text
}

const ESCAPE = String.fromCharCode(27)
const TERMINAL_CODES = new RegExp(`${ESCAPE}\\[[0-9;?]{0,40}[ -/]?[@-~]`, 'g')

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch (error) {
    // Valid JSON may nest deeper than the stack of whoever writes it again.
    if (error instanceof RangeError) return '[nested too deep]'
    throw error
  }
}
