import {lstatSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {removeOwnFiles, removeSetup} from '../../src/lib/setup/remove.ts'
import {applySetup, planSetup} from '../../src/lib/setup/setup.ts'
import type {SetupContext} from '../../src/lib/setup/tool.ts'
import {claudeCode} from '../../src/lib/setup/tools/claude-code.ts'
import {fakeProgram, setupContext, writeText} from '../helpers/setup-context.ts'
import {snapshotTree} from '../helpers/snapshot-tree.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

let home: string
let context: SetupContext
let request: Parameters<typeof planSetup>[0]

beforeEach(() => {
  home = tempFolder()
  context = setupContext(home)
  request = {tools: [claudeCode], context, program: fakeProgram(tempFolder())}
})

const setUp = async () => applySetup(await planSetup(request), request)
const remove = async () => {
  await removeSetup({tools: [claudeCode], isAll: true}, context)
  await removeOwnFiles(context)
}
const hook = () => join(home, '.claude/hooks/bmfote-stop.sh')

describe('links where setup writes', () => {
  test('a link at the place of a hook to somebody’s own file is refused, and that file is not touched', async () => {
    writeText(join(home, '.bashrc'), 'alias ll="ls -l"\n')
    mkdirSync(join(home, '.claude/hooks'), {recursive: true})
    symlinkSync('../../.bashrc', hook())
    const before = snapshotTree(home)

    await expect(planSetup(request)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /bmfote-stop\.sh is a link to .*\.bashrc, and that file is not bmfote's/,
      ),
    })
    expect(snapshotTree(home)).toEqual(before)
  })

  test('a link that was put there after the plan was shown is refused as well', async () => {
    writeText(join(home, '.bashrc'), 'alias ll="ls -l"\n')
    const plan = await planSetup(request)
    mkdirSync(join(home, '.claude/hooks'), {recursive: true})
    symlinkSync('../../.bashrc', hook())

    await expect(applySetup(plan, request)).rejects.toMatchObject({code: 'conflict'})
    expect(readFileSync(join(home, '.bashrc'), 'utf8')).toBe('alias ll="ls -l"\n')
  })

  test('a hook that somebody keeps among their dotfiles stays a link, and comes back as it was', async () => {
    const dotfiles = join(home, 'dotfiles')
    writeText(join(dotfiles, 'bmfote-stop.sh'), '#!/bin/sh\n# bmfote, of an earlier release\n', 0o755)
    mkdirSync(join(home, '.claude/hooks'), {recursive: true})
    symlinkSync(join(dotfiles, 'bmfote-stop.sh'), hook())
    const before = snapshotTree(home)

    await setUp()
    expect(lstatSync(hook()).isSymbolicLink()).toBe(true)
    expect(readFileSync(hook(), 'utf8')).toContain('hook send')
    await remove()

    expect(snapshotTree(home)).toEqual(before)
  })

  test('all of Claude Code’s folder may be a link', async () => {
    const dotfiles = join(home, 'dotfiles')
    writeText(join(dotfiles, 'claude/settings.json'), '{"model": "opus"}\n')
    symlinkSync('dotfiles/claude', join(home, '.claude'))
    const before = snapshotTree(home)

    await setUp()
    expect(readFileSync(join(dotfiles, 'claude/settings.json'), 'utf8')).toContain('bmfote-stop.sh')
    await remove()

    expect(snapshotTree(home)).toEqual(before)
  })

  test('a link at the place of the program is replaced, and what it leads to is not', async () => {
    writeText(join(home, 'tool'), '#!/bin/sh\nexit 1\n', 0o755)
    mkdirSync(join(home, '.bmfote/bin'), {recursive: true})
    symlinkSync('../../tool', context.paths.program)

    await setUp()

    expect(readFileSync(join(home, 'tool'), 'utf8')).toBe('#!/bin/sh\nexit 1\n')
    expect(lstatSync(context.paths.program).isSymbolicLink()).toBe(false)
  })
})
