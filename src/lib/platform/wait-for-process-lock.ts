import {setTimeout} from 'node:timers/promises'
import {acquireProcessLock, type ProcessLock} from './process-lock.ts'

const LOOK_AGAIN_MS = 100

/** Undefined when somebody else still holds it after so long. `onWait` is called once, if there is a wait. */
export async function waitForProcessLock(
  path: string,
  {waitMsMax, onWait}: {waitMsMax: number; onWait?: () => void},
): Promise<ProcessLock | undefined> {
  const deadline = performance.now() + waitMsMax
  for (let isFirst = true; ; isFirst = false) {
    const lock = await acquireProcessLock(path)
    if (lock || performance.now() > deadline) return lock
    if (isFirst) onWait?.()
    await setTimeout(LOOK_AGAIN_MS)
  }
}
