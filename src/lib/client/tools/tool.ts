import type {
  ErrorMatchBody,
  MessageParams,
  MessageWithContextBody,
  RecentMessageBody,
  RecentParams,
  RememberBody,
  RememberResultBody,
  SearchHitBody,
  SearchParams,
  SimilarErrorParams,
} from '../protocol.ts'
import {type ObjectSchema, readArguments} from './arguments.ts'

/** The calls that the tools are made of. ApiClient has them over HTTP; the server binds them to its own memory. */
export interface ToolApi {
  search(params: SearchParams): Promise<SearchHitBody[]>
  findError(params: SimilarErrorParams): Promise<ErrorMatchBody[]>
  getMessage(uuid: string, params: MessageParams): Promise<MessageWithContextBody | null>
  recent(params: RecentParams): Promise<RecentMessageBody[]>
  remember(body: RememberBody): Promise<RememberResultBody>
}

/** Hints for the program that offers the tool; all five are stated, for the protocol's defaults are the worst case. */
export interface ToolAnnotations {
  title: string
  readOnlyHint: boolean
  destructiveHint: boolean
  idempotentHint: boolean
  openWorldHint: boolean
}

export interface ToolAnswer {
  /** What an agent reads. */
  text: string
  /** The same for a program, as the tool's output schema says. */
  structured: Record<string, unknown>
}

/** A tool as any agent framework takes it: data, and one function. */
export interface Tool {
  name: string
  title: string
  description: string
  inputSchema: ObjectSchema
  outputSchema: ObjectSchema
  annotations: ToolAnnotations
  /** @throws ToolError when the arguments are wrong or name nothing; whatever the api throws passes through. */
  call(api: ToolApi, given: unknown): Promise<ToolAnswer>
}

interface ToolDefinition<Args, Result> {
  name: string
  title: string
  description: string
  inputSchema: ObjectSchema
  outputSchema: ObjectSchema
  annotations: Omit<ToolAnnotations, 'title' | 'openWorldHint'>
  run(api: ToolApi, args: Args): Promise<Result>
  format(result: Result): string
}

/** `Args` and `Result` are the types of the two schemas: `FromSchema<typeof …>`. */
export function defineTool<Args, Result extends Record<string, unknown>>(
  definition: ToolDefinition<Args, Result>,
): Tool {
  const {run, format, ...data} = definition
  return {
    ...data,
    // A memory is a closed world: nothing outside of it is read or touched.
    annotations: {title: data.title, ...data.annotations, openWorldHint: false},
    async call(api, given) {
      const args = readArguments(data.inputSchema, given) as Args
      const result = await run(api, args)
      return {text: format(result), structured: result}
    },
  }
}
