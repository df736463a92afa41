import type {Agent} from './api-types.ts'
import {isSameMcpUrl} from './mcp-url.ts'
import {MCP_SERVER} from './names.ts'
import {defaultPolicy, disabledTools, MEMORY_TOOLS, memoryToolset} from './toolsets.ts'

/** What keeps an agent from using the memory: which part of it, and a sentence. */
export interface WiringFault {
  part: 'agent' | 'server' | 'toolset' | 'policy' | 'tools'
  sentence: string
}

/**
 * An agent is wired when it has the MCP server `bmfote` and a toolset for it whose tools need no permission. Without a
 * URL to compare with, any address will do.
 */
export function findWiringFaults(agent: Agent, mcpUrl: string | undefined): WiringFault[] {
  const faults: WiringFault[] = []
  const add = (part: WiringFault['part'], sentence: string) => faults.push({part, sentence})
  if (agent.archived_at) add('agent', `it was archived at ${agent.archived_at}, which can't be undone`)
  const server = agent.mcp_servers.find(({name}) => name === MCP_SERVER)
  if (server === undefined) add('server', `it has no MCP server "${MCP_SERVER}"`)
  else if (mcpUrl !== undefined && !isSameMcpUrl(server.url, mcpUrl)) {
    add('server', `its memory is at ${server.url}, not at ${mcpUrl}`)
  }
  const toolset = memoryToolset(agent)
  if (toolset === undefined) {
    if (server !== undefined) add('toolset', `it has no toolset for "${MCP_SERVER}"`)
    return faults
  }
  if (defaultPolicy(toolset) === 'always_ask') add('policy', 'each call of the memory waits for a permission')
  if (disabledTools(toolset).length === MEMORY_TOOLS.length)
    add('tools', 'all tools of the memory are disabled')
  return faults
}
