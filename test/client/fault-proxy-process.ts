import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'

export interface FaultProxy {
  url: string
  setMode(mode: {mode: string; times?: number; ms?: number}): Promise<void>
  requests(): Promise<string[]>
  stop(): Promise<void>
}

/** test/client/fault-proxy.ts, in front of a server. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const script = fileURLToPath(new URL('fault-proxy.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '--target', target], {stdio: ['ignore', 'pipe', 'inherit']})
  const exited = once(child, 'exit')
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const {url} = JSON.parse(String(line))
  return {
    url,
    setMode: async (mode) =>
      void (await fetch(`${url}/__mode`, {method: 'POST', body: JSON.stringify(mode)})),
    requests: async () => (await fetch(`${url}/__requests`)).json() as Promise<string[]>,
    stop: async () => {
      child.kill()
      await exited
    },
  }
}
