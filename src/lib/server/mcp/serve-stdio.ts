import {randomUUID} from 'node:crypto'
import type {Readable, Writable} from 'node:stream'
import {serveStdio} from '@modelcontextprotocol/server/stdio'
import type {Memory} from '../../memory/memory.ts'
import {type Caller, SHARED_PRINCIPAL} from '../../model/principal.ts'
import {memoryApi} from '../memory-api.ts'
import {LastAnswersTransport} from './last-answers-transport.ts'
import {createToolServer} from './tool-server.ts'

export interface StdioOptions {
  memory: Memory
  /** For calls that name no workspace. */
  workspaceId?: string
  author?: string
  /** Which tool is at the other end, for what it remembers; default `mcp`. */
  source?: string
  stdin: Readable
  stdout: Writable
}

/** The same tools over stdin and stdout, until the client closes the pipe. Nothing else may write to stdout. */
export async function serveMcpOverStdio(options: StdioOptions): Promise<void> {
  const {memory, workspaceId, author, source = 'mcp'} = options
  const caller: Caller = {principal: SHARED_PRINCIPAL, requestId: randomUUID(), reason: 'mcp'}
  const api = memoryApi(memory, caller, {source, workspace_id: workspaceId, author})
  const transport = new LastAnswersTransport(options.stdin, options.stdout)
  const connection = serveStdio(() => createToolServer({api, principal: caller.principal}), {transport})
  await closed(transport)
  await connection.close()
}

function closed(transport: LastAnswersTransport): Promise<void> {
  const before = transport.onclose
  return new Promise((resolve) => {
    transport.onclose = () => {
      before?.()
      resolve()
    }
  })
}
