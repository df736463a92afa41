import {join} from 'node:path'
import type {Paths} from '../config/environment.ts'
import {exists, type FileSystem, listFolder} from './file-system.ts'

/** How many sessions Claude Code still has that were never imported; 0 when an import has been at them. */
export async function countUnimportedSessions(paths: Paths, fs: FileSystem): Promise<number> {
  if (await exists(join(paths.cache, 'import-claude-code.json'), fs)) return 0
  const projects = join(paths.claude, 'projects')
  let sessions = 0
  for (const project of await listFolder(projects, fs)) {
    const names = await listFolder(join(projects, project), fs)
    sessions += names.filter((name) => name.endsWith('.jsonl')).length
  }
  return sessions
}
