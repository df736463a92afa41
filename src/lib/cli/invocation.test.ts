import {describe, expect, test} from 'vitest'
import {argumentsOf} from './invocation.ts'

const COMPILED = '/$bunfs/root/bmfote'

function typed(program: string, ...words: string[]): string[] {
  return argumentsOf({argv0: program, argv: ['bun', COMPILED, ...words]})
}

describe('argumentsOf', () => {
  test('the words after the program, as they stand', () => {
    expect(typed('bmfote', 'search', 'a b', '--json')).toEqual(['search', 'a b', '--json'])
    expect(typed('/usr/local/bin/bmfote')).toEqual([])
  })

  test.each(['bmfote-agent', '/opt/bin/bmfote-agent', String.raw`C:\bin\bmfote-agent.exe`])(
    '%s is the agent topic under its own name',
    (program) => {
      expect(typed(program, 'list', '--json')).toEqual(['agent', 'list', '--json'])
      expect(typed(program, '--help')).toEqual(['agent', '--help'])
      expect(typed(program)).toEqual(['agent'])
      expect(typed(program, 'help', 'create')).toEqual(['help', 'agent', 'create'])
    },
  )

  test('the version is that of the program, under either name', () => {
    expect(typed('bmfote-agent', '--version', '--json')).toEqual(['--version', '--json'])
  })

  test('a script is known by its path, for argv0 is the runtime', () => {
    expect(argumentsOf({argv0: 'bun', argv: ['bun', '/x/bmfote-agent', 'list']})).toEqual(['agent', 'list'])
  })

  test('a word that names the second program is a word', () => {
    expect(typed('bmfote', 'search', 'bmfote-agent')).toEqual(['search', 'bmfote-agent'])
  })
})
