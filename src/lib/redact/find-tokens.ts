import {LETTERS_AND_DIGITS} from './character-set.ts'
import {looksInvented} from './placeholder.ts'
import type {SecretSpan} from './secret-span.ts'
import {TOKEN_FORMATS} from './token-formats.ts'

/** No token of the table is shorter, first characters included (up to a dot, where it has one). */
const RUN_CHARS_MIN = 16

/**
 * Tokens of known formats. A token is an unbroken run of letters, digits, `_` and `-`; only runs that are long enough are
 * looked at, and only formats that begin as the run does are tried. Text without secrets, which is
 * nearly all text, costs less than one look per character.
 */
export function findTokens(text: string, found: SecretSpan[]): void {
  let position = 0
  while (position + RUN_CHARS_MIN <= text.length) {
    let back = position + RUN_CHARS_MIN - 1
    while (back >= position && isRunChar(text, back)) back--
    if (back >= position) {
      position = back + 1
      continue
    }
    let end = position + RUN_CHARS_MIN
    while (end < text.length && isRunChar(text, end)) end++
    // Some tokens go on beyond their run. What was read once is not read again.
    position = Math.max(end, readTokenIn(text, position, found)) + 1
  }
}

/** Where the token ends that the run begins with; 0 when it begins with none. */
function readTokenIn(text: string, runStart: number, found: SecretSpan[]): number {
  const start = skipEscape(text, runStart)
  const before = text.charAt(start - 1)
  if (before === '.') {
    for (const format of DOTTED) {
      const dottedStart = start - format.start.length
      if (text.startsWith(format.start, dottedStart) && beginsToken(text, dottedStart)) {
        const end = readToken(text, dottedStart, format, found)
        if (end > 0) return end
      }
    }
  }
  if (before === ':' && findTelegramToken(text, start, found)) return start
  for (const format of BY_FIRST_CHAR.get(text.charAt(start)) ?? []) {
    const end = text.startsWith(format.start, start) ? readToken(text, start, format, found) : 0
    if (end > 0) return end
  }
  return 0
}

/**
 * Text that went through JSON, a URL or a terminal has letters of an escape right before the token: `\nghp_…`,
 * `%3Dghp_…`, `ESC[32mghp_…`.
 */
function skipEscape(text: string, start: number): number {
  const before = text.charAt(start - 1)
  const pattern = before === '\\' ? BACKSLASH_ESCAPE : before === '%' ? PERCENT_ESCAPE : COLOUR_ESCAPE
  if (pattern === COLOUR_ESCAPE && before !== '[' && before !== ';') return start
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}

/** Nothing before it belongs to the same word, but for the letter of an escape. */
function beginsToken(text: string, index: number): boolean {
  return !isRunChar(text, index - 1) || text.charAt(index - 2) === '\\'
}

const BACKSLASH_ESCAPE = /u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrtbf]/y
const PERCENT_ESCAPE = /[0-9A-Fa-f]{2}/y
const COLOUR_ESCAPE = /[0-9]{1,3}m/y

interface CompiledFormat {
  kind: string
  start: string
  pattern: RegExp
}

function readToken(text: string, at: number, format: CompiledFormat, found: SecretSpan[]): number {
  const {kind, start, pattern} = format
  pattern.lastIndex = at
  if (!pattern.test(text)) return 0
  const end = pattern.lastIndex
  if (looksInvented(text.slice(at + start.length, end))) return end
  if (kind === 'discord-token' && !isDiscordId(text.slice(at, text.indexOf('.', at)))) return end
  found.push({kind, start: at, end})
  if (kind === 'aws-access-key-id') findAwsSecretAfter(text, end, found)
  return end
}

/** The two stand side by side where they are handed out: in a table, a file, a message. */
function findAwsSecretAfter(text: string, idEnd: number, found: SecretSpan[]): void {
  AWS_SECRET.lastIndex = idEnd
  const secret = AWS_SECRET.exec(text)?.[1]
  if (!secret || looksInvented(secret)) return
  found.push({kind: 'aws-secret-key', start: AWS_SECRET.lastIndex - secret.length, end: AWS_SECRET.lastIndex})
}

const AWS_SECRET = /["'`]?[\s,;:|/]{1,8}["'`]?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y

/** `123456789:AA…`, of which the number is the bot's name and the rest its key. */
function findTelegramToken(text: string, start: number, found: SecretSpan[]): boolean {
  TELEGRAM_KEY.lastIndex = start
  if (!TELEGRAM_KEY.test(text)) return false
  const bot = /(?<![0-9])[0-9]{8,10}:$/.exec(text.slice(Math.max(0, start - 12), start))
  if (!bot) return false
  found.push({kind: 'telegram-token', start: start - bot[0].length, end: TELEGRAM_KEY.lastIndex})
  return true
}

const TELEGRAM_KEY = /AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y

/** A Discord token begins with the bot's number in base64; three dotted words that don't are something else. */
function isDiscordId(encoded: string): boolean {
  return /^[0-9]{17,20}$/.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

const DISCORD_BODY = '[A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,}'

const FORMATS: readonly CompiledFormat[] = [
  ...TOKEN_FORMATS,
  {kind: 'discord-token', starts: ['M', 'N', 'O'], body: DISCORD_BODY},
].flatMap(({kind, starts, body}) =>
  starts.map((start) => ({
    kind,
    start,
    pattern: new RegExp(`${start.replaceAll('.', '\\.')}${body}(?![A-Za-z0-9])`, 'y'),
  })),
)

const BY_FIRST_CHAR = Map.groupBy(FORMATS, ({start}) => start.charAt(0))

/** Their run begins after the dot; they are recognised by what stands before it. */
const DOTTED = FORMATS.filter(({start}) => start.endsWith('.'))

const RUN_CHARS = new Uint8Array(128)
for (const char of `${LETTERS_AND_DIGITS}_-`) RUN_CHARS[char.charCodeAt(0)] = 1

/** Also for an index outside the text, which is no character of a run. */
function isRunChar(text: string, index: number): boolean {
  return RUN_CHARS[text.charCodeAt(index)] === 1
}
