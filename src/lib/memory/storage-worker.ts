import {type MessagePort, parentPort, workerData} from 'node:worker_threads'
import {BmfoteError, type ErrorShape} from '../model/errors.ts'
import {type LocalMemory, openLocalMemory} from './local-memory.ts'
import type {WorkerGreeting, WorkerRequest, WorkerResponse} from './worker-memory.ts'

/** The program of a storage thread: a LocalMemory that is asked by messages. */
async function run(options: {path: string; timezone?: string}): Promise<void> {
  const port = parentPort
  if (!port) return
  let memory: LocalMemory
  try {
    memory = await openLocalMemory(options)
  } catch (error) {
    port.postMessage({failed: toShape(error)} satisfies WorkerGreeting)
    return
  }
  const underWay = new Set<Promise<void>>()
  port.on('message', (request: WorkerRequest) => {
    // The end waits for everything that was asked before it.
    const before = request.method === 'close' ? Promise.all(underWay) : undefined
    const work = respond(port, memory, request, before).finally(() => underWay.delete(work))
    underWay.add(work)
  })
  port.postMessage({ready: true} satisfies WorkerGreeting)
}

async function respond(
  port: MessagePort,
  memory: LocalMemory,
  request: WorkerRequest,
  before?: Promise<unknown>,
): Promise<void> {
  await before
  port.postMessage(await answer(memory, request))
  if (request.method === 'close') port.close()
}

async function answer(memory: LocalMemory, request: WorkerRequest): Promise<WorkerResponse> {
  const method = memory[request.method] as (...args: unknown[]) => Promise<unknown>
  try {
    return {id: request.id, value: await method.apply(memory, request.args)}
  } catch (error) {
    return {id: request.id, error: toShape(error)}
  }
}

function toShape(error: unknown): ErrorShape {
  if (error instanceof BmfoteError) return error.toShape()
  const detail = error instanceof Error ? error.stack : String(error)
  return {code: 'internal', message: 'The memory failed in a way that it should not.', detail}
}

await run(workerData as {path: string; timezone?: string})
