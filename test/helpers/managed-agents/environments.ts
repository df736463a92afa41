import {invalid, notFound} from './api-error.ts'
import type {Environment, EnvironmentUpdate} from './api-shapes.ts'
import {newId} from './ids.ts'
import {mergeMetadata, newMetadata} from './metadata.ts'
import {pageOf} from './page.ts'
import {route} from './route.ts'
import type {StandInState} from './state.ts'

const NO_PACKAGES = {type: 'packages' as const, apt: [], cargo: [], gem: [], go: [], npm: [], pip: []}
const NEW_CONFIG = {
  type: 'cloud' as const,
  networking: {type: 'unrestricted' as const},
  packages: NO_PACKAGES,
}
const CLOSED_NETWORK = {allow_mcp_servers: false, allow_package_managers: false, allowed_hosts: []}
const HOST_NAME = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i

export const ENVIRONMENT_ROUTES = [
  route({
    method: 'POST',
    path: '/v1/environments',
    body: 'EnvironmentCreate',
    answer: 'Environment',
    handle: ({state, body, now}) => {
      if (!body.name.trim()) throw invalid('name: must not be empty')
      return save(state, {
        id: newId('env'),
        type: 'environment',
        name: body.name,
        description: body.description ?? null,
        config: resolveConfig(body.config, NEW_CONFIG),
        metadata: newMetadata(body.metadata),
        scope: 'organization',
        created_at: now(),
        updated_at: now(),
        archived_at: null,
      })
    },
  }),
  route({
    method: 'GET',
    path: '/v1/environments',
    query: 'EnvironmentQuery',
    answer: 'EnvironmentList',
    handle: ({state, query, pageSize}) => {
      const environments = [...state.environments.values()].reverse()
      const shown = environments.filter(({archived_at}) => query.include_archived || !archived_at)
      return pageOf(shown, query, pageSize)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/environments/:environment',
    answer: 'Environment',
    handle: ({state, params}) => findEnvironment(state, params.environment),
  }),
  route({
    method: 'POST',
    path: '/v1/environments/:environment',
    body: 'EnvironmentUpdate',
    answer: 'Environment',
    handle: ({state, params, body, now}) => {
      const before = findEnvironment(state, params.environment)
      if (before.archived_at) throw invalid(`Environment ${before.id} is archived.`, 'environment_archived')
      return save(state, {
        ...before,
        name: body.name ?? before.name,
        description: body.description === undefined ? before.description : body.description,
        config: resolveConfig(body.config, before.config),
        metadata: mergeMetadata(before.metadata, body.metadata, {emptyDeletes: true}),
        updated_at: now(),
      })
    },
  }),
  route({
    method: 'POST',
    path: '/v1/environments/:environment/archive',
    answer: 'Environment',
    handle: ({state, params, now}) => {
      const environment = findEnvironment(state, params.environment)
      return save(state, {...environment, archived_at: environment.archived_at ?? now()})
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/environments/:environment',
    answer: 'EnvironmentDeleted',
    handle: ({state, params}) => {
      const {id} = findEnvironment(state, params.environment)
      state.environments.delete(id)
      return {id, type: 'environment_deleted' as const}
    },
  }),
]

export function findEnvironment(state: StandInState, id = ''): Environment {
  const environment = state.environments.get(id)
  if (!environment) throw notFound('Environment', id)
  return environment
}

function save(state: StandInState, environment: Environment): Environment {
  state.environments.set(environment.id, environment)
  return environment
}

/** What is not named stays as it was; of a network that becomes limited, what is not named stays closed. */
function resolveConfig(
  given: EnvironmentUpdate['config'],
  before: Environment['config'],
): Environment['config'] {
  if (!given) return before
  if (given.type !== before.type && before !== NEW_CONFIG) {
    throw invalid('config.type: cannot change after creation', 'invalid_config_type_change')
  }
  if (given.type === 'self_hosted') return given
  const cloud = before.type === 'cloud' ? before : NEW_CONFIG
  return {
    type: 'cloud',
    networking: given.networking ? resolveNetwork(given.networking, cloud.networking) : cloud.networking,
    packages: given.packages ? {...cloud.packages, ...withoutNulls(given.packages)} : cloud.packages,
  }
}

type CloudConfig = Extract<Environment['config'], {type: 'cloud'}>
type NetworkParams = NonNullable<
  Extract<NonNullable<EnvironmentUpdate['config']>, {type: 'cloud'}>['networking']
>

function resolveNetwork(given: NetworkParams, before: CloudConfig['networking']): CloudConfig['networking'] {
  if (given.type === 'unrestricted') return given
  for (const host of given.allowed_hosts ?? []) {
    if (!HOST_NAME.test(host))
      throw invalid(`config.networking.allowed_hosts: "${host}" is not a bare host name`)
  }
  return {...(before.type === 'limited' ? before : CLOSED_NETWORK), ...withoutNulls(given)}
}

function withoutNulls<T extends object>(given: T): {[Key in keyof T]: Exclude<T[Key], null | undefined>} {
  const entries = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries) as {[Key in keyof T]: Exclude<T[Key], null | undefined>}
}
