import {Config} from '@oclif/core/config'
import type {Plugin} from '@oclif/core/interfaces'
import {beforeAll, describe, expect, test} from 'vitest'
import {findCommand} from './find-command.ts'

let config: Config

beforeAll(async () => {
  config = await configOf({
    search: {query: {multiple: true}},
    'server:start': {},
    'import:claude-code': {path: {multiple: true}},
    'import:jsonl': {file: {}},
    setup: {tool: {multiple: true, options: ['claude-code', 'cursor', 'statusline']}},
    'setup:status': {},
    'setup:undo': {},
    remember: {content: {}},
  })
})

describe('findCommand', () => {
  test('the longest run of words that is a command; the rest are its arguments', () => {
    expect(findCommand(config, ['server', 'start', '--port', '1'])).toEqual({
      kind: 'command',
      id: 'server:start',
      argv: ['--port', '1'],
    })
    expect(findCommand(config, ['search', 'server', 'start'])).toEqual({
      kind: 'command',
      id: 'search',
      argv: ['server', 'start'],
    })
  })

  test('a topic alone is a topic', () => {
    expect(findCommand(config, ['server'])).toEqual({kind: 'topic', id: 'server'})
  })

  test('a command that is a topic too takes its own arguments', () => {
    expect(findCommand(config, ['setup', 'cursor'])).toMatchObject({id: 'setup', argv: ['cursor']})
    expect(findCommand(config, ['setup', 'statusline'])).toMatchObject({id: 'setup'})
    expect(findCommand(config, ['setup', 'status'])).toMatchObject({id: 'setup:status'})
    expect(findCommand(config, ['setup'])).toMatchObject({id: 'setup', argv: []})
  })

  test.each([
    [['setup', 'stauts'], 'There is no command "setup stauts".', 'did you mean: bmfote setup status'],
    [['setup', 'cusror'], 'There is no command "setup cusror".', 'did you mean: bmfote setup cursor'],
    [['setup', 'emacs'], 'There is no command "setup emacs".', 'all commands: bmfote help setup'],
    [['serach', 'x'], 'There is no command "serach".', 'did you mean: bmfote search'],
    [['server', 'strat'], 'There is no command "server strat".', 'did you mean: bmfote server start'],
    [['server', 'dance'], 'There is no command "server dance".', 'all commands: bmfote help server'],
    [['sevrer', 'start'], 'There is no command "sevrer".', 'did you mean: bmfote server'],
    [['start'], 'There is no command "start".', 'did you mean: bmfote server start'],
    [['claude-code'], 'There is no command "claude-code".', 'did you mean: bmfote import claude-code'],
    [['xyzzy'], 'There is no command "xyzzy".', 'all commands: bmfote help'],
    [
      ['--limit', '5'],
      'Unknown flag: --limit',
      'flags come after the command: bmfote COMMAND --flag (all commands: bmfote help)',
    ],
  ])('%j', (argv, message, next) => {
    expect(() => findCommand(config, argv)).toThrow(
      expect.objectContaining({code: 'invalid_input', message, next}),
    )
  })
})

type ArgShape = Record<string, {multiple?: boolean; options?: string[]}>

async function configOf(commands: Record<string, ArgShape>): Promise<Config> {
  const plugin = {
    name: 'test',
    root: '/nowhere',
    pjson: {name: 'test', version: '1.0.0', oclif: {topicSeparator: ' '}},
    hooks: {},
    topics: [{name: 'server'}],
    commands: Object.entries(commands).map(([id, args]) => ({
      id,
      args,
      flags: {},
      aliases: [],
      hiddenAliases: [],
    })),
  }
  return Config.load({root: plugin.root, plugins: new Map([['test', plugin as unknown as Plugin]])})
}
