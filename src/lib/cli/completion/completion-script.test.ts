import {spawnSync} from 'node:child_process'
import type {Command} from '@oclif/core'
import {describe, expect, test} from 'vitest'
import {completionScript} from './completion-script.ts'

const commands = [
  {
    id: 'setup',
    summary: "don't ask: do it",
    args: {tool: {name: 'tool', options: ['claude-code', 'cursor']}},
    flags: {
      level: {name: 'level', type: 'option', options: ['low', 'high'], description: 'a [strange] "level"'},
    },
  },
  {id: 'setup:status', summary: 'where it stands', args: {}, flags: {}},
  {
    id: 'server:start',
    summary: 'start it',
    args: {},
    flags: {debug: {name: 'debug', type: 'boolean', hidden: true}},
  },
  {id: 'secret', hidden: true, args: {}, flags: {}},
] as unknown as Command.Loadable[]
const topics = [{name: 'server', description: 'the server'}]

describe('completionScript', () => {
  test('bash: a command that is a topic too offers its sub-commands and its choices', () => {
    const script = completionScript('bash', {commands, topics})

    expect(script).toContain(`setup) words="claude-code cursor status" flags="--level --help"`)
    expect(script).toContain(`'setup --level') values="low high"`)
    expect(spawnSync('bash', ['-n'], {input: script}).status).toBe(0)
  })

  test('zsh: descriptions survive their quotes and colons', () => {
    const script = completionScript('zsh', {commands, topics})

    expect(script).toContain(`'setup:don'\\''t ask: do it' 'server:the server'`)
    expect(script).toContain(`'--level:a [strange] "level"'`)
  })

  test('fish: likewise', () => {
    const script = completionScript('fish', {commands, topics})

    expect(script).toContain(`-a 'setup' -d 'don\\'t ask: do it'`)
    expect(script).toContain(`-l level -x -a 'low high' -d 'a [strange] "level"'`)
  })

  test.each(['bash', 'zsh', 'fish'] as const)('%s: what is hidden stays hidden', (shell) => {
    const script = completionScript(shell, {commands, topics})

    expect(script).not.toContain('secret')
    expect(script).not.toContain('debug')
  })
})
