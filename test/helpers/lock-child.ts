/** Takes the lock a number of times; whoever holds it together with somebody else says so. For tests. */
import {rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {acquireProcessLock} from '../../src/lib/platform/process-lock.ts'

const [, , path = '', times = '1'] = process.argv
// Not in the lock's folder, which may go.
const inside = `${dirname(path)}-inside`
let held = 0
while (held < Number(times)) {
  const lock = await acquireProcessLock(path)
  if (!lock) {
    await setImmediate()
    continue
  }
  writeFileSync(inside, String(process.pid), {flag: 'wx'})
  await setImmediate()
  rmSync(inside)
  held++
  // Without letting go, as a crash does.
  if (held === Number(times) && process.argv[4] === 'crash') process.kill(process.pid, 'SIGKILL')
  await (process.argv[4] === 'remove' ? lock.remove() : lock.release())
}
process.stdout.write(String(held))
