import {homedir} from 'node:os'
import {remoteName} from './git-remote.ts'
import {findRepository, homeTest, pathFlavour} from './git-repository.ts'
import {findProjectFile, type ProjectFile} from './project-file.ts'

export interface ProjectOptions {
  /** The user's home folder. A repository that is the home folder itself (dotfiles) does not own what lies below it. */
  home?: string
}

/** What a folder says of the work that is done in it. */
export interface FolderProject {
  /** Undefined when there is no telling. */
  name?: string
  file?: ProjectFile
}

/**
 * The project that a folder belongs to: what its `.bmfote` says; else the repository's name, from its remote or its main
 * worktree's folder, so that all worktrees and clones are one project; outside a repository the folder's own name.
 * Undefined when there is no telling.
 */
export function projectOfFolder(folder: string, options: ProjectOptions = {}): string | undefined {
  return describeFolder(folder, options).name
}

/** The folder need not exist: histories outlive folders, and come from other machines. */
export function describeFolder(folder: string, options: ProjectOptions = {}): FolderProject {
  if (!isAbsolutePath(folder)) return {}
  const isHome = homeTest(options.home ?? homedir())
  const repository = findRepository(folder, isHome)
  const file = isHome(folder) ? undefined : findProjectFile(folder, repository)
  if (file?.project) return {name: file.project, file}
  if (repository) return {name: remoteName(repository) ?? repository.folderName, file}
  const owner = WORKTREE_FOLDERS.exec(folder)?.[1]
  if (owner && !isHome(owner)) return {...describeFolder(owner, options), ...(file ? {file} : {})}
  if (isHome(folder)) return {name: 'home'}
  const path = pathFlavour(folder)
  return {name: path.basename(path.normalize(folder)) || 'root', file}
}

/** Where tools put the worktrees of a repository: inside it. Group 1 is the repository. */
const WORKTREE_FOLDERS = /^(.+?)[\\/](?:\.claude[\\/]worktrees|\.git[\\/]worktrees|\.worktrees)[\\/][^\\/]+/

function isAbsolutePath(folder: string): boolean {
  return pathFlavour(folder).isAbsolute(folder) && !folder.includes('\0')
}
