import type {Command} from '@oclif/core'
import {BmfoteError} from '../model/errors.ts'
import {quoteForShell} from './shell-quote.ts'
import {nearestWord} from './suggest.ts'

/** What oclif's parser attaches to the errors it throws, as far as we read it. */
interface ParseFailure extends Error {
  /** The flags that no definition matched. */
  flags?: string[]
  parse?: {output?: {argv?: unknown[]; raw?: {type: string; flag?: string; input: string}[]}}
}

type CommandShape = Pick<Command.Class, 'id' | 'args' | 'flags' | 'baseFlags' | 'enableJsonFlag'>

/** A wrong command line as a sentence and the way out; what has gone wrong elsewhere passes unchanged. */
export function usageError(error: unknown, command: CommandShape): unknown {
  if (!(error instanceof Error) || error instanceof BmfoteError) return error
  const failure: ParseFailure = error
  const typed = `bmfote ${command.id.replaceAll(':', ' ')}`
  const unknownFlag = failure.flags?.[0]
  if (unknownFlag !== undefined) {
    return new BmfoteError('invalid_input', `Unknown flag: ${unknownFlag}`, {
      next: nextForUnknownFlag(unknownFlag, failure, command, typed),
    })
  }
  const sentence = plainSentence(error.message)
  const choice = nearestChoice(sentence)
  const next =
    choice === undefined ? `${typed} --help` : `did you mean ${choice}? All choices: ${typed} --help`
  return new BmfoteError('invalid_input', sentence, {next})
}

/** oclif tells the choices in its sentence only. */
function nearestChoice(sentence: string): string | undefined {
  const [, given, choices] = /^Expected (?:--[^=]+=)?(.*) to be one of: (.+)$/s.exec(sentence) ?? []
  return given === undefined || choices === undefined ? undefined : nearestWord(given, choices.split(', '))
}

function nextForUnknownFlag(
  flag: string,
  failure: ParseFailure,
  command: CommandShape,
  typed: string,
): string {
  const similar = flag.startsWith('--')
    ? nearestWord(flag.split('=')[0] ?? flag, longFlags(command))
    : undefined
  if (similar !== undefined) return `did you mean ${similar}? All flags: ${typed} --help`
  const takesWords = Object.values(command.args ?? {}).some((arg) => 'multiple' in arg && arg.multiple)
  if (!takesWords) return `${typed} --help`
  return `to look for the words themselves, put -- before it: ${withDashes(failure, typed)}`
}

function longFlags(command: CommandShape): string[] {
  const own = Object.keys({...command.baseFlags, ...command.flags})
  return [...own, 'help', ...(command.enableJsonFlag ? ['json'] : [])].map((name) => `--${name}`)
}

/** The same command line with the flags that exist first, then `--`, then the words as they were typed. */
function withDashes(failure: ParseFailure, typed: string): string {
  const output = failure.parse?.output
  const flags = (output?.raw ?? []).flatMap((token) => {
    if (token.type !== 'flag') return []
    return token.input.startsWith('-') ? [token.input] : [`--${token.flag}`, quoteForShell(token.input)]
  })
  const words = (output?.argv ?? []).map((word) => quoteForShell(String(word)))
  return [typed, ...flags, '--', ...words].join(' ')
}

/** oclif's messages name the flag on a line of its own, and end with advice that we give as the next step. */
function plainSentence(message: string): string {
  return message
    .replaceAll(/\n?See more help with --help/g, '')
    .replace(/^Parsing (--\S+) \n\t/, '$1: ')
    .trim()
}
