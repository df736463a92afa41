import {setTimeout} from 'node:timers/promises'
import {BmfoteError} from '../model/errors.ts'
import {callApi, isAnswerLost, isPutOff, statusOf} from './api-errors.ts'
import type {Agent, Anthropic} from './api-types.ts'
import {pauseMs} from './create-once.ts'
import {type AgentWish, type Change, planAgent} from './plan-agent.ts'

/** So many others may come in between, one after the other. */
const ATTEMPTS_MAX = 5

/** Brings the agent to what it should be. When somebody else was quicker, it is read anew and looked at again. */
export async function updateAgent(
  api: Anthropic,
  agent: Agent,
  wish: AgentWish,
): Promise<{agent: Agent; changes: Change[]}> {
  let current = agent
  // What an attempt has sent whose answer was lost: it may be why nothing is left to do.
  let sent: Change[] = []
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const {changes, update} = planAgent(current, wish)
    if (changes.length === 0) return {agent: current, changes: sent}
    const {id, version} = current
    try {
      return {agent: await api.beta.agents.update(id, {version, ...update}, {maxRetries: 0}), changes}
    } catch (error) {
      const isConflict = statusOf(error) === 409
      const isPassing = isConflict || isAnswerLost(error) || isPutOff(error)
      if (!isPassing || attempt === ATTEMPTS_MAX) return await callApi(() => Promise.reject(error))
      if (isAnswerLost(error)) sent = changes
      if (!isConflict) await setTimeout(pauseMs(error, attempt))
    }
    current = await callApi(() => api.beta.agents.retrieve(id))
  }
  throw new BmfoteError('conflict', `The agent ${agent.id} is being changed by somebody else all the time.`)
}
