import {isDeepStrictEqual} from 'node:util'
import {ApiError, invalid, notFound} from './api-error.ts'
import type {Agent, AgentCreate} from './api-shapes.ts'
import {newId} from './ids.ts'
import {normalizeMcpUrl} from './mcp-url.ts'
import {mergeMetadata, newMetadata} from './metadata.ts'
import {pageOf} from './page.ts'
import {type Context, route} from './route.ts'
import {resolveTools} from './toolsets.ts'

const NAME_CHARS_MAX = 256
const SYSTEM_CHARS_MAX = 100_000
const MCP_SERVERS_MAX = 20

export const AGENT_ROUTES = [
  route({
    method: 'POST',
    path: '/v1/agents',
    body: 'AgentCreate',
    answer: 'Agent',
    handle: ({state, body, now}) => {
      const agent: Agent = {
        id: newId('agent'),
        type: 'agent',
        name: body.name,
        model: resolveModel(body.model),
        description: body.description ?? null,
        system: body.system ?? null,
        mcp_servers: body.mcp_servers ?? [],
        tools: resolveTools(body.tools ?? []),
        skills: [],
        multiagent: null,
        execution_identity: {type: 'service_account'},
        metadata: newMetadata(body.metadata),
        version: 1,
        created_at: now(),
        updated_at: now(),
        archived_at: null,
      }
      checkAgent(agent)
      return save(state, agent)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/agents',
    query: 'AgentQuery',
    answer: 'AgentList',
    handle: ({state, query, pageSize}) => {
      const agents = [...state.agents.values()].reverse()
      return pageOf(
        agents.filter(({archived_at}) => query.include_archived || !archived_at),
        query,
        pageSize,
      )
    },
  }),
  route({
    method: 'GET',
    path: '/v1/agents/:agent',
    query: 'AgentRetrieveQuery',
    answer: 'Agent',
    handle: ({state, params, query}) => findAgent(state, params.agent, query.version),
  }),
  route({
    method: 'GET',
    path: '/v1/agents/:agent/versions',
    query: 'AgentQuery',
    answer: 'AgentList',
    handle: ({state, params, query, pageSize}) => {
      const {id} = findAgent(state, params.agent)
      // Versions share an id, so the cursor goes by a name made of both.
      const versions = (state.agentVersions.get(id) ?? []).map((agent) => ({
        id: `${id}.${agent.version}`,
        agent,
      }))
      const page = pageOf(versions.reverse(), query, pageSize)
      return {data: page.data.map(({agent}) => agent), next_page: page.next_page}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/agents/:agent',
    body: 'AgentUpdate',
    answer: 'Agent',
    handle: ({state, params, body, now}) => {
      const before = findAgent(state, params.agent)
      if (before.archived_at) throw invalid(`Agent ${before.id} is archived and cannot be updated.`)
      if (body.version !== undefined && body.version !== before.version) {
        throw new ApiError(
          409,
          `The agent is at version ${before.version}, not at ${body.version}. Read it again.`,
        )
      }
      const after: Agent = {
        ...before,
        name: body.name ?? before.name,
        model: body.model === undefined ? before.model : resolveModel(body.model, before.model),
        description: body.description === undefined ? before.description : body.description,
        system: body.system === undefined ? before.system : body.system,
        mcp_servers: body.mcp_servers === undefined ? before.mcp_servers : (body.mcp_servers ?? []),
        tools: body.tools === undefined ? before.tools : resolveTools(body.tools ?? []),
        metadata: mergeMetadata(before.metadata, body.metadata),
      }
      checkAgent(after)
      // An update that changes nothing makes no version.
      if (isDeepStrictEqual(before, after)) return before
      return save(state, {...after, version: before.version + 1, updated_at: now()})
    },
  }),
  route({
    method: 'POST',
    path: '/v1/agents/:agent/archive',
    answer: 'Agent',
    handle: ({state, params, now}) => {
      const agent = findAgent(state, params.agent)
      if (agent.archived_at) return agent
      const archived = {...agent, archived_at: now(), updated_at: now()}
      state.agents.set(agent.id, archived)
      return archived
    },
  }),
]

export function findAgent(state: Context['state'], id = '', version?: number): Agent {
  const agent =
    version === undefined
      ? state.agents.get(id)
      : state.agentVersions.get(id)?.find((each) => each.version === version)
  if (!agent) throw notFound('Agent', version === undefined ? id : `${id} version ${version}`)
  return agent
}

function save(state: Context['state'], agent: Agent): Agent {
  state.agents.set(agent.id, agent)
  state.agentVersions.set(agent.id, [...(state.agentVersions.get(agent.id) ?? []), agent])
  return agent
}

export function resolveModel(given: AgentCreate['model'], before?: Agent['model']): Agent['model'] {
  const params = typeof given === 'string' ? {id: given} : given
  const effort = typeof params.effort === 'string' ? {type: params.effort} : params.effort
  return {
    id: params.id,
    effort: effort ?? (before?.id === params.id ? before.effort : undefined) ?? {type: 'high'},
    speed: params.speed ?? 'standard',
    ...(params.inference_geo ? {inference_geo: params.inference_geo} : {}),
  }
}

/** What the schemas cannot say. */
export function checkAgent({
  name,
  system,
  mcp_servers,
  tools,
}: Pick<Agent, 'name' | 'system' | 'mcp_servers' | 'tools'>): void {
  if (!name.trim() || name.length > NAME_CHARS_MAX)
    throw invalid(`name: must have 1 to ${NAME_CHARS_MAX} characters`)
  if ((system?.length ?? 0) > SYSTEM_CHARS_MAX)
    throw invalid(`system: at most ${SYSTEM_CHARS_MAX} characters`)
  if (mcp_servers.length > MCP_SERVERS_MAX) throw invalid(`mcp_servers: at most ${MCP_SERVERS_MAX}`)
  for (const {url} of mcp_servers) {
    if (!/^https?:/i.test(url) || !URL.canParse(url)) throw invalid(`mcp_servers: ${url} is not a URL`)
    normalizeMcpUrl(url)
  }
  const names = mcp_servers.map((server) => server.name)
  if (new Set(names).size !== names.length) throw invalid('mcp_servers: names must differ')
  const wired = tools.flatMap((tool) => (tool.type === 'mcp_toolset' ? [tool.mcp_server_name] : []))
  if (new Set(wired).size !== wired.length) throw invalid('tools: two toolsets for one MCP server')
  for (const server of names) {
    if (!wired.includes(server)) throw invalid(`mcp_servers: no mcp_toolset in tools references "${server}"`)
  }
  for (const server of wired) {
    if (!names.includes(server)) throw invalid(`tools: mcp_server_name "${server}" is not in mcp_servers`)
  }
}
