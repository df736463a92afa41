import {callApi} from './api-errors.ts'
import type {Anthropic, Environment} from './api-types.ts'
import {findOrMake} from './find-or-make.ts'
import {listAll} from './list-all.ts'
import {ENVIRONMENT_NAME, MARKER} from './names.ts'
import type {Change} from './plan-agent.ts'

export async function listEnvironments(api: Anthropic): Promise<Environment[]> {
  const environments = await listAll(() => api.beta.environments.list())
  return environments.filter(({name, archived_at}) => name === ENVIRONMENT_NAME && !archived_at)
}

export async function ensureEnvironment(
  api: Anthropic,
  mcpUrl: string,
  onNote: (sentence: string) => void,
): Promise<{environment: Environment; isNew: boolean}> {
  const {item, isNew} = await findOrMake({
    what: `environment "${ENVIRONMENT_NAME}"`,
    marker: MARKER.environment,
    list: () => listEnvironments(api),
    create: (metadata) =>
      api.beta.environments.create(
        {
          name: ENVIRONMENT_NAME,
          metadata,
          config: {
            type: 'cloud',
            networking: {
              type: 'limited',
              allow_mcp_servers: true,
              allow_package_managers: false,
              allowed_hosts: [hostOf(mcpUrl)],
            },
          },
        },
        {maxRetries: 0},
      ),
    archive: (id) => api.beta.environments.archive(id),
    onNote,
  })
  return {environment: item, isNew}
}

/** What of it keeps an agent from its memory. An open network is somebody's choice, and no hindrance. */
export function planEnvironment({config}: Environment, mcpUrl: string): Change[] {
  if (config.type !== 'cloud' || config.networking.type !== 'limited') return []
  const {allow_mcp_servers, allowed_hosts} = config.networking
  const changes: Change[] = []
  if (!allow_mcp_servers) changes.push({what: 'allow_mcp_servers', from: 'false', to: 'true'})
  const host = hostOf(mcpUrl)
  if (!allowsHost(allowed_hosts, host)) {
    changes.push({
      what: 'allowed_hosts',
      from: allowed_hosts.join(', ') || null,
      to: [...allowed_hosts, host].join(', '),
    })
  }
  return changes
}

/** Other hosts, package managers and packages stay as they are. */
export async function mendEnvironment(
  api: Anthropic,
  environment: Environment,
  mcpUrl: string,
): Promise<Change[]> {
  const changes = planEnvironment(environment, mcpUrl)
  const {config} = environment
  if (changes.length === 0 || config.type !== 'cloud' || config.networking.type !== 'limited') return []
  const host = hostOf(mcpUrl)
  const hosts = config.networking.allowed_hosts
  await callApi(() =>
    api.beta.environments.update(environment.id, {
      config: {
        type: 'cloud',
        networking: {
          type: 'limited',
          allow_mcp_servers: true,
          allowed_hosts: allowsHost(hosts, host) ? hosts : [...hosts, host],
        },
      },
    }),
  )
  return changes
}

/** Bare, as the API wants it: no scheme, no port. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}

function allowsHost(allowed: readonly string[], host: string): boolean {
  return allowed.some((each) => {
    const name = each.toLowerCase()
    return name === host || name === '*' || (name.startsWith('*.') && host.endsWith(name.slice(1)))
  })
}
