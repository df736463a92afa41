import {dirname} from 'node:path'
import {BmfoteError} from '../model/errors.ts'
import {waitForProcessLock} from '../platform/wait-for-process-lock.ts'
import {removeFolders} from './file-system.ts'
import type {SetupContext} from './tool.ts'

const WAIT_MS_MAX = 60_000

/**
 * Runs what writes, while no other bmfote of this person does: two that note at once what they have changed would each
 * forget what the other did. Leaves no trace.
 */
export async function withSetupLock<T>(
  {paths, fs}: Pick<SetupContext, 'paths' | 'fs'>,
  work: () => Promise<T>,
  onWait: () => void,
): Promise<T> {
  const lock = await waitForProcessLock(paths.setupLock, {waitMsMax: WAIT_MS_MAX, onWait})
  if (!lock) {
    throw new BmfoteError(
      'conflict',
      'Another bmfote is setting up this machine, and does not come to an end.',
      {
        next: 'Nothing was changed. When it has ended, say it again.',
      },
    )
  }
  try {
    return await work()
  } finally {
    await lock.remove()
    await removeFolders([paths.home, dirname(paths.setupLock)], fs)
  }
}
