import {existsSync, lstatSync, readdirSync, readFileSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {failingFileSystem} from '../../../test/helpers/failing-file-system.ts'
import {fakeProgram, writeText} from '../../../test/helpers/setup-context.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {realFileSystem} from './file-system.ts'
import {installProgram, isNewer, planProgram, versionOf} from './program.ts'

const target = () => join(tempFolder(), '.bmfote', 'bin', 'bmfote')

async function install(version: string, path: string) {
  const own = fakeProgram(tempFolder(), version)
  await installProgram(own, path, realFileSystem)
  return own
}

describe('the program’s own copy', () => {
  test('is made, runs without the one it came from, and is then left alone', async () => {
    const path = target()
    const own = fakeProgram(tempFolder())

    expect(await planProgram(own, path, realFileSystem)).toMatchObject({action: 'copy'})
    await installProgram(own, path, realFileSystem)

    expect(await versionOf(path)).toBe('1.2.3')
    expect(lstatSync(path).mode & 0o777).toBe(0o755)
    expect(readdirSync(dirname(path))).toEqual(['bmfote'])
    expect(await planProgram(own, path, realFileSystem)).toMatchObject({action: 'none'})
  })

  test('is brought up to date by a newer one, and by another of the same version', async () => {
    const path = target()
    await install('1.2.3', path)

    expect(await planProgram(fakeProgram(tempFolder(), '1.10.0'), path, realFileSystem)).toMatchObject({
      action: 'update',
      installedVersion: '1.2.3',
    })
    const rebuilt = fakeProgram(tempFolder(), '1.2.3')
    writeText(rebuilt.path, `${readFileSync(rebuilt.path, 'utf8')}# rebuilt\n`, 0o755)
    expect(await planProgram(rebuilt, path, realFileSystem)).toMatchObject({action: 'update'})
  })

  test('stays when it is the newer one, and that is said', async () => {
    const path = target()
    await install('2.0.0', path)

    const plan = await planProgram(fakeProgram(tempFolder(), '1.9.9'), path, realFileSystem)

    expect(plan).toMatchObject({action: 'none', installedVersion: '2.0.0'})
    expect(plan.remark).toContain('2.0.0, newer than this one (1.9.9)')
  })

  test('is replaced when it does not run', async () => {
    const path = target()
    writeText(path, 'not a program', 0o755)

    expect(await planProgram(fakeProgram(tempFolder()), path, realFileSystem)).toMatchObject({
      action: 'update',
    })
  })

  test('is not copied onto itself', async () => {
    const path = target()
    await install('1.2.3', path)
    const link = join(tempFolder(), 'bmfote')
    symlinkSync(path, link)

    expect(await planProgram({path: link, version: '1.2.3'}, path, realFileSystem)).toMatchObject({
      action: 'none',
    })
  })

  test('a full disk leaves the old one', async () => {
    const path = target()
    await install('1.2.3', path)
    const own = fakeProgram(tempFolder(), '1.3.0')
    const {fs} = failingFileSystem({how: 'disk full', failAt: 1})

    await expect(installProgram(own, path, fs)).rejects.toThrow('disk full')

    expect(await versionOf(path)).toBe('1.2.3')
    expect(readdirSync(dirname(path))).toEqual(['bmfote'])
  })

  test('run from source, it is a script that runs the source', async () => {
    const path = target()
    const source = {path: '/bin/echo', args: ["a 'b'", 'run.ts'], version: '1.2.3'}

    await installProgram(source, path, realFileSystem)

    expect(existsSync(path)).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe(`#!/bin/sh\nexec '/bin/echo' 'a '\\''b'\\''' 'run.ts' "$@"\n`)
  })
})

test.each([
  ['1.10.0', '1.9.0', true],
  ['1.9.0', '1.10.0', false],
  ['1.0.0', '1.0.0', false],
  ['2.0.0', '1.99.99', true],
])('%s newer than %s: %s', (version, than, expected) => {
  expect(isNewer(version, than)).toBe(expected)
})
