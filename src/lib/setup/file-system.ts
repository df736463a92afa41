import {randomBytes} from 'node:crypto'
import nodeFileSystem from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {BmfoteError} from '../model/errors.ts'

/** What setup asks of the disk; tests hand in one that fails. */
export type FileSystem = Pick<
  typeof nodeFileSystem,
  | 'access'
  | 'chmod'
  | 'chown'
  | 'copyFile'
  | 'mkdir'
  | 'readdir'
  | 'readFile'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'writeFile'
>

export const realFileSystem: FileSystem = nodeFileSystem

/** A file as it is found. */
export interface FileState {
  path: string
  /** The file itself, where `path` is a link (dotfiles). */
  target: string
  /** Undefined: there is none. */
  content: FileContent | undefined
}

export interface FileContent {
  bytes: Uint8Array
  /** Permissions, without the kind of file. */
  mode: number
  uid: number
  gid: number
}

const LINKS_MAX = 40
const PERMISSIONS = 0o7777

export async function readState(path: string, fs: FileSystem): Promise<FileState> {
  const target = await followLinks(path, fs)
  try {
    const {mode, uid, gid} = await fs.stat(target)
    const bytes = await fs.readFile(target)
    return {path, target, content: {bytes, mode: mode & PERMISSIONS, uid, gid}}
  } catch (error) {
    if (isMissing(error)) return {path, target, content: undefined}
    throw error
  }
}

/** The text of a file; one that is not UTF-8 can't be edited without damage. */
export function textOf({path, content}: FileState): string | undefined {
  if (content === undefined) return undefined
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content.bytes)
  } catch {
    throw new BmfoteError('conflict', `${path} can't be edited: it is not UTF-8 text.`, {
      next: 'Nothing was changed. Mend the file, then say it again.',
    })
  }
}

/** The old file or the new one, never a part, with exactly this mode; through links, which stay. */
export async function writeWhole(
  {target, content}: FileState,
  after: {bytes: Uint8Array; mode: number},
  fs: FileSystem,
): Promise<void> {
  const temporary = temporaryFor(target)
  try {
    await fs.writeFile(temporary, after.bytes, {mode: 0o600, flush: true, flag: 'wx'})
    await fs.chmod(temporary, after.mode)
    if (content !== undefined) await keepOwner(temporary, content, fs)
    await fs.rename(temporary, target)
  } catch (error) {
    await fs.rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}

export async function removeFile({target}: FileState, fs: FileSystem): Promise<void> {
  await fs.rm(target, {force: true})
}

/** Where a file is written before it gets its name. */
export function temporaryFor(target: string): string {
  const suffix = `bmfote-${process.pid}-${randomBytes(6).toString('hex')}`
  return join(dirname(target), `.${basename(target)}.${suffix}`)
}

const TEMPORARY = /\.bmfote-(\d+)-[0-9a-f]{12}$/

/** Takes away what a run that was killed has left in a folder; files of one that is still running stay. */
export async function sweepTemporaries(folder: string, fs: FileSystem): Promise<void> {
  for (const name of await listFolder(folder, fs)) {
    const pid = Number(TEMPORARY.exec(name)?.[1])
    if (!Number.isNaN(pid) && !isOtherProcess(pid)) await fs.rm(join(folder, name), {force: true})
  }
}

function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The folders on the way to a path that are not there, the outermost first. */
export async function missingFolders(path: string, fs: FileSystem): Promise<string[]> {
  const missing: string[] = []
  for (let folder = path; !(await exists(folder, fs)); folder = dirname(folder)) missing.unshift(folder)
  return missing
}

export async function exists(path: string, fs: FileSystem): Promise<boolean> {
  try {
    await fs.stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

export async function listFolder(path: string, fs: FileSystem): Promise<string[]> {
  try {
    return await fs.readdir(path)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The innermost first, and only those that nobody has put anything into. */
export async function removeFolders(folders: readonly string[], fs: FileSystem): Promise<void> {
  for (const folder of folders.toReversed()) {
    try {
      await fs.rmdir(folder)
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (!isMissing(error) && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    }
  }
}

export function isMissing(error: unknown): boolean {
  const {code} = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Where the links of the last name lead, whether or not there is something. */
async function followLinks(path: string, fs: FileSystem): Promise<string> {
  let current = path
  for (let links = 0; links < LINKS_MAX; links++) {
    const link = await readLink(current, fs)
    if (link === undefined) return current
    current = resolve(await fs.realpath(dirname(current)), link)
  }
  throw new BmfoteError('conflict', `${path} is a link that leads in a circle.`)
}

async function readLink(path: string, fs: FileSystem): Promise<string | undefined> {
  try {
    return await fs.readlink(path)
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EINVAL') return undefined
    throw error
  }
}

/** `sudo bmfote setup` must not take a person's own files away from them. */
async function keepOwner(path: string, {uid, gid}: FileContent, fs: FileSystem): Promise<void> {
  const made = await fs.stat(path)
  if (made.uid !== uid || made.gid !== gid) await fs.chown(path, uid, gid).catch(() => undefined)
}
