import type {Agent, AgentUpdateParams} from './api-types.ts'
import {isSameMcpUrl} from './mcp-url.ts'
import {MCP_SERVER} from './names.ts'
import {
  type BuiltInToolset,
  builtInToolset,
  defaultPolicy,
  disabledTools,
  isEnabled,
  type McpToolset,
  MEMORY_TOOLS,
  memoryToolset,
  WEB_TOOLS,
} from './toolsets.ts'

/** What an agent should be like. What is left out stays as it is. */
export interface AgentWish {
  mcpUrl: string
  system?: string
  model?: string
  description?: string
  /** Searches and reads the web too. */
  web?: boolean
}

/** One difference, for people: what, how it is, how it is to be. */
export interface Change {
  what: string
  from: string | null
  to: string | null
}

export interface AgentPlan {
  changes: Change[]
  /** What to send; the version goes with it. */
  update: Pick<AgentUpdateParams, 'system' | 'model' | 'description' | 'mcp_servers' | 'tools'>
}

type ToolParams = NonNullable<AgentUpdateParams['tools']>

/**
 * The steps from what the agent is to what it should be. Arrays are replaced whole by the API, so what is not ours goes
 * along as it was read: other servers, their toolsets, other tools, and what somebody has made stricter for one tool.
 */
export function planAgent(agent: Agent, wish: AgentWish): AgentPlan {
  const plan: AgentPlan = {changes: [], update: {}}
  planWords(agent, wish, plan)
  const servers = planServers(agent, wish, plan)
  const tools = planWeb(planToolset(agent.tools as ToolParams, agent, plan), agent, wish, plan)
  if (servers !== agent.mcp_servers) plan.update.mcp_servers = servers
  if (tools !== agent.tools) plan.update.tools = tools
  return plan
}

function planWords(agent: Agent, wish: AgentWish, plan: AgentPlan): void {
  const note = (what: string, from: string | null, to: string) => plan.changes.push({what, from, to})
  if (wish.system !== undefined && wish.system !== (agent.system ?? '')) {
    note('system', agent.system, wish.system)
    plan.update.system = wish.system
  }
  if (wish.description !== undefined && wish.description !== (agent.description ?? '')) {
    note('description', agent.description, wish.description)
    plan.update.description = wish.description
  }
  if (wish.model !== undefined && wish.model !== agent.model.id) {
    note('model', agent.model.id, wish.model)
    plan.update.model = wish.model
  }
}

function planServers(agent: Agent, {mcpUrl}: AgentWish, {changes}: AgentPlan): Agent['mcp_servers'] {
  const own = agent.mcp_servers.find(({name}) => name === MCP_SERVER)
  if (own && isSameMcpUrl(own.url, mcpUrl)) return agent.mcp_servers
  changes.push({what: `MCP server ${MCP_SERVER}`, from: own?.url ?? null, to: mcpUrl})
  const server = {...own, type: 'url' as const, name: MCP_SERVER, url: mcpUrl}
  return own
    ? agent.mcp_servers.map((each) => (each === own ? server : each))
    : [...agent.mcp_servers, server]
}

export const NEW_TOOLSET = {
  type: 'mcp_toolset' as const,
  mcp_server_name: MCP_SERVER,
  default_config: {enabled: true, permission_policy: {type: 'always_allow' as const}},
}

function planToolset(tools: ToolParams, agent: Agent, {changes}: AgentPlan): ToolParams {
  const own = memoryToolset(agent)
  if (own === undefined) {
    changes.push({what: `toolset of ${MCP_SERVER}`, from: null, to: 'all its tools, without asking'})
    return [...tools, NEW_TOOLSET]
  }
  const mended = mendToolset(own, changes)
  return mended === own ? tools : tools.map((tool) => (tool === own ? mended : tool))
}

function mendToolset(own: McpToolset, changes: Change[]): McpToolset {
  let mended = own
  const set = (settings: Partial<McpToolset['default_config']>) => {
    mended = {...mended, default_config: {...mended.default_config, ...settings}}
  }
  if (defaultPolicy(own) === 'always_ask') {
    changes.push({what: `permission of ${MCP_SERVER}`, from: 'always_ask', to: 'always_allow'})
    set({permission_policy: {type: 'always_allow'}})
  }
  // Some that are enabled are somebody's choice; none at all is a mistake, unless each was disabled by itself.
  const isOff = disabledTools(own).length === MEMORY_TOOLS.length && own.default_config?.enabled === false
  if (isOff) {
    changes.push({what: `tools of ${MCP_SERVER}`, from: 'disabled', to: 'enabled'})
    set({enabled: true})
  }
  return mended
}

export const NEW_WEB_TOOLSET = {
  type: 'agent_toolset_20260401' as const,
  default_config: {enabled: false},
  configs: WEB_TOOLS.map((name) => ({
    name,
    enabled: true,
    permission_policy: {type: 'always_allow' as const},
  })),
}

function planWeb(tools: ToolParams, agent: Agent, {web}: AgentWish, {changes}: AgentPlan): ToolParams {
  if (!web) return tools
  const own = builtInToolset(agent)
  const missing = WEB_TOOLS.filter((name) => own === undefined || !isEnabled(own, name))
  if (missing.length === 0) return tools
  changes.push({what: 'web tools', from: null, to: missing.join(', ')})
  if (own === undefined) return [...tools, NEW_WEB_TOOLSET]
  return tools.map((tool) => (tool === own ? enableTools(own, missing) : tool))
}

/** Whether they ask first stays as it is for the toolset. */
function enableTools(own: BuiltInToolset, names: readonly (typeof WEB_TOOLS)[number][]): ToolParams[number] {
  const configs = (own.configs ?? []).map((config) =>
    names.some((name) => name === config.name) ? {...config, enabled: true} : config,
  )
  const added = names
    .filter((name) => !configs.some((config) => config.name === name))
    .map((name) => ({name, enabled: true}))
  return {...own, configs: [...configs, ...added]}
}
