import type {Config} from '@oclif/core/config'
import {BmfoteError} from '../model/errors.ts'
import {nearestWord} from './suggest.ts'

/** What the words of a command line mean: a command with its arguments, or a topic that holds commands. */
export type Found = {kind: 'command'; id: string; argv: string[]} | {kind: 'topic'; id: string}

/** Throws `invalid_input` with the nearest command there is. */
export function findCommand(config: Config, argv: readonly string[]): Found {
  const words = leadingWords(argv)
  for (let count = words.length; count > 0; count--) {
    const id = words.slice(0, count).join(':')
    if (config.findCommand(id)) {
      refuseMistypedSubcommand(config, id, words[count])
      return {kind: 'command', id, argv: argv.slice(count)}
    }
    if (isTopic(config, id)) {
      if (count === words.length) return {kind: 'topic', id}
      throw unknownCommand(config, words.slice(0, count + 1), id)
    }
  }
  if (words.length === 0) {
    throw new BmfoteError('invalid_input', `Unknown flag: ${argv[0]}`, {
      next: 'flags come after the command: bmfote COMMAND --flag (all commands: bmfote help)',
    })
  }
  throw unknownCommand(config, words.slice(0, 1))
}

function leadingWords(argv: readonly string[]): string[] {
  const end = argv.findIndex((word) => word.startsWith('-'))
  return end === -1 ? [...argv] : argv.slice(0, end)
}

/** A topic has commands below it, or is declared to get some. */
function isTopic(config: Config, id: string): boolean {
  return config.topics.some(({name}) => name === id && !config.findCommand(name))
}

/**
 * Where a command is a topic too (`setup`, and `setup status`), a word that is nearly a sub-command's name is a slip,
 * not an argument. A word that the command lists among its choices is meant as it stands.
 */
function refuseMistypedSubcommand(config: Config, id: string, word: string | undefined): void {
  const subcommands = subcommandWords(config, id)
  if (word === undefined || subcommands.length === 0) return
  const choices = Object.values(config.findCommand(id)?.args ?? {}).flatMap((arg) => arg.options ?? [])
  if (choices.includes(word)) return
  const nearest = nearestWord(word, [...subcommands, ...choices])
  if (nearest === undefined && choices.length === 0) return
  throw unknownCommand(config, [...id.split(':'), word], id)
}

function subcommandWords(config: Config, id: string): string[] {
  const depth = id === '' ? 0 : id.split(':').length
  const below =
    id === '' ? visibleIds(config) : visibleIds(config).filter((other) => other.startsWith(`${id}:`))
  return [...new Set(below.map((other) => other.split(':')[depth] ?? ''))]
}

function visibleIds(config: Config): string[] {
  return config.commands.filter((command) => !command.hidden).map((command) => command.id)
}

function unknownCommand(config: Config, words: string[], topic = ''): BmfoteError {
  const typed = words.join(' ')
  const nearest = nearestCommand(config, words, topic)
  const help = topic === '' ? 'bmfote help' : `bmfote help ${topic.replaceAll(':', ' ')}`
  return new BmfoteError('invalid_input', `There is no command "${typed}".`, {
    next: nearest === undefined ? `all commands: ${help}` : `did you mean: bmfote ${nearest}`,
  })
}

/** First among the commands of the topic; a word that stands in no topic is looked for among all of them. */
function nearestCommand(config: Config, words: string[], topic: string): string | undefined {
  const last = words.at(-1) ?? ''
  const choices = Object.values(config.findCommand(topic)?.args ?? {}).flatMap((arg) => arg.options ?? [])
  const here = nearestWord(last, [...subcommandWords(config, topic), ...choices])
  if (here !== undefined) return [...words.slice(0, -1), here].join(' ')
  const everywhere = visibleIds(config).map((id) => id.replaceAll(':', ' '))
  return nearestWord(words.join(' '), everywhere) ?? everywhere.find((id) => id.split(' ').at(-1) === last)
}
