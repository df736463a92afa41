import {hostname} from 'node:os'
import {setTimeout} from 'node:timers/promises'
import {readSpoolStanding} from '../capture/hooks/capture-status.ts'
import {type SendReport, sendSpool} from '../capture/hooks/send-spool.ts'
import {Spool} from '../capture/hooks/spool.ts'
import {type Environment, loadClientConfig, resolvePaths} from '../config/environment.ts'
import {BmfoteError} from '../model/errors.ts'
import {openMemory, terminalCaller} from './open-memory.ts'

export interface Delivery extends SendReport {
  /** Events that still wait. */
  left: number
}

/** Somebody waits for it: a server that does not answer by then is down. */
const PATIENCE_MS = 4_000
const LOOK_AGAIN_MS = 200

/** Delivers what hooks have put down, now. Another sender that is at it is given time to end. */
export async function deliverSpool(environment: Environment): Promise<Delivery> {
  const paths = resolvePaths(environment)
  const sleep = patientSleep(PATIENCE_MS)
  await new Spool(paths.spool).adoptLeftovers(Date.now(), 0)
  let report: SendReport = {outcome: 'done', messages: 0}
  while ((await readSpoolStanding(paths)).events > 0) {
    report = await sendOnce(environment, sleep)
    if (report.outcome !== 'busy') break
    const isOver = await sleep(LOOK_AGAIN_MS).then(
      () => false,
      () => true,
    )
    if (isOver) break
  }
  return {...report, left: (await readSpoolStanding(paths)).events}
}

async function sendOnce(environment: Environment, sleep: (ms: number) => Promise<void>): Promise<SendReport> {
  const paths = resolvePaths(environment)
  const config = loadClientConfig(environment, paths)
  let opened: ReturnType<typeof openMemory> | undefined
  try {
    return await sendSpool({
      paths,
      destination: config.url ?? paths.database,
      openMemory: async () => {
        opened ??= openMemory({environment})
        return (await opened).memory
      },
      caller: {...terminalCaller('hook'), reason: 'hook'},
      workspaceId: config.workspaceId,
      author: config.author,
      machine: hostname(),
      sleep,
    })
  } finally {
    await (await opened)?.memory.close()
  }
}

/** Waits that may take so long in all; the one that would take longer fails. */
function patientSleep(patienceMs: number): (ms: number) => Promise<void> {
  let leftMs = patienceMs
  return async (ms) => {
    leftMs -= ms
    if (leftMs < 0) throw new BmfoteError('unavailable', 'The memory does not answer.')
    await setTimeout(ms)
  }
}
