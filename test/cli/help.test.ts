import {afterAll, describe, expect, test} from 'vitest'
import packageJson from '../../package.json' with {type: 'json'}
import {BINARY, readJson, runBinary} from '../helpers/run-binary.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const home = createTempHome()
afterAll(() => home.remove())

const {version} = packageJson

describe('bmfote alone', () => {
  test('says what it is and what to type next', async () => {
    const {stdout, stderr, exitCode} = await runBinary([], {home})

    expect(stdout.replace(version, 'VERSION')).toMatchInlineSnapshot(`
      "bmfote VERSION
      One memory that all your AI tools share, in one binary that you own

        $ bmfote import claude-code              read the history that is already on this machine
        $ bmfote search what was the ICP         find it again, in plain words
        $ bmfote remember "We ship on Tuesdays"  write something down
        $ bmfote server start                    share it with every tool, over REST and MCP

      All commands: bmfote help
      "
    `)
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  })

  test('names only commands that there are', async () => {
    const {stdout} = await runBinary([], {home})
    const named = [...stdout.matchAll(/^ {2}\$ bmfote (.+?) {2}/gm)].map(([, words]) => words ?? '')

    expect(named).toHaveLength(4)
    for (const words of named) {
      const {exitCode} = await runBinary(
        ['help', ...words.split(' ').filter((word) => !word.startsWith('"'))],
        {home},
      )
      expect(exitCode, words).toBe(0)
    }
  })
})

describe('--version', () => {
  test.each([['--version'], ['-v'], ['-V'], ['version']])('%s', async (word) => {
    expect(await runBinary([word], {home})).toMatchObject({
      stdout: `bmfote ${version}\n`,
      stderr: '',
      exitCode: 0,
    })
  })

  test('--json names licence and source, as AGPL-3.0 wants them named', async () => {
    expect(readJson(await runBinary(['--version', '--json'], {home}))).toEqual({
      name: 'bmfote',
      version,
      license: 'AGPL-3.0-only',
      source: 'https://github.com/bmfote/bmfote',
    })
  })
})

describe('help', () => {
  test.each([[['help']], [['--help']], [['-h']]])('%j lists topics and commands', async (args) => {
    const {stdout, stderr, exitCode} = await runBinary(args, {home})

    expect(stdout).toMatch(/^One memory that all your AI tools share/)
    expect(stdout).toMatch(/^USAGE\n {2}\$ bmfote COMMAND$/m)
    expect(stdout).toMatch(/^ {2}completion {2,}print the completion script of a shell$/m)
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  })

  test('of a command: arguments, flags, examples', async () => {
    const {stdout} = await runBinary(['help', 'completion'], {home})

    expect(stdout).toMatchInlineSnapshot(`
      "print the completion script of a shell

      USAGE
        $ bmfote completion SHELL

      ARGUMENTS
        SHELL  (bash|zsh|fish) the shell

      DESCRIPTION
        Load it where the shell starts, so that it always fits the installed version:
        bash: eval "$(bmfote completion bash)" in ~/.bashrc
        zsh:  eval "$(bmfote completion zsh)" in ~/.zshrc
        fish: bmfote completion fish | source in ~/.config/fish/config.fish

      EXAMPLES
        $ bmfote completion bash

        $ bmfote completion fish

      "
    `)
  })

  test.each([
    [['completion', '--help']],
    [['completion', '-h']],
    [['completion', 'bash', '--help']],
    [['--help', 'completion']],
  ])('%j is the same help', async (args) => {
    const {stdout, exitCode} = await runBinary(args, {home})

    expect(stdout).toBe((await runBinary(['help', 'completion'], {home})).stdout)
    expect(exitCode).toBe(0)
  })

  test.each([[['server']], [['server', '--help']], [['help', 'server']]])(
    '%j lists the topic',
    async (args) => {
      const {stdout, exitCode} = await runBinary(args, {home})

      expect(stdout).toMatch(
        /^the memory as a server, over REST and MCP\n\nUSAGE\n {2}\$ bmfote server COMMAND\n/,
      )
      expect(exitCode).toBe(0)
    },
  )

  test('bmfote-agent is the agent topic', async () => {
    const {stdout, exitCode} = await runBinary(['--help'], {home, binary: `${BINARY}-agent`})

    expect(stdout).toMatch(
      /^Anthropic Managed Agents that use this memory\n\nUSAGE\n {2}\$ bmfote agent COMMAND\n/,
    )
    expect(exitCode).toBe(0)
  })

  test('no colour when it goes into a file, or when nobody wants any', async () => {
    const withoutWish = {home: {...home, env: {...home.env, NO_COLOR: ''}}}

    expect((await runBinary(['help'], withoutWish)).stdout).not.toContain('\u001b')
    expect((await runBinary(['help'], {home, env: {FORCE_COLOR: '1', NO_COLOR: '1'}})).stdout).not.toContain(
      '\u001b',
    )
  })
})
