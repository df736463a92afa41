import {BmfoteError} from '../model/errors.ts'
import {waitForProcessLock} from '../platform/wait-for-process-lock.ts'

const WAIT_MS_MAX = 120_000

/** Runs what makes or changes agents while no other bmfote of this machine does: two would make everything twice. */
export async function withAgentLock<T>(path: string, work: () => Promise<T>, onWait: () => void): Promise<T> {
  const lock = await waitForProcessLock(path, {waitMsMax: WAIT_MS_MAX, onWait})
  if (!lock) {
    throw new BmfoteError(
      'conflict',
      'Another bmfote is wiring an agent on this machine, and does not come to an end.',
      {
        next: 'When it has ended, run it again.',
      },
    )
  }
  try {
    return await work()
  } finally {
    await lock.release()
  }
}
