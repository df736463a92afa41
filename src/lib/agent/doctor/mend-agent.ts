import {BmfoteError} from '../../model/errors.ts'
import type {Agent, Anthropic} from '../api-types.ts'
import {fetchAgents} from '../list-agents.ts'
import type {Change} from '../plan-agent.ts'
import {ensureShared} from '../shared-resources.ts'
import {updateAgent} from '../update-agent.ts'
import {type MemoryAccess, retireCredentials} from '../vault.ts'

/** Wires the agent to the memory, and gives what was different. Only what is ours is touched. */
export async function mendAgent(
  api: Anthropic,
  {agent, access, onNote}: {agent: Agent; access: MemoryAccess; onNote: (sentence: string) => void},
): Promise<Change[]> {
  if (agent.archived_at) {
    throw new BmfoteError('conflict', `The agent ${agent.id} is archived, which can't be undone.`, {
      next: 'Make another one: bmfote agent create',
    })
  }
  const shared = await ensureShared(api, access, onNote)
  const {changes} = await updateAgent(api, agent, {mcpUrl: access.mcpUrl})
  const retired = await retireCredentials(api, {
    vaultId: shared.vaultId,
    mcpUrl: access.mcpUrl,
    agents: await fetchAgents(api),
  })
  return [
    ...changes,
    ...shared.changes,
    ...(shared.credential.action === 'created'
      ? [{what: `credential for ${access.mcpUrl}`, from: null, to: shared.credential.id}]
      : []),
    ...retired.map((url) => ({
      what: `credential for ${url}`,
      from: 'there',
      to: 'archived, for no agent uses it any more',
    })),
  ]
}
