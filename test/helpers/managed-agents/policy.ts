/** What stands in for the model: it sees a prompt, calls tools, and says something. */
export type Policy = (run: PolicyRun) => Promise<string>

export interface PolicyRun {
  prompt: string
  system: string | null
  agent: {id: string; name: string}
  tools: PolicyTools
}

export interface ToolAnswer {
  text: string
  isError: boolean
}

export interface PolicyTools {
  /** Those of the MCP servers that answered. */
  readonly names: readonly string[]
  call(name: string, input: Record<string, unknown>): Promise<ToolAnswer>
}
