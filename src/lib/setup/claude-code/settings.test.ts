import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {resolvePaths} from '../../config/environment.ts'
import {HOOK_EVENTS} from './hook-events.ts'
import {settingsEdit} from './settings.ts'

const paths = resolvePaths({HOME: '/home/ana'})
const HOOKS = '/home/ana/.claude/hooks'

function edit(options: {isOldest?: (script: string) => boolean; environment?: Record<string, string>} = {}) {
  const own = options.environment ? resolvePaths({HOME: '/home/ana', ...options.environment}) : paths
  return settingsEdit({
    path: join(own.claude, 'settings.json'),
    paths: own,
    isOldest: options.isOldest ?? (() => false),
  })
}

interface Group {
  matcher?: string
  hooks: {type: string; command: string; timeout?: number}[]
}

function installed(settings: object, options: Parameters<typeof edit>[0] = {}) {
  const {text, details} = edit(options).install(JSON.stringify(settings))
  const result: {hooks: Record<string, Group[]>; permissions: {allow: string[]}} = JSON.parse(text ?? '')
  return {...result, details: details.map(({sign, text: said}) => `${sign} ${said}`)}
}

const hook = (command: string): Group => ({hooks: [{type: 'command', command}]})

describe('what Claude Code is to run', () => {
  test('each event starts its own script, with a limit; a resumed session is told nothing again', () => {
    const {hooks} = installed({})

    expect(Object.keys(hooks)).toEqual(HOOK_EVENTS.map(({name}) => name))
    expect(hooks.SessionStart).toEqual([
      {
        matcher: 'startup|clear|compact',
        hooks: [{type: 'command', command: '~/.claude/hooks/bmfote-session-start.sh', timeout: 10}],
      },
    ])
    expect(hooks.PostToolUseFailure).toEqual([
      {hooks: [{type: 'command', command: '~/.claude/hooks/bmfote-post-tool-use-failure.sh', timeout: 10}]},
    ])
  })

  test('another folder of Claude Code is named in full, and quoted', () => {
    const {hooks} = installed({}, {environment: {CLAUDE_CONFIG_DIR: "/home/ana/it's work"}})

    expect(hooks.Stop?.[0]?.hooks[0]?.command).toBe("'/home/ana/it'\\''s work/hooks/bmfote-stop.sh'")
  })

  test('the memory’s tools have leave, each by its name, and what each may do is said', () => {
    const {permissions, details} = installed({permissions: {allow: ['Bash(ls:*)'], deny: []}})

    expect(permissions).toEqual({
      allow: [
        'Bash(ls:*)',
        'mcp__bmfote-memory__search_memory',
        'mcp__bmfote-memory__find_error',
        'mcp__bmfote-memory__get_context',
        'mcp__bmfote-memory__get_recent',
        'mcp__bmfote-memory__remember',
      ],
      deny: [],
    })
    expect(details).toContain('+ leave for mcp__bmfote-memory__get_recent: reads the memory')
    expect(details).toContain(
      '+ leave for mcp__bmfote-memory__remember: writes into the memory, changes and deletes nothing there',
    )
  })

  test('leave for the whole server is leave enough', () => {
    const {permissions} = installed({permissions: {allow: ['mcp__bmfote-memory']}})

    expect(permissions.allow).toEqual(['mcp__bmfote-memory'])
  })
})

describe('what earlier releases have put there', () => {
  const older = {
    hooks: {
      UserPromptSubmit: [hook(`${HOOKS}/post-compaction-context.sh`)],
      Stop: [hook('say done'), {hooks: [...hook(`${HOOKS}/bmfote-stop.sh`).hooks, ...hook('beep').hooks]}],
      PreCompact: [hook(`${HOOKS}/bmfote-pre-compaction-context.sh`)],
    },
  }
  const isOldest = (script: string) => script === `${HOOKS}/post-compaction-context.sh`

  test('is replaced, not doubled, and said; what others run beside it stays', () => {
    const {hooks, details} = installed(older, {isOldest})

    expect(hooks.UserPromptSubmit).toHaveLength(1)
    expect(hooks.Stop?.map((group) => group.hooks.map(({command}) => command))).toEqual([
      ['say done'],
      ['beep'],
      ['~/.claude/hooks/bmfote-stop.sh'],
    ])
    expect(hooks.PreCompact).toHaveLength(1)
    expect(details).toEqual(expect.arrayContaining([`- hook ${HOOKS}/post-compaction-context.sh`]))
  })

  test('a script of the same name that is somebody else’s stays', () => {
    const {hooks} = installed({hooks: {Stop: [hook(`${HOOKS}/stop.sh`)]}}, {isOldest})

    expect(hooks.Stop?.[0]).toEqual(hook(`${HOOKS}/stop.sh`))
    expect(hooks.Stop).toHaveLength(2)
  })

  test('without a note of it, removal takes that too', () => {
    const removed = edit({isOldest}).uninstall(JSON.stringify(older), undefined)

    expect(JSON.parse(removed ?? '')).toEqual({hooks: {Stop: [hook('say done'), hook('beep')]}})
  })
})

describe('what others have there', () => {
  test.each([
    'echo bmfote-stop.sh',
    '~/.claude/hooks/bmfote-stop.sh; say done',
    '/usr/lib/bmfote-stop.sh',
    'notify --file ~/.claude/hooks/bmfote-stop.sh.log',
  ])('a command that only mentions ours is not ours: %s', (command) => {
    expect(installed({hooks: {Stop: [hook(command)]}}).hooks.Stop?.[0]).toEqual(hook(command))
  })

  test('handlers that are no commands, and groups of odd shapes, are left alone', () => {
    const odd = [{hooks: [{type: 'http', url: 'https://x'}]}, {matcher: 'x'}, null, {hooks: 'no list'}]

    expect(installed({hooks: {Stop: odd}}).hooks.Stop?.slice(0, 4)).toEqual(odd)
  })

  test('our hook in a second place is a doubled one', () => {
    const {hooks} = installed({})
    const [group] = hooks.Stop ?? []
    const doubled = {hooks: {Stop: [group, group], Notification: [group]}}

    expect(installed(doubled).hooks).toMatchObject({Stop: [group], Notification: []})
  })

  test.each([
    ['{"hooks": []}', 'line 1, column 11: hooks is expected to be an object'],
    ['{"hooks": {"Stop": {}}}', 'line 1, column 20: hooks.Stop is expected to be a list'],
    ['{"permissions": {"allow": "all"}}', 'permissions.allow is expected to be a list'],
    ['{"hooks": {}, "hooks": {}}', 'line 1, column 15: "hooks" is there twice'],
    ['[]', 'line 1, column 1: an object in braces is expected'],
    ['{\n  "a": 1,\n}', 'line 3, column 1'],
    ['{"a": "\n"}', 'a string does not end'],
  ])('what can’t be meant is refused with its place: %s', (text, place) => {
    expect(() => edit().install(text)).toThrow(place)
  })

  test.each(['', '\n', '// nothing yet\n'])(
    'a file with nothing in it is taken for an empty one: %j',
    (text) => {
      const {text: once = ''} = edit().install(text)

      expect(once.startsWith(text)).toBe(true)
      expect(edit().install(once).text).toBe(once)
    },
  )
})
