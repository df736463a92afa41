import type {ToolResult} from './answers.ts'
import type {ApiClient, CallOptions} from './api-client.ts'
import {isRefusedQuestion} from './api-error.ts'
import {isList, isMessage} from './is-answer.ts'
import {DEFAULT_WORKSPACE_ID} from './protocol/limits.ts'
import {rememberedMessage} from './remembered-message.ts'
import type {Outcome} from './send-messages.ts'
import {TOOLS, type ToolApi, ToolError} from './tools/index.ts'
import {identifier} from './tools/quote.ts'
import type {WireMessage} from './wire-message.ts'

interface ToolContext {
  strict: boolean
  provenance: {author?: string; source?: string; workspace_id?: string}
  /** Asks the server, within the time that there is. */
  ask<T>(
    question: (api: ApiClient, call: CallOptions) => Promise<T>,
    isWhole: (answer: unknown) => boolean,
  ): Promise<T>
  /** Undefined when it is kept, and not stored yet. */
  store(message: WireMessage): Promise<Outcome | undefined>
  /** Somebody should know that the memory fails, for the model can do nothing about it. */
  failed(what: string, error: unknown): void
}

const AWAY = "The memory can't be reached right now. Go on without it."

/** The five tools over a client: an agent is told when the memory fails, and its run goes on. */
export class MemoryTools {
  readonly #context: ToolContext

  constructor(context: ToolContext) {
    this.#context = context
  }

  async call(name: string, input: unknown): Promise<ToolResult> {
    const tool = TOOLS.find((each) => each.name === name)
    if (!tool) return {text: `There is no tool "${name}" here.`, isError: true}
    try {
      const {text} = await tool.call(this.#api(), input)
      return {text, isError: false}
    } catch (error) {
      if (error instanceof NotStoredYet) return {text: error.message, isError: false}
      if (error instanceof ToolError) return {text: error.message, isError: true}
      if (this.#context.strict) throw error
      if (isRefusedQuestion(error)) {
        return {text: error.next ? `${error.message} ${error.next}` : error.message, isError: true}
      }
      this.#context.failed(name, error)
      return {text: AWAY, isError: true}
    }
  }

  #api(): ToolApi {
    const {ask, provenance} = this.#context
    const inWorkspace = <P extends {workspace_id?: string}>(params: P): P => {
      return {...params, workspace_id: params.workspace_id ?? provenance.workspace_id}
    }
    return {
      search: (params) => ask((api, call) => api.search(inWorkspace(params), call), isList),
      findError: (params) => ask((api, call) => api.findError(inWorkspace(params), call), isList),
      getMessage: (uuid, params) =>
        ask((api, call) => api.getMessage(uuid, inWorkspace(params), call), isMessage),
      recent: (params) => ask((api, call) => api.recent(inWorkspace(params), call), isList),
      remember: async ({content, topic, project, workspace_id}) => {
        const workspace = workspace_id ?? provenance.workspace_id
        const message = rememberedMessage({...provenance, content, topic, project, workspace_id: workspace})
        if (typeof message === 'string') throw new ToolError(message)
        const outcome = await this.#context.store(message)
        const {uuid, session_id} = message
        if (!outcome) throw new NotStoredYet(uuid, session_id)
        if (!outcome.stored) throw new ToolError(outcome.reason)
        const stored = {uuid, session_id, workspace_id: workspace ?? DEFAULT_WORKSPACE_ID}
        return outcome.truncated ? {...stored, truncated: true} : stored
      },
    }
  }
}

class NotStoredYet extends Error {
  constructor(uuid: string, sessionId: string) {
    super(
      `Kept, and written to memory as soon as it can be reached.\nuuid ${identifier(uuid)} | session ${identifier(sessionId)}`,
    )
  }
}
