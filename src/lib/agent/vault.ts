import {BmfoteError} from '../model/errors.ts'
import {callApi, statusOf} from './api-errors.ts'
import type {Agent, Anthropic, Credential, Vault} from './api-types.ts'
import {createOnce} from './create-once.ts'
import {findOrMake} from './find-or-make.ts'
import {fingerprintOf, matchesFingerprint} from './fingerprint.ts'
import {listAll} from './list-all.ts'
import {isSameMcpUrl} from './mcp-url.ts'
import {FINGERPRINT_KEY, MARKER, MARKER_KEY, VAULT_NAME} from './names.ts'

/** Where the memory is, and what opens it. */
export interface MemoryAccess {
  mcpUrl: string
  token: string
}

export async function listVaults(api: Anthropic): Promise<Vault[]> {
  const vaults = await listAll(() => api.beta.vaults.list())
  return vaults.filter((vault) => vault.display_name === VAULT_NAME && !vault.archived_at)
}

export async function ensureVault(api: Anthropic, onNote: (sentence: string) => void): Promise<Vault> {
  const {item} = await findOrMake({
    what: `vault "${VAULT_NAME}"`,
    marker: MARKER.vault,
    list: () => listVaults(api),
    create: (metadata) => api.beta.vaults.create({display_name: VAULT_NAME, metadata}, {maxRetries: 0}),
    archive: (id) => api.beta.vaults.archive(id),
    onNote,
  })
  return item
}

export async function listCredentials(api: Anthropic, vaultId: string): Promise<Credential[]> {
  const credentials = await listAll(() => api.beta.vaults.credentials.list(vaultId))
  return credentials.filter((credential) => !credential.archived_at)
}

/** The one that the vault would send to this address. */
export function credentialFor(credentials: readonly Credential[], mcpUrl: string): Credential | undefined {
  return credentials.find(({auth}) => 'mcp_server_url' in auth && isSameMcpUrl(auth.mcp_server_url, mcpUrl))
}

export type CredentialState = 'missing' | 'fresh' | 'stale' | 'unknown' | 'foreign'

/** Whether the vault holds this very token; the vault itself never tells. */
export function credentialState(credential: Credential | undefined, token: string): CredentialState {
  if (credential === undefined) return 'missing'
  if (credential.auth.type !== 'static_bearer') return 'foreign'
  const fingerprint = credential.metadata[FINGERPRINT_KEY]
  if (fingerprint === undefined) return 'unknown'
  return matchesFingerprint(token, fingerprint) ? 'fresh' : 'stale'
}

export interface EnsuredCredential {
  id: string
  action: 'none' | 'created' | 'rotated'
}

/** Sees to it that the vault holds the token of today for this address. */
export async function ensureCredential(
  api: Anthropic,
  vaultId: string,
  access: MemoryAccess,
): Promise<EnsuredCredential> {
  const existing = credentialFor(await listCredentials(api, vaultId), access.mcpUrl)
  if (existing !== undefined) return refresh(api, existing, access)
  const find = async () => credentialFor(await listCredentials(api, vaultId), access.mcpUrl)
  const made = await createOnce({
    create: () =>
      api.beta.vaults.credentials.create(
        vaultId,
        {
          display_name: `${MARKER_KEY} ${new URL(access.mcpUrl).host}`.slice(0, 255),
          metadata: {[MARKER_KEY]: MARKER.credential, [FINGERPRINT_KEY]: fingerprintOf(access.token)},
          auth: {type: 'static_bearer', mcp_server_url: access.mcpUrl, token: access.token},
        },
        {maxRetries: 0},
      ),
    find,
  })
  // Another machine may have been quicker, with another token.
  const {action} = await refresh(api, made, access)
  return {id: made.id, action: action === 'none' ? 'created' : action}
}

async function refresh(
  api: Anthropic,
  credential: Credential,
  {token, mcpUrl}: MemoryAccess,
): Promise<EnsuredCredential> {
  const {id, vault_id} = credential
  const state = credentialState(credential, token)
  if (state === 'fresh') return {id, action: 'none'}
  if (state === 'foreign') throw foreignCredential(credential, mcpUrl)
  await callApi(() =>
    api.beta.vaults.credentials.update(id, {
      vault_id,
      auth: {type: 'static_bearer', token},
      metadata: {[MARKER_KEY]: MARKER.credential, [FINGERPRINT_KEY]: fingerprintOf(token)},
    }),
  )
  return {id, action: 'rotated'}
}

function foreignCredential({id, auth}: Credential, mcpUrl: string): BmfoteError {
  return new BmfoteError(
    'conflict',
    `The vault "${VAULT_NAME}" holds another kind of credential for ${mcpUrl}: ${id} (${auth.type}).`,
    {next: `Archive ${id} in the Claude Console, and run it again.`},
  )
}

/**
 * Archives credentials of ours for addresses that no agent uses any more: the server has moved. One that an agent still
 * goes by stays, for there may be a second server.
 */
export async function retireCredentials(
  api: Anthropic,
  {vaultId, mcpUrl, agents}: {vaultId: string; mcpUrl: string; agents: readonly Agent[]},
): Promise<string[]> {
  const inUse = agents.flatMap((agent) => agent.mcp_servers.map(({url}) => url))
  const retired: string[] = []
  for (const {id, auth, metadata} of await listCredentials(api, vaultId)) {
    if (auth.type !== 'static_bearer' || metadata[MARKER_KEY] !== MARKER.credential) continue
    if ([mcpUrl, ...inUse].some((url) => isSameMcpUrl(url, auth.mcp_server_url))) continue
    await archiveCredential(api, vaultId, id)
    retired.push(auth.mcp_server_url)
  }
  return retired
}

async function archiveCredential(api: Anthropic, vaultId: string, id: string): Promise<void> {
  try {
    await api.beta.vaults.credentials.archive(id, {vault_id: vaultId}, {maxRetries: 1})
  } catch (error) {
    // Somebody else has done it.
    if ([404, 409].includes(statusOf(error) ?? 0)) return
    await callApi(() => Promise.reject(error))
  }
}
