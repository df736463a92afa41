import {LABEL_CHARS_MAX} from '../model/limits.ts'
import {pathFlavour, type Repository, readText} from './git-repository.ts'

/** What a project says of itself, in a file `.bmfote` of JSON. */
export interface ProjectFile {
  /** The folder that it stands in. */
  folder: string
  project?: string
  /** Patterns of files and folders below it that are not recorded, as in a .gitignore. */
  ignore: string[]
}

export const PROJECT_FILE_NAME = '.bmfote'

const LEVELS_MAX = 64
const PATTERNS_MAX = 200
const PATTERN_CHARS_MAX = 300

/**
 * The file of a folder: the next one upwards, as far as the repository's root; outside a repository only the folder's
 * own. A worktree without one has the main worktree's.
 *
 * It comes with the repository, so a stranger may have written it: a label and less recording are all that it can ask
 * for. An address, a token or a workspace in it has no meaning.
 */
export function findProjectFile(folder: string, repository: Repository | undefined): ProjectFile | undefined {
  const path = pathFlavour(folder)
  let current = path.resolve(folder)
  const end = repository?.root ?? current
  for (let level = 0; level < LEVELS_MAX; level++) {
    const found = readProjectFile(current)
    if (found) return found
    if (current === end || path.dirname(current) === current) break
    current = path.dirname(current)
  }
  const main = repository?.commonFolder ? path.dirname(repository.commonFolder) : undefined
  const isOther =
    main !== undefined && main !== end && path.basename(repository?.commonFolder ?? '') === '.git'
  return isOther ? readProjectFile(main) : undefined
}

function readProjectFile(folder: string): ProjectFile | undefined {
  const text = readText(pathFlavour(folder).join(folder, PROJECT_FILE_NAME))
  if (text === undefined) return undefined
  const {project, ignore} = parseObject(text)
  return {folder, project: label(project), ignore: patterns(ignore)}
}

function parseObject(text: string): {project?: unknown; ignore?: unknown} {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // Somebody else's file of that name, or one that is just being written.
    return {}
  }
}

const CONTROL_CHARACTERS = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u

/** It is shown to people and to models. */
function label(value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.trim() : ''
  const isUsable = name !== '' && name.length <= LABEL_CHARS_MAX && !CONTROL_CHARACTERS.test(name)
  return isUsable ? name : undefined
}

function patterns(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value
    .filter((item): item is string => typeof item === 'string' && item.trim() !== '')
    .filter((item) => item.length <= PATTERN_CHARS_MAX)
    .slice(0, PATTERNS_MAX)
}
