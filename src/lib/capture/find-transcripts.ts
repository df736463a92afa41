import {type Dirent, promises as fs} from 'node:fs'
import {basename, join} from 'node:path'
import {BmfoteError} from '../model/errors.ts'
import type {TranscriptFile, TranscriptSource} from './transcripts/source.ts'

export interface FoundTranscripts {
  /** Oldest first, so that what a fork repeats is there before the fork. */
  files: TranscriptFile[]
  /** Folders and files that could not be looked at. */
  unreadable: {path: string; reason: string}[]
}

/**
 * The transcripts below a folder, or the one file that is named. Links are followed only where the person names one:
 * below that, a link would lead out of the history, or to the same file twice.
 *
 * @throws not_found when the path does not exist.
 */
export async function findTranscripts(source: TranscriptSource, path: string): Promise<FoundTranscripts> {
  const found: FoundTranscripts = {files: [], unreadable: []}
  const stats = await fs.stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'does not exist' : `can't be read (${cause.code})`
    throw new BmfoteError('not_found', `${path} ${reason}.`, {
      next: `Name a file or a folder: bmfote import ${source.name} PATH`,
      cause,
    })
  })
  if (stats.isDirectory()) await walk(source, path, found)
  else await add(path, found)
  found.files.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1))
  return found
}

async function walk(source: TranscriptSource, folder: string, found: FoundTranscripts): Promise<void> {
  for (const entry of await entriesOf(folder, found)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await walk(source, path, found)
    else if (entry.isFile() && source.isTranscript(basename(path))) await add(path, found)
  }
}

async function entriesOf(folder: string, found: FoundTranscripts): Promise<Dirent[]> {
  try {
    return await fs.readdir(folder, {withFileTypes: true})
  } catch (error) {
    found.unreadable.push({path: folder, reason: reasonOf(error)})
    return []
  }
}

async function add(path: string, found: FoundTranscripts): Promise<void> {
  try {
    const stats = await fs.stat(path)
    found.files.push({path, bytes: stats.size, modifiedMs: stats.mtimeMs, inode: stats.ino})
  } catch (error) {
    found.unreadable.push({path, reason: reasonOf(error)})
  }
}

/** The system's own word for what kept a file from being read: ENOENT, EACCES, … */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
