import {posix} from 'node:path'
import {type Repository, readText, repositoryAt} from './git-repository.ts'

/**
 * What the repository is called where it was cloned from: two machines may keep it in folders of different names.
 * Undefined without a remote `origin`.
 */
export function remoteName(repository: Repository, hops = 0): string | undefined {
  const {commonFolder} = repository
  if (!commonFolder) return undefined
  const url = originUrl(readText(posix.join(commonFolder, 'config')) ?? '')
  if (!url) return undefined
  if (isOnNetwork(url)) return lastPart(url)
  // A clone of a folder on this machine is that folder's repository. What git itself has put below another repository
  // (submodules), or what is bare, has a name of its own.
  const isPlain = posix.basename(commonFolder) === '.git'
  return isPlain && hops < HOPS_MAX && posix.isAbsolute(url) ? nameOfFolder(url, hops) : undefined
}

const HOPS_MAX = 3

function nameOfFolder(path: string, hops: number): string | undefined {
  const origin = repositoryAt(path)
  if (!origin) return lastPart(path)
  return remoteName(origin, hops + 1) ?? origin.folderName
}

/** Git's config, as far as it concerns us: sections in brackets, `key = value` below them. */
function originUrl(config: string): string | undefined {
  let isOrigin = false
  for (const line of config.split('\n')) {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]
    if (section !== undefined) isOrigin = /^remote\s+"origin"$/.test(section.trim())
    const url = isOrigin ? /^\s*url\s*=\s*(.*?)\s*$/i.exec(line)?.[1] : undefined
    if (url) return url.replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

/** `https://…`, `ssh://…`, `git@host:path`; a letter and a colon are a Windows drive. */
function isOnNetwork(url: string): boolean {
  if (/^file:/i.test(url)) return false
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(url) || /^[^/\\:]{2,}:(?!\\)/.test(url)
}

function lastPart(url: string): string | undefined {
  const path = url.replace(/[?#].*$/, '').replace(/[/\\]+$/, '')
  const name = path
    .split(/[/\\:]/)
    .at(-1)
    ?.replace(/\.git$/, '')
  return name || undefined
}
