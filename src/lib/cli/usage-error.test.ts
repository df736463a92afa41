import {Args, Flags} from '@oclif/core'
import {Config} from '@oclif/core/config'
import {beforeAll, expect, test} from 'vitest'
import {BaseCommand} from './base-command.ts'
import {joinWords, limitFlag, wordsArg, workspaceFlag} from './flags.ts'

class Search extends BaseCommand {
  static override id = 'search'
  static override enableJsonFlag = true
  static override args = {query: wordsArg({description: 'what to look for', required: true})}
  static override flags = {limit: limitFlag({default: 20, max: 100}), workspace: workspaceFlag}

  async run(): Promise<{query: string; limit: number}> {
    const {args, flags} = await this.parse(Search)
    return {query: joinWords(args.query), limit: flags.limit}
  }
}

class Serve extends BaseCommand {
  static override id = 'server:start'
  static override args = {kind: Args.option({options: ['big', 'small'] as const})()}
  static override flags = {port: Flags.integer({min: 1})}

  async run(): Promise<void> {
    await this.parse(Serve)
  }
}

let config: Config

beforeAll(async () => {
  config = await Config.load(import.meta.dirname)
})

test('words need no quotes', async () => {
  expect(await new Search(['what', 'was', 'the ICP', '-n', '3'], config).run()).toEqual({
    query: 'what was the ICP',
    limit: 3,
  })
})

test('after -- every word is a word', async () => {
  expect(await new Search(['-n', '3', '--', '-foo', '--json'], config).run()).toEqual({
    query: '-foo --json',
    limit: 3,
  })
})

test.each([
  [['-foo', 'bar'], 'Unknown flag: -foo', 'bmfote search -- -foo bar'],
  [['--', 'x'].slice(1).concat('--verbatim'), 'Unknown flag: --verbatim', 'bmfote search -- x --verbatim'],
  [
    ['-n', '5', "it's", '-foo', '--json'],
    'Unknown flag: -foo',
    `bmfote search --limit 5 --json -- 'it'\\''s' -foo`,
  ],
])('%j is told to put -- before it', async (argv, message, next) => {
  await expect(new Search(argv, config).run()).rejects.toMatchObject({
    code: 'invalid_input',
    message,
    next: `to look for the words themselves, put -- before it: ${next}`,
  })
})

test('a flag that is nearly one is taken for a slip', async () => {
  await expect(new Search(['x', '--limt=5'], config).run()).rejects.toMatchObject({
    message: 'Unknown flag: --limt=5',
    next: 'did you mean --limit? All flags: bmfote search --help',
  })
})

test.each([
  [['--limit', 'many', 'x'], '--limit: Expected an integer but received: many'],
  [[], 'Missing 1 required arg:\nquery  what to look for'],
])('%j is said in one sentence, without oclif’s advice', async (argv, message) => {
  await expect(new Search(argv, config).run()).rejects.toMatchObject({message, next: 'bmfote search --help'})
})

test.each([
  [['--prot=1'], 'Unknown flag: --prot=1', 'did you mean --port? All flags: bmfote server start --help'],
  [['-x'], 'Unknown flag: -x', 'bmfote server start --help'],
  [
    ['bigg'],
    'Expected bigg to be one of: big, small',
    'did you mean big? All choices: bmfote server start --help',
  ],
  [['enormous'], 'Expected enormous to be one of: big, small', 'bmfote server start --help'],
  [['big', 'more'], 'Unexpected argument: more', 'bmfote server start --help'],
])('%j of a command that takes no free words', async (argv, message, next) => {
  await expect(new Serve(argv, config).run()).rejects.toMatchObject({code: 'invalid_input', message, next})
})
