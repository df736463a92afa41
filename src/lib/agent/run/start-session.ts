import type {Anthropic, Session, SessionCreateParams} from '../api-types.ts'
import {createOnce} from '../create-once.ts'
import {listAll} from '../list-all.ts'
import {MARKER, MARKER_KEY, NONCE_KEY} from '../names.ts'

export interface NewSession {
  agentId: string
  environmentId: string
  vaultId: string
  prompt: string
  title?: string
  budgetCents?: number
}

/** Starts a session with the prompt in it; it works from then on, whether or not anybody looks. */
export async function startSession(api: Anthropic, options: NewSession): Promise<Session> {
  const {agentId} = options
  const nonce = crypto.randomUUID()
  const params = sessionParams(options, nonce)
  return createOnce({
    create: () => api.beta.sessions.create(params, {maxRetries: 0}),
    find: async () => {
      const sessions = await listAll(() => api.beta.sessions.list({agent_id: agentId}))
      return sessions.find(({metadata}) => metadata[NONCE_KEY] === nonce)
    },
  })
}

function sessionParams(options: NewSession, nonce: string): SessionCreateParams {
  const {agentId, environmentId, vaultId, prompt, title, budgetCents} = options
  return {
    agent: agentId,
    environment_id: environmentId,
    vault_ids: [vaultId],
    metadata: {[MARKER_KEY]: MARKER.run, [NONCE_KEY]: nonce},
    initial_events: [{type: 'user.message', content: [{type: 'text', text: prompt}]}],
    ...(title === undefined ? {} : {title}),
    ...(budgetCents === undefined
      ? {}
      : {budget: {type: 'limit', max_list_cost: {amount: String(budgetCents), currency: 'USD'}}}),
  }
}
