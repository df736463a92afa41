import {readFileSync} from 'node:fs'
import type {Paths} from '../config/environment.ts'
import {writeFileAtomically} from '../platform/atomic-write.ts'

/** The last backup that was made from this BMFOTE_HOME, as `server status` tells it. */
export interface LastBackup {
  /** ISO 8601. */
  at: string
  file: string
  bytes: number
  /** Of which database. */
  place: string
}

export async function noteBackup(paths: Paths, {at, file, bytes, place}: LastBackup): Promise<void> {
  await writeFileAtomically(paths.lastBackup, `${JSON.stringify({at, file, bytes, place})}\n`)
}

/** Undefined as well when the note is none: a backup is not known by it, only told of. */
export function readLastBackup(paths: Paths): LastBackup | undefined {
  try {
    const note = JSON.parse(readFileSync(paths.lastBackup, 'utf8')) as Partial<LastBackup> | null
    const isWhole = typeof note?.at === 'string' && typeof note.file === 'string'
    return isWhole ? (note as LastBackup) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
