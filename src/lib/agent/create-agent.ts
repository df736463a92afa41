import {callApi} from './api-errors.ts'
import type {Agent, Anthropic} from './api-types.ts'
import {ambiguous, findOrMake} from './find-or-make.ts'
import {fetchAgents} from './list-agents.ts'
import {MARKER, MARKER_KEY, MCP_SERVER} from './names.ts'
import {type AgentWish, type Change, NEW_TOOLSET, NEW_WEB_TOOLSET} from './plan-agent.ts'
import {ensureShared} from './shared-resources.ts'
import {updateAgent} from './update-agent.ts'
import {type MemoryAccess, retireCredentials} from './vault.ts'

export interface CreateRequest extends Omit<AgentWish, 'mcpUrl'> {
  name: string
  system: string
}

export interface CreatedAgent {
  agentId: string
  name: string
  version: number
  action: 'created' | 'updated' | 'unchanged'
  /** What was different, of the agent and of what all agents share. */
  changes: Change[]
  environmentId: string
  vaultIds: string[]
  mcpUrl: string
}

/** Used when a new agent is made and nobody names another. */
export const DEFAULT_MODEL = 'claude-sonnet-5-5'

/**
 * The agent of this name with the memory wired to it: made, brought up to date, or left as it is. What is not wished
 * for stays as somebody has set it.
 */
export async function createAgent(
  api: Anthropic,
  {
    request,
    access,
    onNote,
  }: {request: CreateRequest; access: MemoryAccess; onNote: (sentence: string) => void},
): Promise<CreatedAgent> {
  const {name} = request
  const {mcpUrl} = access
  const what = `agent "${name}" made by this program`
  const before = await fetchAgents(api)
  const own = before.filter((agent) => isOwn(agent, name))
  if (own.length > 1) throw ambiguous(what, own)
  if (own.length === 0) noteNamesakes(before, name, onNote)

  const shared = await ensureShared(api, access, onNote)
  const {item, isNew} = await findOrMake({
    what,
    marker: MARKER.agent,
    list: async () => (await fetchAgents(api)).filter((agent) => isOwn(agent, name)),
    create: (metadata) => api.beta.agents.create(newAgent(request, mcpUrl, metadata), {maxRetries: 0}),
    archive: (id) => api.beta.agents.archive(id),
    onNote,
  })
  const {agent, changes} = await updateAgent(api, item, {...request, mcpUrl})
  const others = before.filter(({id}) => id !== agent.id)
  for (const url of await retireCredentials(api, {
    vaultId: shared.vaultId,
    mcpUrl,
    agents: [...others, agent],
  })) {
    changes.push({
      what: `credential for ${url}`,
      from: 'there',
      to: 'archived, for no agent uses it any more',
    })
  }
  return {
    agentId: agent.id,
    name: agent.name,
    version: agent.version,
    action: isNew ? 'created' : changes.length + shared.changes.length > 0 ? 'updated' : 'unchanged',
    changes: [...changes, ...shared.changes],
    environmentId: shared.environmentId,
    vaultIds: [shared.vaultId],
    mcpUrl,
  }
}

function isOwn({name, metadata}: Agent, wanted: string): boolean {
  return name === wanted && metadata[MARKER_KEY] === MARKER.agent
}

/** It might be the one that was meant. */
function noteNamesakes(agents: readonly Agent[], name: string, onNote: (sentence: string) => void): void {
  for (const {id} of agents.filter((agent) => agent.name === name)) {
    onNote(
      `There is another agent "${name}", ${id}, which this program has not made. To wire that one: bmfote agent doctor ${id} --fix`,
    )
  }
}

function newAgent(
  {name, system, description, model = DEFAULT_MODEL, web}: CreateRequest,
  mcpUrl: string,
  metadata: Record<string, string>,
) {
  return {
    name,
    system,
    ...(description === undefined ? {} : {description}),
    model,
    metadata,
    mcp_servers: [{type: 'url' as const, name: MCP_SERVER, url: mcpUrl}],
    tools: web ? [NEW_TOOLSET, NEW_WEB_TOOLSET] : [NEW_TOOLSET],
  }
}

/** @throws not_found when there is none of this id */
export async function fetchAgent(api: Anthropic, agentId: string): Promise<Agent> {
  return callApi(() => api.beta.agents.retrieve(agentId))
}
