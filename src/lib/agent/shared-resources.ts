import type {Anthropic} from './api-types.ts'
import {ensureEnvironment, mendEnvironment} from './environment.ts'
import type {Change} from './plan-agent.ts'
import {type EnsuredCredential, ensureCredential, ensureVault, type MemoryAccess} from './vault.ts'

/** What all agents of an organization share. */
export interface SharedResources {
  vaultId: string
  environmentId: string
  credential: EnsuredCredential
  changes: Change[]
}

/** Finds the vault, the credential and the environment by their names, makes what is missing, mends what is not right. */
export async function ensureShared(
  api: Anthropic,
  access: MemoryAccess,
  onNote: (sentence: string) => void,
): Promise<SharedResources> {
  const vault = await ensureVault(api, onNote)
  const credential = await ensureCredential(api, vault.id, access)
  const {environment} = await ensureEnvironment(api, access.mcpUrl, onNote)
  const changes = await mendEnvironment(api, environment, access.mcpUrl)
  if (credential.action === 'rotated') {
    changes.unshift({
      what: `credential for ${access.mcpUrl}`,
      from: 'another token',
      to: 'the token of today',
    })
  }
  return {vaultId: vault.id, environmentId: environment.id, credential, changes}
}
