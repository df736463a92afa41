import {type AgentSdkHooks, type AgentSdkOptions, createAgentSdkHooks} from './agent-sdk.ts'
import {Client} from './client.ts'

/** `bmfote-client` wherever there is `fetch`; node.ts adds what Node, bun and Deno have besides. */
export {type AgentSdkHooks, type AgentSdkOptions, closeWhenDone} from './agent-sdk.ts'
export type {
  ContextMessage,
  ErrorMatch,
  Message,
  Provenance,
  Recall,
  RecentMessage,
  Remembered,
  SearchHit,
  ToolResult,
} from './answers.ts'
export {ApiError} from './api-error.ts'
export {Client} from './client.ts'
export type {Content} from './drafts.ts'
export {
  betaTools,
  handleToolUse,
  isMemoryTool,
  type LoopResponse,
  type RunnableTool,
  type RunToolsOptions,
  runTools,
  TOOL_SPECS,
  type ToolResultBlock,
  type ToolSpec,
  type ToolUseBlock,
} from './messages-api.ts'
export type {
  ClientOptions,
  FindErrorOptions,
  GetMessageOptions,
  RecallOptions,
  RecentOptions,
  RememberOptions,
  SearchOptions,
} from './options.ts'
export type {Logger} from './outage.ts'
export {
  type MessageParam,
  type MessageStream,
  type ResponseMessage,
  recordExchange,
} from './record-exchange.ts'
export {recordStream} from './record-stream.ts'
export type {AssistantMessageOptions, Session, SessionOptions, UserMessageOptions} from './session.ts'

/** As in Node, without the ids of transcripts: there is no file system to read them from. */
export function agentSdkHooks(options: AgentSdkOptions): AgentSdkHooks {
  return createAgentSdkHooks(options, {client: options.client ?? new Client({source: 'agent-sdk'})})
}
