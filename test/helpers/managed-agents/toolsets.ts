import {invalid} from './api-error.ts'
import type {Agent, AgentCreate} from './api-shapes.ts'

type Tool = Agent['tools'][number]
type ToolParams = NonNullable<AgentCreate['tools']>[number]
export type PermissionPolicy = {type: 'always_allow' | 'always_ask' | 'auto'}

interface ToolSetting {
  enabled: boolean
  permission_policy: PermissionPolicy
}

/** Defaults filled in, as the API gives tools back. */
export function resolveTools(tools: readonly ToolParams[]): Tool[] {
  return tools.map(resolveTool)
}

function resolveTool(tool: ToolParams): Tool {
  if (tool.type === 'custom') return tool
  if (tool.type === 'mcp_toolset') {
    const default_config = setting(tool.default_config, {
      enabled: true,
      permission_policy: {type: 'always_ask'},
    })
    const configs = (tool.configs ?? []).map((config) => ({
      name: config.name,
      ...setting(config, default_config),
    }))
    checkNames(configs)
    return {type: 'mcp_toolset', mcp_server_name: tool.mcp_server_name, default_config, configs}
  }
  const default_config = setting(tool.default_config, {
    enabled: true,
    permission_policy: {type: 'always_allow'},
  })
  const configs = (tool.configs ?? []).map((config) => {
    const {enabled: _, permission_policy: __, ...rest} = config
    const ofTool = config.name === 'web_fetch' ? {url_sources: null} : {}
    return {...ofTool, ...rest, type: config.name, ...setting(config, default_config)}
  })
  checkNames(configs)
  // The union of what each tool adds is more than the compiler follows; the schema of every answer checks it.
  return {type: 'agent_toolset_20260401', default_config, configs: configs as never}
}

function setting(
  given: {enabled?: boolean | null; permission_policy?: PermissionPolicy | null} | null | undefined,
  otherwise: ToolSetting,
): ToolSetting {
  return {
    enabled: given?.enabled ?? otherwise.enabled,
    permission_policy: given?.permission_policy ?? otherwise.permission_policy,
  }
}

function checkNames(configs: readonly {name: string}[]): void {
  const names = configs.map(({name}) => name)
  if (new Set(names).size !== names.length) throw invalid('tools: configs must have different names')
}

/** Whether the agent has a tool of an MCP server, and what happens before it is called. */
export function settingOfMcpTool(
  tools: readonly Tool[],
  server: string,
  name: string,
): ToolSetting | undefined {
  const toolset = tools.find((tool) => tool.type === 'mcp_toolset' && tool.mcp_server_name === server)
  if (toolset?.type !== 'mcp_toolset') return undefined
  return toolset.configs.find((config) => config.name === name) ?? toolset.default_config
}
