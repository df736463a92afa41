import type {Anthropic, EventParams, Session} from '../api-types.ts'
import {createOnce} from '../create-once.ts'
import {isSameMcpUrl} from '../mcp-url.ts'
import {MCP_SERVER} from '../names.ts'
import {MEMORY_TOOLS} from '../toolsets.ts'
import {listEvents} from './follow-session.ts'
import type {ToolCall} from './transcript.ts'

/** Somebody is asked whether a call may be made. Where nobody can be asked, there is no such function. */
export type Confirm = (call: ToolCall) => Promise<boolean>

/**
 * Only the memory's own tools, at our own address, are allowed without asking: a server that merely calls itself by
 * the same name is anybody's.
 */
export function isMemoryCall(
  {server, name}: ToolCall,
  session: Pick<Session, 'agent'>,
  mcpUrl: string,
): boolean {
  const url = session.agent.mcp_servers.find((each) => each.name === server)?.url
  return (
    server === MCP_SERVER && MEMORY_TOOLS.includes(name) && url !== undefined && isSameMcpUrl(url, mcpUrl)
  )
}

export interface Decision {
  call: ToolCall
  isAllowed: boolean
}

/** Tells the session what was decided, once: an answer that was taken already, of whomever, is good enough. */
export async function sendDecision(api: Anthropic, sessionId: string, decision: Decision): Promise<void> {
  const {id} = decision.call
  const event = eventFor(decision)
  const isAnswered = async () => (await listEvents(api, sessionId)).some((each) => answersCall(each, id))
  try {
    await createOnce<true>({
      create: async () => {
        await api.beta.sessions.events.send(sessionId, {events: [event]}, {maxRetries: 0})
        return true
      },
      find: async () => ((await isAnswered()) ? true : undefined),
    })
  } catch (error) {
    if (!(await isAnswered())) throw error
  }
}

function eventFor({call, isAllowed}: Decision): EventParams {
  if (call.isCustom) {
    return {
      type: 'user.custom_tool_result',
      custom_tool_use_id: call.id,
      is_error: true,
      content: [{type: 'text', text: `The tool ${call.name} is not available here.`}],
    }
  }
  if (isAllowed) return {type: 'user.tool_confirmation', tool_use_id: call.id, result: 'allow'}
  return {
    type: 'user.tool_confirmation',
    tool_use_id: call.id,
    result: 'deny',
    deny_message: 'The person who runs this session did not allow it. Go on without.',
  }
}

function answersCall(event: object, callId: string): boolean {
  const named = event as {tool_use_id?: unknown; custom_tool_use_id?: unknown; type?: unknown}
  const isAnswer = named.type === 'user.tool_confirmation' || named.type === 'user.custom_tool_result'
  return isAnswer && (named.tool_use_id === callId || named.custom_tool_use_id === callId)
}
