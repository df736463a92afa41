import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Fault} from './faults.ts'
import type {ManagedAgents} from './start-managed-agents.ts'

/**
 * What a test in the same process does by calls, over HTTP and apart from the API: `POST /faults` adds one or a list of
 * them, `DELETE /faults` takes them back, `GET /faults` tells which are to come, `GET /requests` and `GET /violations`
 * what happened, `POST /settled` waits until no session works any more.
 */
export async function controlServer(
  standIn: ManagedAgents,
  port: number,
): Promise<{url: string; close(): Promise<void>}> {
  const answers: Record<string, (body: string) => unknown> = {
    'GET /faults': () => standIn.faults.pending,
    'POST /faults': (body) => standIn.faults.add(...([JSON.parse(body)].flat() as Fault[])),
    'DELETE /faults': () => standIn.faults.clear(),
    'GET /requests': () => standIn.requests,
    'GET /violations': () => standIn.violations,
    'POST /settled': () => standIn.settled(),
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answer = answers[`${request.method} ${request.url}`]
    const result = await answer?.(body)
    response
      .writeHead(answer ? 200 : 404, {'content-type': 'application/json'})
      .end(JSON.stringify(result ?? null))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close}
}
