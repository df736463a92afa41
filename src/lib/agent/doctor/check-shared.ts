import type {Anthropic} from '../api-types.ts'
import {hostOf, planEnvironment} from '../environment.ts'
import {ENVIRONMENT_NAME, VAULT_NAME} from '../names.ts'
import {type CredentialState, credentialFor, credentialState, listCredentials} from '../vault.ts'
import type {Patient} from './examine-agent.ts'
import type {AgentFinding} from './finding.ts'

/** The vault, and in it the token of today for the memory's address. */
export async function checkCredential(
  api: Anthropic,
  {vaults, access, agent}: Patient,
): Promise<AgentFinding[]> {
  const [vault, ...others] = vaults
  const fix = `bmfote agent doctor ${agent.id} --fix`
  if (vault === undefined) {
    return [{check: 'vault', state: 'problem', sentence: `There is no vault "${VAULT_NAME}".`, fix}]
  }
  if (others.length > 0) return [{check: 'vault', ...severalOf(`vaults "${VAULT_NAME}"`, vaults)}]
  const credential = credentialFor(await listCredentials(api, vault.id), access.mcpUrl)
  const state = credentialState(credential, access.token)
  const found = {check: 'vault', state: 'ok', sentence: `"${VAULT_NAME}", ${vault.id}.`} as const
  const {sentence, isFixable} = CREDENTIALS[state]
  if (state === 'fresh')
    return [found, {check: 'credential', state: 'ok', sentence: `${sentence} (${credential?.id}).`}]
  return [
    found,
    {
      check: 'credential',
      state: 'problem',
      sentence: `${sentence}${credential ? ` (${credential.id})` : ''}.`,
      fix: isFixable ? fix : `Archive ${credential?.id} in the Claude Console, then: ${fix}`,
    },
  ]
}

const CREDENTIALS: Record<CredentialState, {sentence: string; isFixable: boolean}> = {
  fresh: {sentence: 'It holds the token of today', isFixable: true},
  missing: {sentence: "It holds no token for the memory's address", isFixable: true},
  stale: {sentence: 'It holds another token than the one that this machine has', isFixable: true},
  unknown: {
    sentence: 'Which token it holds is not known, for another program has put it there',
    isFixable: true,
  },
  foreign: {sentence: "It holds another kind of credential for the memory's address", isFixable: false},
}

/** The environment lets the agent through to its memory. */
export function checkEnvironment({environments, access, agent}: Patient): AgentFinding[] {
  const [environment, ...others] = environments
  const check = 'environment'
  const fix = `bmfote agent doctor ${agent.id} --fix`
  if (environment === undefined) {
    return [{check, state: 'problem', sentence: `There is no environment "${ENVIRONMENT_NAME}".`, fix}]
  }
  if (others.length > 0) return [{check, ...severalOf(`environments "${ENVIRONMENT_NAME}"`, environments)}]
  const named = `"${ENVIRONMENT_NAME}", ${environment.id}`
  const {config} = environment
  if (config.type !== 'cloud') {
    return [
      {
        check,
        state: 'warning',
        sentence: `${named} is ${config.type}: whether it reaches the memory is up to your network.`,
      },
    ]
  }
  if (config.networking.type !== 'limited') {
    return [{check, state: 'ok', sentence: `${named}, has an open network.`}]
  }
  const missing = planEnvironment(environment, access.mcpUrl).map(({what}) => what)
  const host = hostOf(access.mcpUrl)
  if (missing.length === 0) {
    return [{check, state: 'ok', sentence: `${named}, lets MCP through, and code in the sandbox to ${host}.`}]
  }
  const reasons = missing.map((what) =>
    what === 'allow_mcp_servers'
      ? 'it lets no MCP server through (allow_mcp_servers)'
      : `code in the sandbox may not reach ${host} (allowed_hosts; the tools don't need it)`,
  )
  return [{check, state: 'problem', sentence: `${named}: ${reasons.join('; ')}.`, fix}]
}

function severalOf(what: string, items: readonly {id: string}[]) {
  const ids = items.map(({id}) => id).join(', ')
  return {
    state: 'problem' as const,
    sentence: `There are ${items.length} ${what}: ${ids}.`,
    fix: 'Archive all but one of them in the Claude Console.',
  }
}
