import {Flags} from '@oclif/core'
import {BmfoteError} from '../model/errors.ts'

const UNIT_SECONDS: Record<string, number> = {'': 1, s: 1, m: 60, h: 3600}

/** A timer counts no further. */
const TIMEOUT_SECONDS_MAX = 24 * 3600

/** `90`, `90s`, `10m`, `1h`: gives milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text.trim()) ?? []
  const seconds = Number(amount) * (UNIT_SECONDS[unit] ?? 0)
  if (seconds > 0 && seconds <= TIMEOUT_SECONDS_MAX) return seconds * 1000
  throw new BmfoteError('invalid_input', `--timeout is no time: "${text.slice(0, 40)}".`, {
    next: 'Seconds, or a number with s, m or h, up to 24h: --timeout 10m',
  })
}

/** Dollars, gives cents: Anthropic counts in whole ones. */
export function parseBudget(text: string): number {
  const [, dollars, cents = ''] = /^\$?(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  const total = Number(dollars) * 100 + Number(cents.padEnd(2, '0'))
  if (total > 0) return total
  throw new BmfoteError('invalid_input', `--budget is no amount of dollars: "${text.slice(0, 40)}".`, {
    next: 'At least a cent, with at most two places: --budget 0.50',
  })
}

export const runFlags = {
  title: Flags.string({description: 'what the session is called', helpValue: 'TEXT'}),
  timeout: Flags.string({
    description: 'stop it after so long: seconds, or 10m, 1h',
    default: '10m',
    helpValue: 'TIME',
  }),
  keep: Flags.boolean({description: 'leave the session open afterwards, instead of archiving it'}),
  detach: Flags.boolean({description: 'do not wait: print the id of the session'}),
  budget: Flags.string({description: 'stop it when it has cost so many dollars', helpValue: 'USD'}),
  project: Flags.string({
    char: 'p',
    description: 'the project that the turn is kept under',
    default: 'managed-agent',
    helpValue: 'NAME',
  }),
}
