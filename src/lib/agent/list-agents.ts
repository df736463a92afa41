import type {Agent, Anthropic} from './api-types.ts'
import {listEnvironments} from './environment.ts'
import {listAll} from './list-all.ts'
import {listVaults} from './vault.ts'
import {findWiringFaults} from './wiring.ts'

export interface ListedAgent {
  id: string
  name: string
  version: number
  model: string
  wired: boolean
  /** Why not. */
  reasons: string[]
}

export interface AgentList {
  agents: ListedAgent[]
  environmentId: string | null
  vaultIds: string[]
}

export async function fetchAgents(api: Anthropic): Promise<Agent[]> {
  const agents = await listAll(() => api.beta.agents.list())
  return agents.filter(({archived_at}) => !archived_at)
}

/** Every agent that this key reaches, and whether it uses the memory. */
export async function listAgents(api: Anthropic, mcpUrl: string | undefined): Promise<AgentList> {
  const [agents, vaults, environments] = await Promise.all([
    fetchAgents(api),
    listVaults(api),
    listEnvironments(api),
  ])
  return {
    agents: agents.map((agent) => describeAgent(agent, mcpUrl)),
    environmentId: environments.length === 1 ? (environments[0]?.id ?? null) : null,
    vaultIds: vaults.map(({id}) => id),
  }
}

function describeAgent(agent: Agent, mcpUrl: string | undefined): ListedAgent {
  const reasons = findWiringFaults(agent, mcpUrl).map(({sentence}) => sentence)
  const {id, name, version, model} = agent
  return {id, name, version, model: model.id, wired: reasons.length === 0, reasons}
}
