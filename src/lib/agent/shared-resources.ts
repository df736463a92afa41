import type {Anthropic, Environment} from './api-types.ts'
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

/**
 * Finds the vault, the credential and the environment by their names, and makes what is missing. The credential gets the
 * token of today; the environment, which says what agents may reach, stays as it is.
 */
export async function findShared(
  api: Anthropic,
  access: MemoryAccess,
  onNote: (sentence: string) => void,
): Promise<{vaultId: string; environment: Environment; credential: EnsuredCredential}> {
  const vault = await ensureVault(api, onNote)
  const credential = await ensureCredential(api, vault.id, access)
  const {environment} = await ensureEnvironment(api, access.mcpUrl, onNote)
  return {vaultId: vault.id, environment, credential}
}

/** The same, and mends the environment where it keeps agents from the memory. */
export async function ensureShared(
  api: Anthropic,
  access: MemoryAccess,
  onNote: (sentence: string) => void,
): Promise<SharedResources> {
  const {vaultId, environment, credential} = await findShared(api, access, onNote)
  const changes = await mendEnvironment(api, environment, access.mcpUrl)
  if (credential.action === 'rotated') {
    changes.unshift({
      what: `credential for ${access.mcpUrl}`,
      from: 'another token',
      to: 'the token of today',
    })
  }
  return {vaultId, environmentId: environment.id, credential, changes}
}
