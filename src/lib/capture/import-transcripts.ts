import type {Memory} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'
import type {Caller} from '../model/principal.ts'
import {ImportRun, type ImportTranscriptsOptions} from './import-run.ts'
import {ImportState} from './import-state.ts'
import type {ImportSummary} from './import-tally.ts'

export type {ImportProgress, ImportTranscriptsOptions} from './import-run.ts'
export type {ImportSummary} from './import-tally.ts'

/**
 * Reads histories into a memory. What an earlier import has put there is not read again; what is read twice is not
 * stored twice.
 *
 * @throws what the memory throws, when it does not pass; everything that was acknowledged is stored by then, and the
 * next import goes on from there. not_found when a path does not exist.
 */
export async function importTranscripts(
  memory: Pick<Memory, 'recordMessages' | 'getStats'>,
  caller: Caller,
  options: ImportTranscriptsOptions,
): Promise<ImportSummary> {
  const state = await ImportState.load({...options, path: options.statePath})
  if (options.fromStart || (await isEmpty(memory, caller, options.workspaceId))) state.clear()
  const run = new ImportRun(memory, caller, options, state)
  try {
    await run.importAll()
  } catch (error) {
    if (!options.signal?.aborted) throw withStanding(error, run.tally.summary)
    run.tally.summary.interrupted = true
  } finally {
    await state.save()
  }
  return run.tally.summary
}

/** A memory that was made anew at the same place has nothing of what the state says. */
async function isEmpty(
  memory: Pick<Memory, 'getStats'>,
  caller: Caller,
  workspaceId: string | undefined,
): Promise<boolean> {
  try {
    const stats = await memory.getStats(caller, {workspaceId: workspaceId ?? DEFAULT_WORKSPACE})
    return stats.messages === 0
  } catch (error) {
    // Somebody who may only write.
    if (error instanceof BmfoteError && error.code === 'forbidden') return false
    throw error
  }
}

function withStanding(error: unknown, summary: ImportSummary): unknown {
  if (!(error instanceof BmfoteError) || summary.stored === 0) return error
  const standing = `${summary.stored} messages are stored; the same command goes on from there.`
  return new BmfoteError(error.code, error.message, {
    next: error.next ? `${error.next} ${standing}` : standing,
    retryAfterSeconds: error.retryAfterSeconds,
    cause: error,
  })
}
