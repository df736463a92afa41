import {ApiError, invalid, notFound} from './api-error.ts'
import type {Credential, CredentialCreate, CredentialUpdate, Vault} from './api-shapes.ts'
import {newId} from './ids.ts'
import {normalizeMcpUrl} from './mcp-url.ts'
import {mergeMetadata, newMetadata} from './metadata.ts'
import {pageOf} from './page.ts'
import {route} from './route.ts'
import type {StandInState} from './state.ts'

const NAME_CHARS_MAX = 255
const CREDENTIALS_MAX = 20

export const VAULT_ROUTES = [
  route({
    method: 'POST',
    path: '/v1/vaults',
    body: 'VaultCreate',
    answer: 'Vault',
    handle: ({state, body, now}) => {
      const vault: Vault = {
        id: newId('vlt'),
        type: 'vault',
        display_name: checkName(body.display_name),
        metadata: newMetadata(body.metadata),
        created_at: now(),
        updated_at: now(),
        archived_at: null,
      }
      state.vaults.set(vault.id, vault)
      return vault
    },
  }),
  route({
    method: 'GET',
    path: '/v1/vaults',
    query: 'VaultQuery',
    answer: 'VaultList',
    handle: ({state, query, pageSize}) => {
      const vaults = [...state.vaults.values()].reverse()
      return pageOf(
        vaults.filter(({archived_at}) => query.include_archived || !archived_at),
        query,
        pageSize,
      )
    },
  }),
  route({
    method: 'GET',
    path: '/v1/vaults/:vault',
    answer: 'Vault',
    handle: ({state, params}) => findVault(state, params.vault),
  }),
  route({
    method: 'POST',
    path: '/v1/vaults/:vault',
    body: 'VaultUpdate',
    answer: 'Vault',
    handle: ({state, params, body, now}) => {
      const before = findOpenVault(state, params.vault)
      const vault = {
        ...before,
        display_name: body.display_name ? checkName(body.display_name) : before.display_name,
        metadata: mergeMetadata(before.metadata, body.metadata),
        updated_at: now(),
      }
      state.vaults.set(vault.id, vault)
      return vault
    },
  }),
  route({
    method: 'POST',
    path: '/v1/vaults/:vault/archive',
    answer: 'Vault',
    handle: ({state, params, now}) => {
      const before = findVault(state, params.vault)
      const vault = {...before, archived_at: before.archived_at ?? now()}
      state.vaults.set(vault.id, vault)
      for (const credential of credentialsOf(state, vault.id)) archiveCredential(state, credential, now())
      return vault
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/vaults/:vault',
    answer: 'VaultDeleted',
    handle: ({state, params}) => {
      const {id} = findVault(state, params.vault)
      for (const credential of credentialsOf(state, id)) forget(state, credential.id)
      state.vaults.delete(id)
      return {id, type: 'vault_deleted' as const}
    },
  }),
]

export const CREDENTIAL_ROUTES = [
  route({
    method: 'POST',
    path: '/v1/vaults/:vault/credentials',
    body: 'CredentialCreate',
    answer: 'Credential',
    handle: ({state, params, body, now}) => {
      const vault = findOpenVault(state, params.vault)
      const active = credentialsOf(state, vault.id).filter(({archived_at}) => !archived_at)
      if (active.length >= CREDENTIALS_MAX)
        throw invalid(`A vault holds at most ${CREDENTIALS_MAX} credentials.`)
      const {auth, secret} = splitSecret(body.auth)
      const twin = active.find((credential) => sameTarget(credential.auth, auth))
      if (twin) throw new ApiError(409, `Credential ${twin.id} of this vault is for the same server.`)
      const credential: Credential = {
        id: newId('vcrd'),
        type: 'vault_credential',
        vault_id: vault.id,
        display_name: body.display_name ?? null,
        auth,
        metadata: newMetadata(body.metadata),
        created_at: now(),
        updated_at: now(),
        archived_at: null,
      }
      state.credentials.set(credential.id, credential)
      state.secrets.set(credential.id, secret)
      return credential
    },
  }),
  route({
    method: 'GET',
    path: '/v1/vaults/:vault/credentials',
    query: 'CredentialQuery',
    answer: 'CredentialList',
    handle: ({state, params, query, pageSize}) => {
      const credentials = credentialsOf(state, findVault(state, params.vault).id).reverse()
      return pageOf(
        credentials.filter(({archived_at}) => query.include_archived || !archived_at),
        query,
        pageSize,
      )
    },
  }),
  route({
    method: 'GET',
    path: '/v1/vaults/:vault/credentials/:credential',
    answer: 'Credential',
    handle: ({state, params}) => findCredential(state, params),
  }),
  route({
    method: 'POST',
    path: '/v1/vaults/:vault/credentials/:credential',
    body: 'CredentialUpdate',
    answer: 'Credential',
    handle: ({state, params, body, now}) => {
      const before = findCredential(state, params)
      if (before.archived_at) throw invalid(`Credential ${before.id} is archived.`)
      if (body.auth && body.auth.type !== before.auth.type) throw invalid('auth.type: cannot be changed')
      const secret = body.auth && newSecret(body.auth)
      if (secret) state.secrets.set(before.id, secret)
      const credential = {
        ...before,
        display_name: body.display_name === undefined ? (before.display_name ?? null) : body.display_name,
        metadata: mergeMetadata(before.metadata, body.metadata),
        updated_at: now(),
      }
      state.credentials.set(credential.id, credential)
      return credential
    },
  }),
  route({
    method: 'POST',
    path: '/v1/vaults/:vault/credentials/:credential/archive',
    answer: 'Credential',
    handle: ({state, params, now}) => archiveCredential(state, findCredential(state, params), now()),
  }),
  route({
    method: 'DELETE',
    path: '/v1/vaults/:vault/credentials/:credential',
    answer: 'CredentialDeleted',
    handle: ({state, params}) => {
      const {id} = findCredential(state, params)
      forget(state, id)
      return {id, type: 'vault_credential_deleted' as const}
    },
  }),
]

export function findVault(state: StandInState, id = ''): Vault {
  const vault = state.vaults.get(id)
  if (!vault) throw notFound('Vault', id)
  return vault
}

/** The token that goes to an MCP server: of the first of these vaults that has an active credential for its URL. */
export function tokenFor(
  state: StandInState,
  vaultIds: readonly string[],
  mcpServerUrl: string,
): string | undefined {
  for (const vaultId of vaultIds) {
    const credential = credentialsOf(state, vaultId).find(({auth, archived_at}) => {
      if (archived_at || auth.type === 'environment_variable') return false
      return normalizeMcpUrl(auth.mcp_server_url) === normalizeMcpUrl(mcpServerUrl)
    })
    if (credential) return state.secrets.get(credential.id)
  }
  return undefined
}

function findOpenVault(state: StandInState, id: string | undefined): Vault {
  const vault = findVault(state, id)
  if (vault.archived_at) throw invalid(`Vault ${vault.id} is archived.`)
  return vault
}

function findCredential(state: StandInState, params: Record<string, string>): Credential {
  const vault = findVault(state, params.vault)
  const credential = state.credentials.get(params.credential ?? '')
  if (!credential || credential.vault_id !== vault.id) throw notFound('Credential', params.credential ?? '')
  return credential
}

function credentialsOf(state: StandInState, vaultId: string): Credential[] {
  return [...state.credentials.values()].filter(({vault_id}) => vault_id === vaultId)
}

/** The secret goes with the archiving; what is left tells only that there was one. */
function archiveCredential(state: StandInState, credential: Credential, at: string): Credential {
  const archived = {...credential, archived_at: credential.archived_at ?? at}
  state.credentials.set(credential.id, archived)
  state.secrets.delete(credential.id)
  return archived
}

function forget(state: StandInState, credentialId: string): void {
  state.credentials.delete(credentialId)
  state.secrets.delete(credentialId)
}

function splitSecret(given: CredentialCreate['auth']): {auth: Credential['auth']; secret: string} {
  if (given.type === 'static_bearer') {
    const {token, ...auth} = given
    return {auth: checkUrl(auth), secret: checkSecret(token)}
  }
  if (given.type === 'mcp_oauth') {
    const {access_token, type, mcp_server_url, expires_at = null} = given
    if (given.refresh) throw invalid('auth.refresh: this stand-in knows no refresh tokens')
    return {
      auth: checkUrl({type, mcp_server_url, expires_at, refresh: null}),
      secret: checkSecret(access_token),
    }
  }
  const {secret_value, type, secret_name, networking, injection_location} = given
  const location = {header: injection_location?.header ?? true, body: injection_location?.body ?? false}
  return {
    auth: {type, secret_name, networking, injection_location: location},
    secret: checkSecret(secret_value),
  }
}

function newSecret(given: NonNullable<CredentialUpdate['auth']>): string | null | undefined {
  if (given.type === 'static_bearer') return given.token
  if (given.type === 'mcp_oauth') return given.access_token
  return given.secret_value
}

function sameTarget(a: Credential['auth'], b: Credential['auth']): boolean {
  if (a.type === 'environment_variable' && b.type === 'environment_variable')
    return a.secret_name === b.secret_name
  if (a.type === 'environment_variable' || b.type === 'environment_variable') return false
  return normalizeMcpUrl(a.mcp_server_url) === normalizeMcpUrl(b.mcp_server_url)
}

function checkUrl<Auth extends {mcp_server_url: string}>(auth: Auth): Auth {
  if (!/^https?:/i.test(auth.mcp_server_url) || !URL.canParse(auth.mcp_server_url)) {
    throw invalid(`auth.mcp_server_url: "${auth.mcp_server_url}" is not a URL`)
  }
  return auth
}

function checkSecret(secret: string): string {
  if (!secret) throw invalid('auth: the secret must not be empty')
  return secret
}

function checkName(name: string): string {
  if (!name.trim() || name.length > NAME_CHARS_MAX) {
    throw invalid(`display_name: must have 1 to ${NAME_CHARS_MAX} characters`)
  }
  return name
}
