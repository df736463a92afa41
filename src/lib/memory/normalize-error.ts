/** An error as it comes back another day: what of it stays the same. */
export interface NormalError {
  /** The line that says what went wrong, with what varies folded. */
  key: string
  /** The same line as it was written. */
  line: string
  /** What names this very kind of error (`ECONNREFUSED`, `TS2345`, `PaymentDeclinedError`); empty when nothing does. */
  code: string
}

/** Where a text says of the error that is looked for. */
export interface ErrorSpot {
  at: number
  line: string
  /** `same`: to the letter; `alike`: but for what varies; `code`: another error of the same code. */
  match: 'same' | 'alike' | 'code'
}

/** What is read of an error that is asked about: a pasted log is known by its first lines. */
const QUERY_CHARS_MAX = 20_000
const LINES_MAX = 2_000
const LINE_CHARS_MAX = 500

/** What a line looks like that says what went wrong, and how surely it does. */
const TELLING: readonly {pattern: RegExp; worth: number}[] = [
  {
    pattern: /^(?:\w+[.:])*\w*(?:Error|Exception|Violation|Panic|Fault|Failure)\b[^:\n]{0,40}:\s*\S/,
    worth: 9,
  },
  {pattern: /\b(?:error|fatal|panic|failed|failure)\b\s*(?:\[?\w{0,12}\d\w*\]?)?\s*:\s*\S/i, worth: 8},
  {pattern: /\bE[A-Z]{3,}[A-Z0-9_]*\b/, worth: 7},
  {pattern: /\b(?:error|npm ERR!|err!)\s+code\s+\S/i, worth: 7},
  {pattern: /\b[A-Z]{2,5}\d{3,6}\b/, worth: 6},
  {pattern: /\b\w*(?:Error|Exception)\b/, worth: 5},
  {
    pattern:
      /\b(?:cannot|can't|could ?n[o']t|unable to|not found|no such|denied|refused|timed? ?out|unexpected|undefined|invalid|missing|failed|killed|segmentation fault|out of memory|exit(?:ed)?(?: with)?(?: code| status) [1-9])\b/i,
    worth: 4,
  },
  {pattern: /\b(?:error|fatal|panic|warning)\b/i, worth: 2},
]

/** Where an error was, not what it was: frames of a stack trace, carets below a line of code. */
const FRAME =
  /^\s*(?:at\s+\S|File "|from \S+:\d+|goroutine \d|\d+:\s+0x|\.{3} \d+ more|[|^~\-=*\s]+$|\d*\s*\|.*$|Traceback \(most recent|During handling of|Caused by:?\s*$)/

/** Null when no line says of any error. */
export function normalizeError(text: string): NormalError | null {
  let best: {line: string; worth: number} | null = null
  for (const {line} of linesOf(text.slice(0, QUERY_CHARS_MAX))) {
    const worth = worthOf(line)
    // Of equals the first: what comes later is mostly what followed from it.
    if (worth > (best?.worth ?? 0)) best = {line, worth}
  }
  if (!best) return null
  const key = foldVariable(best.line)
  return key === '' ? null : {key, line: best.line, code: codeOf(best.line)}
}

/** The best spot of a text: a log may hold several errors, and prose may quote one. */
export function locateError(text: string, error: NormalError): ErrorSpot | null {
  const wanted = bare(error.line)
  const probe = probeOf(error.key)
  let best: ErrorSpot | null = null
  for (const {at, line} of linesOf(text)) {
    const isAlike = line.toLowerCase().includes(probe) && holds(foldVariable(line), error.key)
    if (isAlike && bare(line).includes(wanted)) return {at, line, match: 'same'}
    if (isAlike && best?.match !== 'alike') best = {at, line, match: 'alike'}
    else if (!best && error.code !== '' && line.includes(error.code)) best = {at, line, match: 'code'}
  }
  return best
}

/** In prose the error stands within a sentence, so a part of the line is enough. */
function holds(folded: string, key: string): boolean {
  return folded === key || (key.length >= KEY_CHARS_IN_PROSE_MIN && ` ${folded} `.includes(` ${key} `))
}

const KEY_CHARS_IN_PROSE_MIN = 12

/** The longest word of the key: a line without it needs no folding. */
function probeOf(key: string): string {
  const words = key.split(' ').filter((word) => !/[<>#]/.test(word))
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '')
}

function bare(line: string): string {
  return line.toLowerCase().replace(/\s+/g, ' ').trim()
}

function* linesOf(text: string): Generator<{at: number; line: string}> {
  let at = 0
  for (let count = 0; count < LINES_MAX && at <= text.length; count++) {
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    yield {at, line: text.slice(at, Math.min(end, at + LINE_CHARS_MAX)).trim()}
    at = end + 1
  }
}

function worthOf(line: string): number {
  if (line === '' || FRAME.test(line)) return 0
  return TELLING.find(({pattern}) => pattern.test(line))?.worth ?? 0
}

/**
 * What differs from one time to the next: dates, addresses, quoted names, paths, ids, hex, numbers. In this order: a
 * date is numbers, and a path may hold all of them.
 */
const FOLDS: readonly [RegExp, string][] = [
  [/^(?:uncaught|unhandled)\s+(?:(?:exception|rejection|error)\b)?:?\s*/i, ''],
  [/^(?:npm ERR!|npm error|\[?(?:error|err|fatal|e)\]?:?\s)(?=\S)/i, ''],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s'"`)>]+/gi, '<url>'],
  [
    /(?<!\p{L})(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|`[^`\n]{0,200}`)(?!\p{L})|“[^”\n]{0,200}”|‘[^’\n]{0,200}’/gu,
    '<name>',
  ],
  [/(?:\b[a-z]:[\\/]|~\/)[\w.@+-]+(?:[\\/][\w.@+-]*)*(?::\d+){0,2}/gi, '<path>'],
  [/(?<![\w.@+-])[\w@.+-]+(?:[\\/][\w.@+-]+)+(?::\d+){0,2}/g, '<path>'],
  [/(?<![\w>])[\\/][\w.@+-]+(?::\d+){0,2}/g, '<path>'],
  [
    /\b[\w-]+\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|cc|cpp|h|cs|php|sql|sh|json|ya?ml|toml)(?::\d+){0,2}\b/g,
    '<path>',
  ],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b/gi, '<hex>'],
  [/\b\d+(?:[.:]\d+)+\b/g, '<n>'],
  [/(?<![\p{L}\p{N}_])\d+(?:ms|s|kb|mb|gb|b)?(?![\p{L}\p{N}_])/giu, '<n>'],
]

/** Numbers that say which error it is. */
const STATUS = /\b(?:http|status|code|errno|exit|error|sqlstate)\s*(?:code|status)?[:=\s]*\(?(-?\d{1,5})\b/i

export function foldVariable(line: string): string {
  const status = STATUS.exec(line)?.[1]
  const folded = FOLDS.reduce((text, [pattern, name]) => text.replace(pattern, name), line.trim())
  const words = folded
    .toLowerCase()
    .replace(/[^\p{L}\p{N}<>_]+/gu, ' ')
    .trim()
  if (words.replace(/<\w+>/g, '').trim() === '') return ''
  return status ? `${words} #${status}` : words
}

const CODES = [
  /\bE[A-Z]{3,}[A-Z0-9_]*\b/,
  /\b[A-Z]{2,5}\d{3,6}\b/,
  /\b[A-Z]\w*(?:Error|Exception|Violation)\b/,
]
/** Names that say as little as "error". */
const GENERIC =
  /^(?:E?ERROR|(?:Type|Reference|Syntax|Range|Value|Key|Index|Name|Attribute|Runtime|Assertion|Import|ModuleNotFound|OS|IO|Eval|URI|Aggregate|NullPointer|IllegalArgument|IllegalState|Fatal|Internal|Unhandled|Unknown)?(?:Error|Exception))$/

function codeOf(line: string): string {
  const found = CODES.map((pattern) => pattern.exec(line)?.[0]).find((name) => name && !GENERIC.test(name))
  return found ?? ''
}
