import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {monitorEventLoopDelay} from 'node:perf_hooks'
import type {Memory} from '../../src/lib/memory/memory.ts'
import {openWorkerMemory} from '../../src/lib/memory/worker-memory.ts'
import {BmfoteError} from '../../src/lib/model/errors.ts'
import {OWNER} from './callers.ts'
import {type FaultProxy, startFaultProxy} from './fault-proxy.ts'
import {LEEWAY_SECONDS, type Sqld, startSqld} from './sqld.ts'

export interface StormReport {
  acknowledged: number
  refused: Record<string, number>
  /** Acknowledged, and not there afterwards: must be none. */
  lost: string[]
  /** There twice, or changed by being sent again: must be none. */
  doubled: number
  /** Refusals that are no sentence with a code: must be none. */
  speechless: string[]
  /** The longest that the event loop of the server's own thread stood still, in milliseconds. */
  eventLoopMsMax: number
}

/** What happens, and how it ends; each in the middle of the writes. */
const FAULTS: readonly [
  name: string,
  begin: (ground: Ground) => Promise<void>,
  end: (ground: Ground) => Promise<void>,
][] = [
  ['cut', ({proxy}) => proxy.set({kind: 'cut'}), async () => {}],
  ['slow', ({proxy}) => proxy.set({kind: 'slow', roundTripMs: 200}), ({proxy}) => proxy.set({kind: 'none'})],
  [
    'lost answers',
    ({proxy}) => proxy.set({kind: 'drop_answers', times: 2}),
    ({proxy}) => proxy.set({kind: 'none'}),
  ],
  ['killed', ({sqld}) => sqld.kill(), ({sqld}) => sqld.restart()],
  ['refusing', ({proxy}) => proxy.set({kind: 'refuse'}), ({proxy}) => proxy.set({kind: 'none'})],
  [
    'full',
    async ({sqld}) => sqld.configure({max_db_size: '100kb'}),
    ({sqld}) => sqld.configure({max_db_size: '10gb'}),
  ],
  [
    'blocked',
    ({sqld}) => sqld.configure({block_writes: true}),
    ({sqld}) => sqld.configure({block_writes: false}),
  ],
]

interface Ground {
  sqld: Sqld
  proxy: FaultProxy
}

const WRITERS = 16
/** A refused writer keeps its message and comes again, as clients and hooks do. */
const REFUSED_PAUSE_MS = 50
/** A fault that lets nothing through ends after so long. */
const FAULT_MS = 1_000

/** Writes one message at a time from many sides, while everything happens to the database that can, one after the other. */
export async function runFaultStorm(options: {
  mode: 'remote' | 'replica'
  writes: number
  /** The last thing that happens is that the token expires. */
  tokenSeconds?: number
}): Promise<StormReport> {
  const sqld = await startSqld({auth: true})
  const proxy = await startFaultProxy(sqld.port)
  const folder = mkdtempSync(join(tmpdir(), 'bmfote-storm-'))
  const remote = {url: proxy.url, authToken: sqld.token()}
  const database =
    options.mode === 'remote'
      ? ({mode: 'remote', ...remote} as const)
      : ({mode: 'replica', path: join(folder, 'replica.db'), ...remote} as const)
  const memory = await openWorkerMemory({database, readers: 1})
  const delay = monitorEventLoopDelay({resolution: 5})
  try {
    delay.enable()
    const {uuids, refused, speechless} = await writeThrough(memory, {sqld, proxy}, options.writes)
    delay.disable()
    const after = await expireToken(database, sqld)
    return {
      acknowledged: uuids.length,
      refused: {...refused, ...after},
      speechless,
      ...(await compare(sqld, uuids)),
      eventLoopMsMax: Math.round(delay.max / 1e6),
    }
  } finally {
    await memory.close()
    await proxy.close()
    await sqld.close()
    rmSync(folder, {recursive: true, force: true})
  }
}

async function writeThrough(memory: Memory, ground: Ground, writes: number) {
  const uuids: string[] = []
  const refused: Record<string, number> = {}
  const speechless: string[] = []
  let next = 0
  const write = async () => {
    for (let n = next++; n < writes; n = next++) {
      const uuid = `u${n}`
      while (!(await attempt(n, uuid))) await new Promise((resolve) => setTimeout(resolve, REFUSED_PAUSE_MS))
    }
  }
  const attempt = async (n: number, uuid: string): Promise<boolean> => {
    const message = {sessionId: `s${n % 7}`, uuid, content: `message ${n}`}
    try {
      await memory.recordMessages(OWNER, [message])
      uuids.push(uuid)
      return true
    } catch (error) {
      const code = error instanceof BmfoteError ? error.code : 'internal'
      if (code === 'internal') speechless.push(String(error))
      refused[code] = (refused[code] ?? 0) + 1
      return code === 'internal'
    }
  }
  const until = async (count: number, deadline = Number.POSITIVE_INFINITY) => {
    while (uuids.length < Math.min(count, writes) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const writers = Promise.all(Array.from({length: WRITERS}, write))
  const span = writes / FAULTS.length
  for (const [index, [, begin, end]] of FAULTS.entries()) {
    await until(index * span + span * 0.3)
    await begin(ground)
    await until(index * span + span * 0.6, Date.now() + FAULT_MS)
    await end(ground)
  }
  await writers
  return {uuids, refused, speechless}
}

/** A server whose token ends while it writes. */
async function expireToken(
  database: Parameters<typeof openWorkerMemory>[0]['database'],
  sqld: Sqld,
): Promise<Record<string, number>> {
  if (database.mode !== 'remote') return {}
  const memory = await openWorkerMemory({
    database: {...database, authToken: sqld.token({expiresInSeconds: 2 - LEEWAY_SECONDS})},
    readers: 0,
  })
  try {
    for (let n = 0; ; n++) await memory.recordMessages(OWNER, [{sessionId: 'expiring', uuid: `e${n}`}])
  } catch (error) {
    return {[`token: ${(error as BmfoteError).code}`]: 1}
  } finally {
    await memory.close()
  }
}

async function compare(sqld: Sqld, acknowledged: readonly string[]) {
  const [rows = []] = await sqld.execute('SELECT uuid, count(*), max(revision) FROM messages GROUP BY uuid')
  const stored = new Set(rows.map(([uuid]) => uuid))
  return {
    lost: acknowledged.filter((uuid) => !stored.has(uuid)),
    doubled: rows.filter(([, count, revision]) => count !== '1' || revision !== '1').length,
  }
}
