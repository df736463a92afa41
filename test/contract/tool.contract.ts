import {readFileSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'jsonc-parser'
import {beforeEach, describe, expect, test} from 'vitest'
import {removeOwnFiles, removeSetup} from '../../src/lib/setup/remove.ts'
import {applySetup, isNothingToDo, planSetup} from '../../src/lib/setup/setup.ts'
import type {SetupContext, Tool} from '../../src/lib/setup/tool.ts'
import {failingFileSystem} from '../helpers/failing-file-system.ts'
import {fakeProgram, SERVER, setupContext, writeText} from '../helpers/setup-context.ts'
import {snapshotTree} from '../helpers/snapshot-tree.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

/** What every tool of setup must do, whatever its files are. */
export function describeTool(tool: Tool): void {
  let home: string
  let context: SetupContext
  const program = () => fakeProgram(join(home, '..', `${home.split('/').at(-1)}-download`))
  const request = () => ({tools: [tool], context, program: program()})
  const setUp = async () => applySetup(await planSetup(request()), request())
  const remove = async () => {
    await removeSetup({tools: [tool], isAll: true}, context)
    await removeOwnFiles(context)
  }

  beforeEach(() => {
    home = tempFolder()
    context = setupContext(home)
  })

  /** The tool's own files in a home where it has never been. */
  async function files(): Promise<string[]> {
    return (await tool.edits(context)).map(({path}) => path)
  }

  /** Other people's things in every file that the tool would write. */
  async function fillWithOthers(): Promise<void> {
    for (const path of await files()) {
      if (path.endsWith('.json')) writeText(path, OTHERS_JSON, 0o640)
      else writeText(path, '# mine\n', 0o644)
    }
  }

  describe(`${tool.name}: in an empty home`, () => {
    test('the plan says what happens to each file, and touches nothing', async () => {
      const before = snapshotTree(home)

      const {steps} = await planSetup(request())

      expect(snapshotTree(home)).toEqual(before)
      const changes = steps.flatMap((step) => step.changes)
      expect(changes.map(({edit}) => edit.path)).toEqual(expect.arrayContaining(await files()))
      for (const {edit, details} of changes) {
        expect(edit.purpose).not.toBe('')
        expect(details).not.toEqual([])
      }
    })

    test('setting up twice changes nothing the second time', async () => {
      await setUp()
      const once = snapshotTree(home)

      const again = await planSetup(request())
      await applySetup(again, request())

      expect(isNothingToDo(again)).toBe(true)
      expect(snapshotTree(home)).toEqual(once)
    })

    test('removing leaves the home as it was', async () => {
      const before = snapshotTree(home)

      await setUp()
      await remove()

      expect(snapshotTree(home)).toEqual(before)
    })

    test('the token stands only where nobody else may read it, and the tool says in each call who it is', async () => {
      await setUp()

      const tree = Object.entries(snapshotTree(home))
      const open = tree.filter(
        ([, content]) => content.includes(SERVER.token ?? '') && !/^file [67]00/.test(content),
      )
      expect(open).toEqual([])
      const registered = tree.filter(([, content]) => content.includes('"bmfote-memory": {'))
      expect(registered.length).toBeGreaterThan(0)
      for (const [, content] of registered)
        expect(content).toMatch(new RegExp(`[sS]ource",?:?\\s*"${tool.name}"`))
    })

    test('a newer bmfote brings everything up to date', async () => {
      await setUp()

      const newer = {...request(), program: fakeProgram(tempFolder(), '1.3.0')}
      const plan = await planSetup(newer)
      await applySetup(plan, newer)

      expect(plan.program).toMatchObject({action: 'update', installedVersion: '1.2.3'})
      expect(readFileSync(context.paths.program, 'utf8')).toContain('1.3.0')
      await remove()
      expect(snapshotTree(home)).toEqual({})
    })
  })

  describe(`${tool.name}: among other people's things`, () => {
    beforeEach(fillWithOthers)

    test('they stay, and removing puts every byte and mode back', async () => {
      const before = snapshotTree(home)

      await setUp()
      for (const path of await files()) {
        if (path.endsWith('.json'))
          expect(contains(parse(readFileSync(path, 'utf8')), JSON.parse(OTHERS_JSON))).toBe(true)
      }
      await remove()

      expect(snapshotTree(home)).toEqual(before)
    })

    test('links to files stay links', async () => {
      const dotfiles = tempFolder()
      const links: string[] = []
      for (const path of await files()) {
        const target = join(dotfiles, path.replaceAll('/', '_'))
        if (!path.endsWith('.json')) continue
        writeText(target, OTHERS_JSON)
        rmSync(path)
        symlinkSync(target, path)
        links.push(target)
      }
      const before = {...snapshotTree(home), ...snapshotTree(dotfiles)}

      await setUp()
      expect(links.filter((path) => readFileSync(path, 'utf8') === OTHERS_JSON)).toEqual([])
      await remove()

      expect({...snapshotTree(home), ...snapshotTree(dotfiles)}).toEqual(before)
    })

    test('what was added since stays, and nothing of ours does', async () => {
      await setUp()
      const json = (await files()).filter((path) => path.endsWith('.json'))
      for (const path of json) {
        writeText(path, readFileSync(path, 'utf8').replace('{', '{"addedSince": {"x": [1, 2]},'))
      }

      await remove()

      for (const path of json) {
        expect(parse(readFileSync(path, 'utf8'))).toEqual({
          ...JSON.parse(OTHERS_JSON),
          addedSince: {x: [1, 2]},
        })
        expect(readFileSync(path, 'utf8')).toBe(OTHERS_JSON.replace('{', '{"addedSince": {"x": [1, 2]},'))
      }
    })

    test('what was added between two runs stays too', async () => {
      await setUp()
      const json = (await files()).filter((path) => path.endsWith('.json'))
      for (const path of json) {
        writeText(path, readFileSync(path, 'utf8').replace('{', '{"addedSince": true,'))
      }
      context = setupContext(home, {
        connection: {...SERVER, url: 'https://elsewhere.example.com', workspaceId: 'w'},
      })
      await setUp()

      await remove()

      for (const path of json) {
        expect(readFileSync(path, 'utf8')).toBe(OTHERS_JSON.replace('{', '{"addedSince": true,'))
      }
    })

    test('a file that is no JSON is refused, with the place, before anything is written', async () => {
      const path = (await files()).find((each) => each.endsWith('.json')) ?? ''
      writeText(path, '{\n  "a": 1\n  "b": 2\n}\n')
      const before = snapshotTree(home)

      await expect(planSetup(request())).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`${path} can't be edited: line 3, column 3`),
      })
      expect(snapshotTree(home)).toEqual(before)
    })
  })

  describe(`${tool.name}: whatever ends it in the middle`, () => {
    const OUTCOMES = ['disk full', 'killed'] as const
    type Outcome = (typeof OUTCOMES)[number]

    /** Runs the work on a disk that fails at some step. */
    async function fail(work: (context: SetupContext) => Promise<unknown>, how: Outcome, failAt: number) {
      const failing = failingFileSystem({how, failAt})
      const ended = await work({...context, fs: failing.fs}).then(
        () => 'done',
        (error: Error) => error.message,
      )
      return {ended, calls: failing.calls()}
    }

    const setUpOn = async (broken: SetupContext) => {
      const asked = {...request(), context: broken}
      await applySetup(await planSetup(asked), asked)
    }
    const removeOn = (broken: SetupContext) => removeSetup({tools: [tool], isAll: true}, broken)

    test.each(OUTCOMES)(
      '%s: each file is the old one or the new one, and it can be gone on with',
      async (how) => {
        await fillWithOthers()
        const before = snapshotTree(home)
        const {calls} = await fail(setUpOn, how, Number.POSITIVE_INFINITY)
        const after = snapshotTree(home)
        await remove()

        expect(calls).toBeGreaterThan(10)
        for (const [index, step] of someOf(calls).entries()) {
          const {ended} = await fail(setUpOn, how, step)
          if (how === 'killed') expect(ended, `step ${step}`).toContain(how)

          expectOldOrNew(snapshotTree(home), {before, after})
          if (index % 2 === 0) {
            await setUp()
            expect(withoutOwn(snapshotTree(home))).toEqual(withoutOwn(after))
          }
          await remove()
          expect(snapshotTree(home), `after step ${step}`).toEqual(before)
        }
      },
    )

    test.each(OUTCOMES)('%s: removal, too', async (how) => {
      await fillWithOthers()
      const before = snapshotTree(home)
      await setUp()
      const after = snapshotTree(home)
      const {calls} = await fail(removeOn, how, Number.POSITIVE_INFINITY)
      await remove()

      expect(calls).toBeGreaterThan(5)
      for (const step of someOf(calls)) {
        await setUp()
        const {ended} = await fail(removeOn, how, step)
        if (how === 'killed') expect(ended, `step ${step}`).toContain(how)

        expectOldOrNew(snapshotTree(home), {before, after})
        await remove()
        expect(snapshotTree(home), `after step ${step}`).toEqual(before)
      }
    })
  })

  /** Without what setup keeps to undo: how it got there may be told there. */
  function withoutOwn(tree: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('.bmfote')))
  }

  /** A kill leaves a temporary file, which a later run takes away. */
  function expectOldOrNew(
    tree: Record<string, string>,
    {before, after}: Record<'before' | 'after', Record<string, string>>,
  ): void {
    const wrong = Object.entries(withoutOwn(tree)).filter(
      ([path, content]) =>
        content !== before[path] && content !== after[path] && !/\.bmfote-\d+-[0-9a-f]{12}$/.test(path),
    )
    expect(wrong).toEqual([])
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(Object.keys(before)))
  }
}

/** Every step with TEST_THOROUGH, else about so many, spread over all. */
function someOf(calls: number): number[] {
  const stride = process.env.TEST_THOROUGH ? 1 : Math.max(1, Math.floor(calls / STEPS_MAX))
  return Array.from({length: calls}, (_, index) => index + 1).filter((step) => step % stride === 0)
}

const STEPS_MAX = 12

/** Everything of the one is in the other; lists may hold more. */
function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item) => whole.some((other) => contains(other, item)))
  }
  if (typeof part !== 'object' || part === null) return whole === part
  const object = whole as Record<string, unknown>
  return Object.entries(part).every(([key, value]) => contains(object[key], value))
}

const OTHERS_JSON = `{
    "mine": "ünchanged",
    "mcpServers": {
        "other": {"command": "x", "args": []}
    },
    "hooks": {
        "Stop": [
            {"hooks": [{"type": "command", "command": "say done"}]}
        ]
    },
    "permissions": {"allow": ["Bash(ls:*)"], "deny": []}
}
`
