import {lstatSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {stripComments} from 'jsonc-parser'
import {describe, expect, test} from 'vitest'
import {HOOK_EVENTS} from '../../src/lib/setup/claude-code/hook-events.ts'
import {settingsEdit} from '../../src/lib/setup/claude-code/settings.ts'
import {removeOwnFiles, removeSetup} from '../../src/lib/setup/remove.ts'
import {applySetup, isNothingToDo, planSetup} from '../../src/lib/setup/setup.ts'
import {claudeCode} from '../../src/lib/setup/tools/claude-code.ts'
import {fakeProgram, setupContext, writeText} from '../helpers/setup-context.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

/** Fewer by SETTINGS_FILES, where time is short. */
const FILES = Number(process.env.SETTINGS_FILES ?? 1_000)
const FILES_ON_DISK = Math.ceil(FILES / 20)

const paths = setupContext('/home/ana').paths
const settings = settingsEdit({
  path: join(paths.claude, 'settings.json'),
  paths,
  isOldest: (script) => script.endsWith('/post-compaction-context.sh'),
})

describe('settings of any shape', {timeout: 240_000}, () => {
  test('set up, set up again, and without what is ours: the same as before, to the byte', () => {
    fc.assert(
      fc.property(settingsFile(), (text) => {
        const once = settings.install(text).text ?? ''
        const again = settings.install(once)
        const removed = settings.uninstall(once, text) ?? ''

        expect(again).toEqual({text: once, details: []})
        for (const {name} of HOOK_EVENTS) expect(ourCommands(read(once), name), name).toHaveLength(1)
        expect(read(removed)).toEqual(withoutOurs(read(text)))
        expect(Object.keys(read(removed))).toEqual(Object.keys(read(text)))
        const hadOurs = JSON.stringify(withoutOurs(read(text))) !== JSON.stringify(read(text))
        if (!hadOurs) expect(removed).toBe(text)
      }),
      {numRuns: FILES},
    )
  })

  test('on the disk: set up, set up again, remove', async () => {
    await fc.assert(
      fc.asyncProperty(settingsFile(), fc.constantFrom(0o600, 0o644), async (text, mode) => {
        const home = tempFolder()
        const context = setupContext(home)
        const path = join(context.paths.claude, 'settings.json')
        writeText(path, text, mode)
        const request = {tools: [claudeCode], context, program: fakeProgram(tempFolder())}

        await applySetup(await planSetup(request), request)
        expect(isNothingToDo(await planSetup(request))).toBe(true)
        expect(readFileSync(path, 'utf8')).not.toBe(text)
        await removeSetup({tools: [claudeCode], isAll: true}, context)
        await removeOwnFiles(context)

        expect(readFileSync(path, 'utf8')).toBe(text)
        expect(lstatSync(path).mode & 0o777).toBe(mode)
        rmSync(home, {recursive: true})
      }),
      {numRuns: FILES_ON_DISK},
    )
  })
})

/** Files as people and programs write them: anything around, hooks of others, ours of now and of before. */
function settingsFile(): fc.Arbitrary<string> {
  const json = fc.jsonValue({maxDepth: 3})
  const command = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'say done',
      '~/.claude/hooks/bmfote-stop.sh',
      '/home/ana/.claude/hooks/bmfote-post-compaction-context.sh',
      '/home/ana/.claude/hooks/post-compaction-context.sh',
      'echo bmfote-stop.sh',
    ),
  )
  const handler = fc.record(
    {type: fc.constant('command'), command, timeout: fc.integer({min: 1, max: 60})},
    {requiredKeys: ['type', 'command']},
  )
  const group = fc.record(
    {
      matcher: fc.constantFrom('', '*', 'Bash', 'startup|clear|compact'),
      hooks: fc.array(handler, {maxLength: 3}),
    },
    {requiredKeys: ['hooks']},
  )
  const event = fc.oneof(fc.constantFrom(...HOOK_EVENTS.map(({name}) => name), 'Notification'), fc.string())
  const hooks = fc.dictionary(event, fc.array(group, {maxLength: 3}), {maxKeys: 5})
  const rule = fc.oneof(
    fc.string(),
    fc.constantFrom('Bash(ls:*)', 'mcp__bmfote-memory', 'mcp__bmfote-memory__remember'),
  )
  const permissions = fc.record(
    {allow: fc.array(rule), deny: fc.array(rule), defaultMode: fc.string()},
    {requiredKeys: []},
  )
  const known = fc.record(
    {hooks, permissions, env: fc.dictionary(fc.string(), fc.string())},
    {requiredKeys: []},
  )
  const whole = fc
    .tuple(fc.dictionary(fc.string(), json, {maxKeys: 4}), known, fc.boolean())
    .map(([others, ours, isFirst]) => (isFirst ? {...ours, ...others} : {...others, ...ours}))
    .filter((object) => isUsable(object))
  return fc.tuple(whole, format()).map(([object, render]) => render(object))
}

function format(): fc.Arbitrary<(value: unknown) => string> {
  return fc.constantFrom<((value: unknown) => string)[]>(
    (value) => JSON.stringify(value),
    (value) => `${JSON.stringify(value, null, 2)}\n`,
    (value) => JSON.stringify(value, null, '\t'),
    (value) => JSON.stringify(value, null, 4).replaceAll('\n', '\r\n'),
    (value) => `\uFEFF${JSON.stringify(value, null, 2)}`,
    (value) => `\n\n${JSON.stringify(value, null, 1)}\n\n\n`,
    (value) => `// mine\n${JSON.stringify(value, null, 2)}\n/* the end */`,
    (value) => JSON.stringify(value, null, 2).replaceAll('\n', ' // a "comment", with {\n'),
  )
}

/** Where other people's values stand where lists and objects belong, setup refuses; that has a test of its own. */
function isUsable(object: Record<string, unknown>): boolean {
  const {hooks = {}, permissions = {}} = object as {hooks?: unknown; permissions?: {allow?: unknown}}
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  return (
    isObject(hooks) &&
    Object.values(hooks as object).every(Array.isArray) &&
    isObject(permissions) &&
    (permissions.allow === undefined || Array.isArray(permissions.allow))
  )
}

type Settings = Record<string, unknown> & {hooks?: Record<string, {hooks: {command: string}[]}[]>}

/** As strictly as Claude Code reads it, but for comments. */
function read(text: string): Settings {
  return JSON.parse(stripComments(text.replace(/^\uFEFF/, '')))
}

function isOurs(command: string): boolean {
  return /^[^ ]*\/hooks\/(bmfote-.*|post-compaction-context)\.sh$/.test(command)
}

function ourCommands({hooks = {}}: Settings, event: string): string[] {
  const groups = hooks[event] ?? []
  return groups.flatMap((group) => group.hooks.map(({command}) => command)).filter(isOurs)
}

/** The same settings without hooks of any bmfote; what is left of a group stays. */
function withoutOurs(settings: Settings): Settings {
  if (settings.hooks === undefined) return settings
  const hooks = Object.entries(settings.hooks).map(([event, groups]) => {
    const kept = groups.map((group) => ({
      ...group,
      hooks: group.hooks.filter(({command}) => !isOurs(command)),
    }))
    return [event, kept.filter((group, index) => group.hooks.length > 0 || groups[index]?.hooks.length === 0)]
  })
  return {...settings, hooks: Object.fromEntries(hooks)}
}
