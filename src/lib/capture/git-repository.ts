import {readFileSync, realpathSync, type Stats, statSync} from 'node:fs'
import {posix, win32} from 'node:path'

/** The repository that a folder stands in. */
export interface Repository {
  /** The folder of the worktree, or of the bare repository. */
  root: string
  /** The main worktree's folder, or what stands for it: it names the repository. */
  folderName: string
  /** Git's folder that all worktrees share, with the repository's config. Undefined when it is gone. */
  commonFolder?: string
}

const LEVELS_MAX = 64

/**
 * Reads a few small files and starts no process, for it runs in hooks. The folder need not exist. Nothing is looked
 * for at `isEnd` (the home folder) and above.
 */
export function findRepository(folder: string, isEnd: (folder: string) => boolean): Repository | undefined {
  const path = pathFlavour(folder)
  let current = path.resolve(folder)
  for (let level = 0; level < LEVELS_MAX; level++) {
    if (isEnd(current)) return undefined
    const found = repositoryAt(current)
    if (found) return found
    const parent = path.dirname(current)
    if (parent === current) return undefined
    current = parent
  }
  return undefined
}

/** The repository whose worktree, or whose bare folder, this is. */
export function repositoryAt(folder: string): Repository | undefined {
  const path = pathFlavour(folder)
  const dotGit = path.join(folder, '.git')
  const stats = statOf(dotGit)
  // Git's own folder, as the working folder of something that looks around in there.
  if (path.basename(folder) === '.git' && isGitFolder(folder)) {
    return repositoryAt(path.dirname(folder))
  }
  if (stats?.isDirectory()) {
    if (!isGitFolder(dotGit)) return undefined
    return {root: folder, folderName: path.basename(folder), commonFolder: dotGit}
  }
  if (stats?.isFile()) return repositoryBehindLink(folder, dotGit)
  const folderName = isGitFolder(folder) ? nameOfCommonFolder(folder) : undefined
  return folderName ? {root: folder, folderName, commonFolder: folder} : undefined
}

/**
 * A `.git` file names the real git folder. Of a linked worktree that folder has a `commondir` file, which leads to the
 * repository; of a submodule, or a repository with its git folder elsewhere, it has none and the folder is its own project.
 */
function repositoryBehindLink(folder: string, dotGitFile: string): Repository | undefined {
  const path = pathFlavour(folder)
  const link = /^gitdir:\s*(.+?)\s*$/m.exec(readText(dotGitFile) ?? '')?.[1]
  if (!link) return undefined
  const gitFolder = path.resolve(folder, link)
  const commonDir = readText(path.join(gitFolder, 'commondir'))?.trim()
  if (commonDir) {
    const commonFolder = path.resolve(gitFolder, commonDir)
    const folderName = nameOfCommonFolder(commonFolder)
    return folderName ? {root: folder, folderName, commonFolder} : undefined
  }
  // The repository has moved or is gone: what the link says still names it.
  const isGone = statOf(gitFolder) === undefined
  const gone = isGone ? /^(.+)[\\/]worktrees[\\/][^\\/]+$/.exec(gitFolder)?.[1] : undefined
  const folderName = gone ? nameOfCommonFolder(gone) : path.basename(folder)
  return folderName ? {root: folder, folderName, commonFolder: isGone ? undefined : gitFolder} : undefined
}

/** `acme/.git` and `acme/.bare` are acme's, and so is `acme.git`. */
function nameOfCommonFolder(commonFolder: string): string | undefined {
  const path = pathFlavour(commonFolder)
  const name = path.basename(commonFolder)
  const shown = name.startsWith('.') ? path.basename(path.dirname(commonFolder)) : name.replace(/\.git$/, '')
  return shown || undefined
}

function isGitFolder(folder: string): boolean {
  const path = pathFlavour(folder)
  return (
    statOf(path.join(folder, 'HEAD'))?.isFile() === true &&
    statOf(path.join(folder, 'objects'))?.isDirectory() === true
  )
}

/** A history may come from another operating system: its paths keep their own rules. */
export function pathFlavour(folder: string): typeof posix {
  return /^([A-Za-z]:[\\/]|\\\\)/.test(folder) ? win32 : posix
}

/** Whether a folder is the home folder, under its own name or the one behind links. */
export function homeTest(home: string): (folder: string) => boolean {
  const names = new Set([pathFlavour(home).resolve(home), realPathOf(home)])
  return (folder) => names.has(pathFlavour(folder).resolve(folder))
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

/** Whatever keeps a file from being looked at (gone, forbidden, not a folder), it does not tell us a project. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch {
    return undefined
  }
}

const FILE_BYTES_MAX = 256 * 1024

/** Of a plain file of a sane size; undefined for anything else, a pipe that nobody writes to included. */
export function readText(path: string): string | undefined {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= FILE_BYTES_MAX ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}
