import {randomUUID} from 'node:crypto'
import {serveStdio} from '@modelcontextprotocol/server/stdio'
import type {Memory} from '../../memory/memory.ts'
import {SHARED_PRINCIPAL} from '../../model/principal.ts'
import {memoryApi} from '../memory-api.ts'
import {createToolServer} from './tool-server.ts'

export interface StdioOptions {
  memory: Memory
  /** For calls that name no workspace. */
  workspaceId?: string
  author?: string
}

/** The same tools over stdin and stdout, until the client closes the pipe. Nothing else may write to stdout. */
export function serveMcpOverStdio({memory, workspaceId, author}: StdioOptions): Promise<void> {
  const caller = {principal: SHARED_PRINCIPAL, requestId: randomUUID(), reason: 'mcp'}
  const api = memoryApi(memory, caller, {source: 'mcp', workspace_id: workspaceId, author})
  return new Promise((resolve) => {
    serveStdio(() => {
      const server = createToolServer({api, principal: caller.principal})
      server.onclose = resolve
      return server
    })
  })
}
