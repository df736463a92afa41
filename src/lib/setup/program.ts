import {execFile} from 'node:child_process'
import {createHash} from 'node:crypto'
import {constants, createReadStream} from 'node:fs'
import {dirname} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {type FileSystem, isMissing, sweepTemporaries, temporaryFor} from './file-system.ts'

/** The bmfote that is running. */
export interface OwnProgram {
  version: string
  /** The executable. */
  path: string
  /** What follows it on the command line when it runs from source: the executable is bun then. */
  args?: readonly string[]
}

/** What is to be done about the program's own copy, which hooks and AI tools start. */
export interface ProgramPlan {
  action: 'copy' | 'update' | 'none'
  path: string
  version: string
  /** Of the copy that is there. */
  installedVersion?: string
  /** Why a copy that differs is left alone. */
  remark?: string
}

const VERSION_MS_MAX = 10_000

export async function planProgram(own: OwnProgram, path: string, fs: FileSystem): Promise<ProgramPlan> {
  const {version} = own
  const plan = {path, version}
  if (!(await isThere(path, fs))) return {...plan, action: 'copy'}
  const installedVersion = await versionOf(path)
  if (installedVersion === undefined) return {...plan, action: 'update'}
  if (isNewer(installedVersion, version)) {
    const remark = `The program in ${path} is ${installedVersion}, newer than this one (${version}), and stays.`
    return {...plan, action: 'none', installedVersion, remark}
  }
  return {...plan, installedVersion, action: (await isSame(own, path, fs)) ? 'none' : 'update'}
}

/** The old program or the new one, never a part; one that runs goes on running. */
export async function installProgram(own: OwnProgram, path: string, fs: FileSystem): Promise<void> {
  const folder = dirname(path)
  await fs.mkdir(folder, {recursive: true, mode: 0o700})
  await sweepTemporaries(folder, fs)
  const temporary = temporaryFor(path)
  try {
    if (own.args === undefined) await fs.copyFile(own.path, temporary, constants.COPYFILE_FICLONE)
    else await fs.writeFile(temporary, launcher(own))
    await fs.chmod(temporary, 0o755)
    await fs.rename(temporary, path)
  } catch (error) {
    await fs.rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}

/** What the program says of itself; undefined when it does not run. */
export function versionOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['--version', '--json'], {timeout: VERSION_MS_MAX}, (error, stdout) => {
      resolve(error === null ? readVersion(stdout) : undefined)
    })
  })
}

export function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number))
  for (const [index, number] of (a ?? []).entries()) {
    const other = b?.[index] ?? 0
    if (number !== other) return number > other
  }
  return false
}

function launcher({path, args = []}: OwnProgram): string {
  const words = [path, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  return `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`
}

async function isSame(own: OwnProgram, path: string, fs: FileSystem): Promise<boolean> {
  if (own.args !== undefined) return (await fs.readFile(path, 'utf8')) === launcher(own)
  if ((await fs.realpath(own.path)) === (await fs.realpath(path))) return true
  const [mine, copy] = [await fs.stat(own.path), await fs.stat(path)]
  return mine.size === copy.size && (await hashFile(own.path)) === (await hashFile(path))
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function isThere(path: string, fs: FileSystem): Promise<boolean> {
  try {
    return (await fs.stat(path)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function readVersion(text: string): string | undefined {
  try {
    const {version} = JSON.parse(text) as {version?: unknown}
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}
