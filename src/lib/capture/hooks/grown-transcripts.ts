import {promises as fs} from 'node:fs'
import type {FileProgress, ImportState} from '../import-state.ts'
import type {TranscriptNotes} from './transcript-delivery.ts'

/** An event has named it before Claude Code made it: it will be there soon, or the session is not kept at all. */
const EXPECT_FOR_MS = 24 * 3_600_000

/** Not named by any event for so long: the session has ended long ago, and if it goes on, it is read from its start. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000

/** A transcript that nothing was read of yet, and that there is something to read in, or will be. */
export function unreadProgress(nowMs: number): FileProgress {
  return {inode: 0, bytes: -1, modifiedMs: nowMs, offset: 0, tail: '', parser: null}
}

/**
 * Transcripts that have grown since they were read, whatever events say: a session that was killed sends none. Those
 * that are gone or long at rest are forgotten.
 */
export async function grownTranscripts(state: ImportState, nowMs: number): Promise<string[]> {
  const grown: string[] = []
  for (const path of state.paths()) {
    const known = state.get(path)
    const stats = await fs.lstat(path).catch(() => undefined)
    if (!known) continue
    if (!stats) {
      if (!isExpected(known, nowMs)) state.delete(path)
    } else if (stats.size !== known.bytes || stats.mtimeMs !== known.modifiedMs) grown.push(path)
    else if (isAtRest(known, nowMs)) state.delete(path)
  }
  return grown
}

function isExpected({bytes, modifiedMs}: FileProgress, nowMs: number): boolean {
  return bytes < 0 && nowMs - modifiedMs < EXPECT_FOR_MS
}

function isAtRest({modifiedMs, notes}: FileProgress, nowMs: number): boolean {
  return nowMs - Math.max(modifiedMs, touchedMsOf(notes)) > FORGET_AFTER_MS
}

function touchedMsOf(notes: unknown): number {
  return (notes as TranscriptNotes | undefined)?.touchedMs ?? 0
}
