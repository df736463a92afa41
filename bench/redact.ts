import {redactText} from '../src/lib/redact/redact-text.ts'
import {inTurn, printTable, type Row} from './measure.ts'
import {generateMessages} from './messages/conversations.ts'

const CHARS_PER_ROUND = 2_000_000

/**
 * Microseconds a message, against a function that only asks for the length of it: redaction runs over every message, on
 * its way out and on its way in.
 */
export async function benchRedact(options: {rounds: number}): Promise<Row[]> {
  const prose = conversation(CHARS_PER_ROUND)
  const rows: Row[] = []
  for (const [what, text, chars] of [
    ['500 characters', prose, 500],
    ['50,000 characters', prose, 50_000],
    ['500 characters, half of them with a secret', withSecrets(prose), 500],
  ] as const) {
    const messages = cut(text, chars)
    const times = await inTurn(
      options.rounds,
      () => redactAll(messages),
      () => measureAll(messages),
    )
    rows.push(describe(what, messages.length, times))
  }
  return rows
}

/** Something is done with the result, so that no compiler leaves the work out. */
function redactAll(messages: readonly string[]): number {
  return messages.reduce((chars, message) => chars + redactText(message).text.length, 0)
}

function measureAll(messages: readonly string[]): number {
  return messages.reduce((chars, message) => chars + message.length, 0)
}

function conversation(chars: number): string {
  let text = ''
  for (const message of generateMessages({count: 1_000_000, seed: 17})) {
    text += `${message.content ?? ''}\n`
    if (text.length >= chars) break
  }
  return text
}

function withSecrets(text: string): string {
  const secret = `DATABASE_PASSWORD=${'h7Gk2Lq9'.repeat(3)}`
  return cut(text, 1_000).join(`\n${secret}\n`)
}

function cut(text: string, chars: number): string[] {
  const parts: string[] = []
  for (let start = 0; start + chars <= text.length; start += chars)
    parts.push(text.slice(start, start + chars))
  return parts
}

function describe(what: string, messages: number, times: {ours: number[]; baseline: number[]}): Row {
  // Other programs only ever add to the time, so the best round is the one that says most.
  const microseconds = (values: number[]) => (Math.min(...values) * 1_000) / messages
  const ours = microseconds(times.ours)
  const baseline = microseconds(times.baseline)
  return {
    what,
    ours: `${ours.toFixed(2)} µs`,
    baseline: 'no redaction',
    baselineFigure: `${baseline.toFixed(3)} µs`,
    ratio: ours / baseline,
  }
}

if (import.meta.main) printTable('Redaction, a message', await benchRedact({rounds: 30}))
