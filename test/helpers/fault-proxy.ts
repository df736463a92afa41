import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

export type ProxyFault =
  | {kind: 'none'}
  /** What is open is cut now; new connections are let through. */
  | {kind: 'cut'}
  /** Cut, and nobody is let in again. */
  | {kind: 'refuse'}
  /** Everything is taken, nothing is passed on: a firewall, a dead route. */
  | {kind: 'silent'}
  /** The same, for a replica that fetches; what comes by HTTP is answered. */
  | {kind: 'silent_replication'}
  | {kind: 'slow'; roundTripMs: number}
  /** The server gets what it is asked, and its answer is lost, so many times. */
  | {kind: 'drop_answers'; times: number /** So many are let through first. */; after?: number}

export interface FaultProxy {
  url: string
  set(fault: ProxyFault): Promise<void>
  close(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('./fault-proxy-child.ts', import.meta.url))

/**
 * Stands between a client and a server on this machine. In a process of its own: libSQL's native client stops the event
 * loop while it waits, and with it any proxy that would run in the same.
 */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const child = spawn(process.execPath, [PROGRAM, String(targetPort)], {stdio: ['pipe', 'pipe', 'inherit']})
  const lines = createInterface({input: child.stdout})
  const next = async (isWanted: (message: Record<string, unknown>) => boolean) => {
    for (;;) {
      const [line] = (await once(lines, 'line')) as [string]
      const message = JSON.parse(line) as Record<string, unknown>
      if (isWanted(message)) return message
    }
  }
  const {port} = await next((message) => 'port' in message)
  return {
    url: `http://127.0.0.1:${port}`,
    async set(fault) {
      const done = next((message) => 'done' in message)
      child.stdin.write(`${JSON.stringify(fault)}\n`)
      await done
    },
    async close() {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}
