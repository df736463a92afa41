import {callApi} from '../api-errors.ts'
import type {Agent, Anthropic, Environment, Vault} from '../api-types.ts'
import {listEnvironments} from '../environment.ts'
import type {MemoryAccess} from '../vault.ts'
import {listVaults} from '../vault.ts'
import {checkAddress, checkHandshake} from './check-address.ts'
import {checkAgent} from './check-agent.ts'
import {checkCredential, checkEnvironment} from './check-shared.ts'
import type {AgentFinding} from './finding.ts'

export interface Examination {
  agent: Agent
  findings: AgentFinding[]
}

export interface Patient {
  agent: Agent
  vaults: Vault[]
  environments: Environment[]
  access: MemoryAccess
}

/** Looks at everything between an agent and its memory, and says of each what is wrong and what to do. */
export async function examineAgent(
  api: Anthropic,
  agentId: string,
  access: MemoryAccess,
): Promise<Examination> {
  const [agent, vaults, environments] = await Promise.all([
    callApi(() => api.beta.agents.retrieve(agentId)),
    listVaults(api),
    listEnvironments(api),
  ])
  const patient = {agent, vaults, environments, access}
  const findings = [
    ...checkAgent(patient),
    ...(await checkCredential(api, patient)),
    ...checkEnvironment(patient),
    ...(await checkAddress(access.mcpUrl, api.baseURL)),
    ...(await checkHandshake(access)),
  ]
  return {agent, findings}
}
