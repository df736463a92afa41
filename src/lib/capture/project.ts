import {readFileSync, realpathSync, type Stats, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {posix, win32} from 'node:path'

export interface ProjectOptions {
  /** The user's home folder. A repository that is the home folder itself (dotfiles) does not own what lies below it. */
  home?: string
}

/**
 * The project that a folder belongs to: the name of the repository's main worktree, so that all its worktrees are one
 * project; outside a repository the folder's own name. Undefined when there is no telling.
 *
 * Reads a few small files and starts no process, for it runs in hooks. The folder need not exist: histories outlive
 * folders, and come from other machines.
 */
export function projectOfFolder(folder: string, options: ProjectOptions = {}): string | undefined {
  if (!isAbsolutePath(folder)) return undefined
  const isHome = homeTest(options.home ?? homedir())
  const repository = findRepository(folder, isHome)
  if (repository) return repository
  const owner = WORKTREE_FOLDERS.exec(folder)?.[1]
  if (owner && !isHome(owner)) return projectOfFolder(owner, options)
  if (isHome(folder)) return 'home'
  const path = pathFlavour(folder)
  return path.basename(path.normalize(folder)) || 'root'
}

/** Where tools put the worktrees of a repository: inside it. Group 1 is the repository. */
const WORKTREE_FOLDERS = /^(.+?)[\\/](?:\.claude[\\/]worktrees|\.git[\\/]worktrees|\.worktrees)[\\/][^\\/]+/

const LEVELS_MAX = 64

function findRepository(folder: string, isHome: (folder: string) => boolean): string | undefined {
  const path = pathFlavour(folder)
  let current = path.resolve(folder)
  for (let level = 0; level < LEVELS_MAX; level++) {
    if (isHome(current)) return undefined
    const name = repositoryAt(current)
    if (name) return name
    const parent = path.dirname(current)
    if (parent === current) return undefined
    current = parent
  }
  return undefined
}

/** The name of the repository whose worktree, or whose bare folder, this is. */
function repositoryAt(folder: string): string | undefined {
  const path = pathFlavour(folder)
  const dotGit = path.join(folder, '.git')
  const stats = statOf(dotGit)
  // Git's own folder, as the working folder of something that looks around in there.
  if (path.basename(folder) === '.git' && isGitFolder(folder)) return path.basename(path.dirname(folder))
  if (stats?.isDirectory()) return isGitFolder(dotGit) ? path.basename(folder) : undefined
  if (stats?.isFile()) return repositoryBehindLink(folder, dotGit)
  return isGitFolder(folder) ? nameOfCommonFolder(folder) : undefined
}

/**
 * A `.git` file names the real git folder. Of a linked worktree that folder has a `commondir` file, which leads to the
 * repository; of a submodule, or a repository with its git folder elsewhere, it has none and the folder is its own project.
 */
function repositoryBehindLink(folder: string, dotGitFile: string): string | undefined {
  const path = pathFlavour(folder)
  const link = /^gitdir:\s*(.+?)\s*$/m.exec(readText(dotGitFile) ?? '')?.[1]
  if (!link) return undefined
  const gitFolder = path.resolve(folder, link)
  const commonFolder = readText(path.join(gitFolder, 'commondir'))?.trim()
  if (commonFolder) return nameOfCommonFolder(path.resolve(gitFolder, commonFolder))
  // The repository has moved or is gone: what the link says still names it.
  const gone = statOf(gitFolder) ? undefined : /^(.+)[\\/]worktrees[\\/][^\\/]+$/.exec(gitFolder)?.[1]
  return gone ? nameOfCommonFolder(gone) : path.basename(folder)
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

/** Whether a folder is the home folder, under its own name or the one behind links. */
function homeTest(home: string): (folder: string) => boolean {
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

/** A history may come from another operating system: its paths keep their own rules. */
function pathFlavour(folder: string): typeof posix {
  return /^([A-Za-z]:[\\/]|\\\\)/.test(folder) ? win32 : posix
}

function isAbsolutePath(folder: string): boolean {
  return pathFlavour(folder).isAbsolute(folder) && !folder.includes('\0')
}

/** Whatever keeps a file from being looked at (gone, forbidden, not a folder), it does not tell us a project. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch {
    return undefined
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
