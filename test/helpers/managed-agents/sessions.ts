import {checkAgent, findAgent, resolveModel} from './agents.ts'
import {invalid, notFound} from './api-error.ts'
import type {Session, SessionCreate} from './api-shapes.ts'
import {findEnvironment} from './environments.ts'
import {newId} from './ids.ts'
import {LiveSession} from './live-session.ts'
import {mergeMetadata, newMetadata} from './metadata.ts'
import {pageOf} from './page.ts'
import {route} from './route.ts'
import type {StandInState} from './state.ts'
import {resolveTools} from './toolsets.ts'
import {findVault} from './vaults.ts'

const INITIAL_EVENTS_MAX = 50
const VAULTS_MAX = 20

export const SESSION_ROUTES = [
  route({
    method: 'POST',
    path: '/v1/sessions',
    body: 'SessionCreate',
    answer: 'Session',
    handle: (call) => {
      const {state, body, now} = call
      if ((body.initial_events?.length ?? 0) > INITIAL_EVENTS_MAX)
        throw invalid(`initial_events: at most ${INITIAL_EVENTS_MAX}`)
      if (body.resources?.length) throw invalid('resources: this stand-in mounts none')
      const environment = findEnvironment(state, body.environment_id)
      if (environment.archived_at) throw invalid(`Environment ${environment.id} is archived.`)
      const live = new LiveSession(
        {
          id: newId('sesn'),
          type: 'session',
          agent: resolveAgent(state, body.agent),
          environment_id: environment.id,
          vault_ids: checkVaults(state, body.vault_ids ?? []),
          title: body.title ?? null,
          metadata: newMetadata(body.metadata),
          budget: body.budget ?? null,
          status: 'idle',
          resources: [],
          outcome_evaluations: [],
          stats: {active_seconds: 0, duration_seconds: 0},
          usage: {input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0},
          created_at: now(),
          updated_at: now(),
          archived_at: null,
        },
        call,
      )
      live.receive(body.initial_events ?? [])
      state.sessions.set(live.session.id, live)
      return live.session
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sessions',
    query: 'SessionQuery',
    answer: 'SessionList',
    handle: ({state, query, pageSize}) => {
      const sessions = [...state.sessions.values()].map(({session}) => session)
      const shown = sessions.filter(({archived_at, agent, status}) => {
        if (archived_at && !query.include_archived) return false
        if (query.agent_id && agent.id !== query.agent_id) return false
        return !query.statuses || query.statuses.includes(status)
      })
      return {...pageOf(query.order === 'asc' ? shown : shown.reverse(), query, pageSize), prev_page: null}
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sessions/:session',
    answer: 'Session',
    handle: ({state, params}) => findSession(state, params.session).session,
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/:session',
    body: 'SessionUpdate',
    answer: 'Session',
    handle: ({state, params, body, now}) => {
      const live = findSession(state, params.session)
      const before = live.session
      if (before.archived_at) throw invalid(`Session ${before.id} is archived.`)
      if (body.agent) throw invalid('agent: this stand-in changes no agent of a session')
      live.session = {
        ...before,
        title: body.title === undefined ? before.title : body.title,
        metadata: mergeMetadata(before.metadata, body.metadata),
        budget: body.budget === undefined ? before.budget : body.budget,
        vault_ids: body.vault_ids ? checkVaults(state, body.vault_ids) : before.vault_ids,
        updated_at: now(),
      }
      return live.session
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/:session/archive',
    answer: 'Session',
    handle: ({state, params, now}) => {
      const live = findSession(state, params.session)
      checkNotRunning(live, 'archived')
      live.session = {...live.session, archived_at: live.session.archived_at ?? now()}
      return live.session
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/sessions/:session',
    answer: 'SessionDeleted',
    handle: ({state, params}) => {
      const live = findSession(state, params.session)
      checkNotRunning(live, 'deleted')
      live.emit({type: 'session.deleted'})
      state.sessions.delete(live.session.id)
      state.deleted.add(live.session.id)
      return {id: live.session.id, type: 'session_deleted' as const}
    },
  }),
]

export function findSession(state: StandInState, id = ''): LiveSession {
  const live = state.sessions.get(id)
  if (!live) throw notFound('Session', id)
  return live
}

function checkNotRunning({session}: LiveSession, what: string): void {
  if (session.status === 'running' || session.status === 'rescheduling') {
    throw invalid(`A running session cannot be ${what}. Send a user.interrupt event first.`)
  }
}

/** As the agent is now: a later change of it does not reach the session. */
function resolveAgent(state: StandInState, given: SessionCreate['agent']): Session['agent'] {
  const params = typeof given === 'string' ? {id: given, type: 'agent' as const} : given
  const current = findAgent(state, params.id)
  if (current.archived_at) throw invalid(`Agent ${current.id} is archived.`)
  const {created_at, updated_at, archived_at, metadata, ...agent} = findAgent(
    state,
    params.id,
    params.version,
  )
  if (params.type === 'agent') return {...agent, multiagent: null}
  const resolved = {
    ...agent,
    multiagent: null,
    system: params.system === undefined ? agent.system : params.system,
    model: params.model ? resolveModel(params.model) : agent.model,
    mcp_servers: params.mcp_servers ?? agent.mcp_servers,
    tools: params.tools ? resolveTools(params.tools) : agent.tools,
  }
  checkAgent(resolved)
  return resolved
}

function checkVaults(state: StandInState, ids: readonly string[]): string[] {
  if (ids.length > VAULTS_MAX) throw invalid(`vault_ids: at most ${VAULTS_MAX}`)
  if (new Set(ids).size !== ids.length) throw invalid('vault_ids: must differ')
  for (const id of ids) {
    if (findVault(state, id).archived_at) throw invalid(`Vault ${id} is archived.`)
  }
  return [...ids]
}
