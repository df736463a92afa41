import type {MessageWithContextBody} from '../client/protocol.ts'
import type {ToolApi} from '../client/tools/index.ts'
import type {
  FindErrorsQuery,
  GetMessageQuery,
  ListRecentQuery,
  Memory,
  RememberInput,
  SearchQuery,
} from '../memory/memory.ts'
import {inputFromWire, toWire} from '../memory/wire.ts'
import type {Caller} from '../model/principal.ts'

/** What a surface says of itself where the caller says nothing. */
export interface CallDefaults {
  workspace_id?: string
  author?: string
  source?: string
}

/** The calls that REST routes and MCP tools share: wire shapes in and out, one call of the memory each. */
export function memoryApi(memory: Memory, caller: Caller, defaults: CallDefaults = {}): ToolApi {
  const {workspace_id: workspaceId, author, source} = defaults
  return {
    async search({q, ...params}) {
      const query = {workspaceId, ...inputFromWire<Omit<SearchQuery, 'query'>>(params), query: q}
      return toWire(await memory.searchMessages(caller, query))
    },
    async findError(params) {
      return toWire(await memory.findErrors(caller, {workspaceId, ...inputFromWire<FindErrorsQuery>(params)}))
    },
    async getMessage(uuid, params) {
      const query = {workspaceId, ...inputFromWire<Omit<GetMessageQuery, 'uuid'>>(params), uuid}
      const found = await memory.getMessage(caller, query)
      return found && withoutEmptyContext(toWire(found), params.context)
    },
    async recent(params) {
      return toWire(await memory.listRecent(caller, {workspaceId, ...inputFromWire<ListRecentQuery>(params)}))
    },
    async remember(body) {
      return toWire(
        await memory.remember(caller, {workspaceId, author, source, ...inputFromWire<RememberInput>(body)}),
      )
    },
  }
}

/** With `context=0` nobody asked for neighbours, so the answer doesn't speak of them (wire contract). */
function withoutEmptyContext(
  body: MessageWithContextBody,
  context: number | undefined,
): MessageWithContextBody {
  if (context === undefined || context > 0) return body
  const {before: _before, after: _after, ...message} = body
  return message
}
