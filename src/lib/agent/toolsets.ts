import {TOOLS} from '../client/tools/index.ts'
import type {Agent} from './api-types.ts'
import {MCP_SERVER} from './names.ts'

export type AgentTool = Agent['tools'][number]
export type McpToolset = Extract<AgentTool, {type: 'mcp_toolset'}>
export type BuiltInToolset = Extract<AgentTool, {type: 'agent_toolset_20260401'}>

export const MEMORY_TOOLS: readonly string[] = TOOLS.map(({name}) => name)
export const WEB_TOOLS = ['web_search', 'web_fetch'] as const

export function memoryToolset(agent: Pick<Agent, 'tools'>): McpToolset | undefined {
  return agent.tools.find(
    (tool): tool is McpToolset => tool.type === 'mcp_toolset' && tool.mcp_server_name === MCP_SERVER,
  )
}

export function builtInToolset(agent: Pick<Agent, 'tools'>): BuiltInToolset | undefined {
  return agent.tools.find((tool): tool is BuiltInToolset => tool.type === 'agent_toolset_20260401')
}

/** Whether the tool can be called at all, by its own setting or else by the toolset's. */
export function isEnabled(toolset: McpToolset | BuiltInToolset, name: string): boolean {
  const own = toolset.configs?.find((config) => config.name === name)
  return own?.enabled ?? toolset.default_config?.enabled ?? true
}

/** A server that sends no default policy means the API's own. */
export function defaultPolicy(toolset: McpToolset): string {
  return toolset.default_config?.permission_policy?.type ?? 'always_ask'
}

/** What holds for one tool where it is stricter than for the others. */
export function stricterTools(toolset: McpToolset): {name: string; policy: string}[] {
  return (toolset.configs ?? [])
    .filter(({name}) => MEMORY_TOOLS.includes(name) && isEnabled(toolset, name))
    .map(({name, permission_policy}) => ({name, policy: permission_policy?.type ?? 'always_allow'}))
    .filter(({policy}) => policy !== 'always_allow')
}

export function disabledTools(toolset: McpToolset): string[] {
  return MEMORY_TOOLS.filter((name) => !isEnabled(toolset, name))
}
