import type {Client} from './client.ts'
import type {Content} from './drafts.ts'
import {type MessageParam, recordExchange} from './record-exchange.ts'
import type {Session} from './session.ts'
import {TOOLS} from './tools/index.ts'

/** A tool as the Messages API takes it. */
export interface ToolSpec {
  name: string
  description: string
  input_schema: {type: 'object'; properties: Record<string, unknown>; required: string[]}
}

/** search_memory, find_error, get_context, get_recent, remember: for `tools` of a request. */
export const TOOL_SPECS: ToolSpec[] = TOOLS.map(({name, description, inputSchema}) => ({
  name,
  description,
  input_schema: {
    type: 'object',
    properties: {...inputSchema.properties},
    required: [...(inputSchema.required ?? [])],
  },
}))

/** A block by which the model calls a tool. */
export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  input: unknown
}

export interface ToolResultBlock {
  type: 'tool_result'
  tool_use_id: string
  content: string
  is_error?: true
}

/** Whether the call is for one of the memory's tools. */
export function isMemoryTool(name: string): boolean {
  return TOOLS.some((tool) => tool.name === name)
}

/** Answers a call of one of the five tools. The server being away is an answer too, which the model reads. */
export async function handleToolUse(block: ToolUseBlock, client: Client): Promise<ToolResultBlock> {
  const {text, isError} = await client.callTool(block.name, block.input)
  return {type: 'tool_result', tool_use_id: block.id, content: text, ...(isError ? {is_error: true} : {})}
}

/** A tool as the official SDK's `client.beta.messages.toolRunner` takes it, which `betaTool()` gives too. */
export interface RunnableTool extends ToolSpec {
  type: 'custom'
  run(input: unknown): Promise<string>
  parse(input: unknown): unknown
}

/** The five tools for the official SDK's tool runner: `toolRunner({…, tools: betaTools(client)})`. */
export function betaTools(client: Client): RunnableTool[] {
  return TOOL_SPECS.map((spec) => ({
    ...spec,
    type: 'custom',
    parse: (input) => input,
    async run(input) {
      const {text, isError} = await client.callTool(spec.name, input)
      // The runner makes an error result of what is thrown, and goes on.
      if (isError) throw new Error(text)
      return text
    },
  }))
}

/** What is needed of a response to go on with a conversation. */
export interface LoopResponse {
  content: readonly object[]
  id?: string
  model?: string
  stop_reason?: string | null
}

export interface RunToolsOptions<Param> {
  client: Client
  /** The conversation so far; it is left as it is. */
  messages: readonly Param[]
  /** Records every turn of it. */
  session?: Session
  /** Your own tools, by their names. What they throw, the model reads as an error. */
  tools?: Record<string, (input: unknown) => unknown>
  /** Requests at most; default 20. */
  maxRounds?: number
}

const ROUNDS_MAX = 20

/**
 * Asks, answers the calls of tools, and asks again until the model has no more of them; gives its last response.
 *
 *     runTools((messages) => anthropic.messages.create({…, tools: TOOL_SPECS, messages}), {client, messages})
 */
export async function runTools<
  Param extends {role: 'user' | 'assistant'; content: unknown},
  Response extends LoopResponse,
>(ask: (messages: Param[]) => PromiseLike<Response>, options: RunToolsOptions<Param>): Promise<Response> {
  const messages: Param[] = [...options.messages]
  for (let round = 1; ; round++) {
    const response = await ask([...messages])
    if (options.session)
      await recordExchange(options.session, messages as unknown as MessageParam[], response)
    const calls = response.content.filter(isToolUse)
    if (calls.length === 0 || round >= (options.maxRounds ?? ROUNDS_MAX)) return response
    const results = await Promise.all(calls.map((call) => answerCall(call, options)))
    messages.push(turn('assistant', response.content), turn('user', results))
  }
}

function isToolUse(block: object): block is ToolUseBlock {
  return 'type' in block && block.type === 'tool_use'
}

async function answerCall<Param>(
  call: ToolUseBlock,
  options: RunToolsOptions<Param>,
): Promise<ToolResultBlock> {
  const own = options.tools && Object.hasOwn(options.tools, call.name) ? options.tools[call.name] : undefined
  if (!own) return handleToolUse(call, options.client)
  const result = {type: 'tool_result', tool_use_id: call.id} as const
  try {
    const answer = await own(call.input)
    return {...result, content: typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '')}
  } catch (error) {
    return {...result, content: error instanceof Error ? error.message : String(error), is_error: true}
  }
}

/** The caller's type of a turn: what we add is one, and TypeScript can't know it. */
function turn<Param>(role: 'user' | 'assistant', content: Content): Param {
  return {role, content} as Param
}
