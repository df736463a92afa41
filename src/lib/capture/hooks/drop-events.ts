import type {ImportState} from '../import-state.ts'
import {unreadProgress} from './grown-transcripts.ts'
import {readHookEvent} from './hook-event.ts'
import {overLimits, type Spool, type SpoolLimits} from './spool.ts'
import {placeTranscript} from './transcript-place.ts'

export interface DropOptions {
  limits?: SpoolLimits
  nowMs: number
  historyFolder: string
}

/**
 * Makes room in a spool that is over its limits, and says how many events that cost. What they told of is in their
 * transcripts nearly always: those are noted first, to be read when the memory answers again.
 */
export async function dropOverLimits(
  spool: Spool,
  state: ImportState,
  options: DropOptions,
): Promise<number> {
  const dropped = overLimits(await spool.list(), options.nowMs, options.limits)
  if (dropped.length === 0) return 0
  const paths = new Set<string>()
  for (const file of dropped) {
    const read = readHookEvent(await spool.read(file))
    if (!('event' in read)) continue
    const {transcriptPath, agent} = read.event
    for (const path of [transcriptPath, agent?.transcriptPath]) if (path) paths.add(path)
  }
  for (const path of paths) {
    const place = await placeTranscript(path, options.historyFolder)
    if (place.kind === 'ours' && !state.get(place.file.path))
      state.set(place.file.path, unreadProgress(options.nowMs))
  }
  await state.save()
  await spool.remove(dropped)
  return dropped.length
}
