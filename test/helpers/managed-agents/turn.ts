import type {Fault} from './faults.ts'
import {newId} from './ids.ts'
import {Interrupted} from './interrupted.ts'
import {KnownIds} from './known-ids.ts'
import type {LiveSession, NewEvent} from './live-session.ts'
import {connectMcp, type McpConnection, McpError} from './mcp-connection.ts'
import type {PolicyTools, ToolAnswer} from './policy.ts'
import {settingOfMcpTool} from './toolsets.ts'
import {tokenFor} from './vaults.ts'

/** The budget is spent. */
class BudgetReached extends Error {}

/** What a request to the model costs here, in cents. */
const REQUEST_COST_CENTS = 1
const CHARS_PER_TOKEN = 4
/** Nobody listens at the port for discarding. */
const CLOSED_URL = 'http://127.0.0.1:9/mcp/'
const STALE_TOKEN = 'a-token-from-before'

/** One turn of the agent, from the prompt to the end of it, whatever that is. Never throws. */
export async function runTurn(live: LiveSession, prompt: string): Promise<void> {
  const {faults} = live.context
  live.running()
  try {
    if (await endEarly(live)) return
    const answer = await answerPrompt(live, prompt)
    const many = faults.take('many_events')
    for (let count = 0; count < (many?.count ?? 0); count++) live.emit({type: 'agent.thinking'})
    live.emit({type: 'agent.message', content: [{type: 'text', text: answer}]})
    emitUsage(live)
    if (faults.take('unknown_stop_reason')) {
      live.setStatus('idle')
      live.log.append({
        type: 'session.status_idle',
        id: newId('sevt'),
        processed_at: live.context.now(),
        stop_reason: {type: 'full_moon'},
        stop_details: null,
      } as never)
      return
    }
    live.idle({type: 'end_turn'})
  } catch (error) {
    endByError(live, error)
  }
}

/** The ends that need no answer. */
async function endEarly(live: LiveSession): Promise<boolean> {
  const {faults, state} = live.context
  const {session} = live
  if (faults.take('rescheduled')) {
    live.setStatus('rescheduling')
    live.emit({type: 'session.status_rescheduled'})
    live.running()
  }
  if (faults.take('never_ends')) {
    live.emit({type: 'agent.thinking'})
    await live.orInterrupted(new Promise<never>(() => undefined))
  }
  const refusal = faults.take('refusal')
  if (refusal) {
    live.setStatus('idle')
    const stop_details = {type: 'refusal' as const, category: refusal.category ?? null, explanation: null}
    live.emit({type: 'session.status_idle', stop_reason: {type: 'refusal'}, stop_details})
    return true
  }
  if (faults.take('retries_exhausted')) {
    const error = {type: 'model_overloaded_error' as const, message: 'The model is overloaded.'}
    live.emit({type: 'session.error', error: {...error, retry_status: {type: 'retrying'}}})
    live.emit({type: 'session.error', error: {...error, retry_status: {type: 'exhausted'}}})
    live.idle({type: 'retries_exhausted'})
    return true
  }
  if (faults.take('budget_reached')) throw new BudgetReached()
  if (faults.take('terminated')) {
    terminate(live, 'The container is gone.')
    return true
  }
  if (faults.take('deleted')) {
    live.emit({type: 'agent.thinking'})
    live.emit({type: 'session.deleted'})
    state.sessions.delete(session.id)
    state.deleted.add(session.id)
    return true
  }
  return false
}

function endByError(live: LiveSession, error: unknown): void {
  if (error instanceof Interrupted) {
    live.idle({type: 'end_turn'})
  } else if (error instanceof BudgetReached) {
    emitUsage(live)
    live.idle({type: 'budget_reached'})
  } else {
    terminate(live, error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
}

function terminate(live: LiveSession, message: string): void {
  live.emit({
    type: 'session.error',
    error: {type: 'unknown_error', message, retry_status: {type: 'terminal'}},
  })
  live.setStatus('terminated')
  live.emit({type: 'session.status_terminated'})
}

async function answerPrompt(live: LiveSession, prompt: string): Promise<string> {
  const {policy, faults} = live.context
  const {agent} = live.session
  const wanted = faults.take('requires_action')
  const connections = await connectAll(live)
  const ids = new KnownIds()
  try {
    await wantOtherTool(live, wanted)
    const tools: PolicyTools = {
      names: connections.flatMap((connection) => connection.toolNames),
      call: async (name, input) => {
        ids.checkInput(name, input)
        const answer = await callTool(live, {connections, name, input, alwaysAsk: wanted?.tool === 'mcp'})
        ids.learn(answer.text)
        return answer
      },
    }
    const answer = await live.orInterrupted(policy({prompt, system: agent.system, agent, tools}))
    requestModel(live, prompt, answer)
    ids.checkAnswer(answer)
    return answer
  } finally {
    await Promise.allSettled(connections.map((connection) => connection.close()))
  }
}

/** A server that does not answer is said so, and the agent goes on without it. */
async function connectAll(live: LiveSession): Promise<McpConnection[]> {
  const {faults, state} = live.context
  const connections: McpConnection[] = []
  for (const {name, url} of live.session.agent.mcp_servers) {
    const closed = faults.take('mcp_connection_failed') !== undefined
    const stale = faults.take('mcp_authentication_failed') !== undefined
    const token = stale ? STALE_TOKEN : tokenFor(state, live.session.vault_ids, url)
    try {
      connections.push(await live.orInterrupted(connectMcp({name, url: closed ? CLOSED_URL : url, token})))
    } catch (error) {
      emitMcpError(live, name, error)
    }
  }
  return connections
}

function emitMcpError(live: LiveSession, server: string, error: unknown): void {
  if (!(error instanceof McpError)) throw error
  live.emit({
    type: 'session.error',
    error: {
      type: error.type,
      mcp_server_name: server,
      message: error.message,
      retry_status: {type: 'retrying'},
    },
  })
}

interface ToolCall {
  connections: readonly McpConnection[]
  name: string
  input: Record<string, unknown>
  alwaysAsk: boolean
}

async function callTool(
  live: LiveSession,
  {connections, name, input, alwaysAsk}: ToolCall,
): Promise<ToolAnswer> {
  const connection = connections.find(({toolNames}) => toolNames.includes(name))
  if (!connection) throw new Error(`no MCP server that was reached has a tool ${name}`)
  requestModel(live, JSON.stringify(input), name)
  const server = connection.serverName
  const setting = settingOfMcpTool(live.session.agent.tools, server, name)
  const use = {type: 'agent.mcp_tool_use' as const, mcp_server_name: server, name, input}
  if (!setting?.enabled) {
    const {id} = live.emit({...use, evaluated_permission: 'deny'})
    return emitResult(live, id, {text: `The tool ${name} is not enabled.`, isError: true})
  }
  const asks = alwaysAsk || setting.permission_policy.type === 'always_ask'
  const {id} = live.emit({
    ...use,
    evaluated_permission: asks ? 'ask' : 'allow',
    evaluation: asks ? {type: 'always_ask'} : {type: 'always_allow'},
  })
  if (asks) {
    const [answer] = await live.waitForAction([id])
    if (answer?.type === 'user.tool_confirmation' && answer.result === 'deny') {
      return emitResult(live, id, {text: answer.deny_message ?? 'The user denied this call.', isError: true})
    }
  }
  try {
    return emitResult(live, id, await live.orInterrupted(connection.call(name, input)))
  } catch (error) {
    emitMcpError(live, server, error)
    return emitResult(live, id, {text: `MCP server ${server} failed.`, isError: true})
  }
}

function emitResult(live: LiveSession, id: string, {text, isError}: ToolAnswer): ToolAnswer {
  live.emit({
    type: 'agent.mcp_tool_result',
    mcp_tool_use_id: id,
    content: [{type: 'text', text}],
    is_error: isError,
  })
  return {text, isError}
}

/** The agent wants a tool that has nothing to do with the memory. */
async function wantOtherTool(
  live: LiveSession,
  wanted: Extract<Fault, {kind: 'requires_action'}> | undefined,
): Promise<void> {
  if (wanted?.tool === 'custom') {
    const {id} = live.emit({
      type: 'agent.custom_tool_use',
      name: 'ask_the_user',
      input: {question: 'Which one?'},
    })
    await live.waitForAction([id])
  }
  if (wanted?.tool === 'bash') {
    const {id} = live.emit({
      type: 'agent.tool_use',
      name: 'bash',
      input: {command: wanted.command ?? 'rm -rf /'},
      evaluated_permission: 'ask',
      evaluation: {type: 'always_ask'},
    })
    const [answer] = await live.waitForAction([id])
    const denied = answer?.type === 'user.tool_confirmation' && answer.result === 'deny'
    const text = denied ? 'The user denied this call.' : 'done'
    live.emit({type: 'agent.tool_result', tool_use_id: id, content: [{type: 'text', text}], is_error: denied})
  }
}

/** A request to the model: what it says goes into the usage, and what it costs counts against the budget. */
function requestModel(live: LiveSession, read: string, wrote: string): void {
  const {budget, usage} = live.session
  const spent = Number(usage.list_cost?.amount ?? 0)
  if (budget && spent + REQUEST_COST_CENTS > Number(budget.max_list_cost.amount)) throw new BudgetReached()
  const {id} = live.emit({type: 'span.model_request_start'})
  const input_tokens = Math.ceil(read.length / CHARS_PER_TOKEN)
  const output_tokens = Math.ceil(wrote.length / CHARS_PER_TOKEN)
  const model_usage = {
    input_tokens,
    output_tokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  }
  live.emit({type: 'span.model_request_end', model_request_start_id: id, is_error: false, model_usage})
  live.session = {
    ...live.session,
    usage: {
      ...usage,
      input_tokens: (usage.input_tokens ?? 0) + input_tokens,
      output_tokens: (usage.output_tokens ?? 0) + output_tokens,
      list_cost: {amount: String(spent + REQUEST_COST_CENTS), currency: 'USD'},
    },
  }
}

function emitUsage(live: LiveSession): void {
  const {list_cost, server_tool_use, ...usage} = live.session.usage
  const event: NewEvent = {
    type: 'session.usage',
    usage: {...usage, ...(list_cost ? {list_cost} : {}), ...(server_tool_use ? {server_tool_use} : {})},
    budget: live.session.budget,
  }
  live.emit(event)
}
