import {promises as fs} from 'node:fs'
import type {FileProgress, ImportState} from '../import-state.ts'
import {touchedMsOf} from './transcript-delivery.ts'

/** Not named by any event for so long: the session has ended long ago, and if it goes on, it is read from its start. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000

/**
 * Transcripts that have grown since they were read, whatever events say: a session that was killed sends none. Those
 * that are gone or long at rest are forgotten.
 */
export async function grownTranscripts(state: ImportState, nowMs: number): Promise<string[]> {
  const grown: string[] = []
  for (const path of state.paths()) {
    const known = state.get(path)
    const stats = await fs.lstat(path).catch(() => undefined)
    if (!known || !stats) state.delete(path)
    else if (stats.size !== known.bytes || stats.mtimeMs !== known.modifiedMs) grown.push(path)
    else if (isAtRest(known, nowMs)) state.delete(path)
  }
  return grown
}

function isAtRest({modifiedMs, notes}: FileProgress, nowMs: number): boolean {
  return nowMs - Math.max(modifiedMs, touchedMsOf(notes)) > FORGET_AFTER_MS
}
