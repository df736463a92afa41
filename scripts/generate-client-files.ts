import {describeToolCall, describeToolResult} from '../src/lib/client/describe-tool.ts'
import {derivedId, ID_NAMESPACE} from '../src/lib/client/ids.ts'
import {TOOLS, type ToolApi, ToolError} from '../src/lib/client/tools/index.ts'
import {CALL_SAMPLES, RESULT_SAMPLES, TOOL_SAMPLES, type ToolSample} from './client-samples.ts'
import type {GeneratedFile} from './generate-commands.ts'

/**
 * What the Python client takes from the TypeScript one: the tools as agents see them, and examples of what it must give,
 * which its tests go by.
 */
export async function generateClientFiles(): Promise<GeneratedFile[]> {
  const specs = TOOLS.map(({name, title, description, inputSchema, annotations}) => {
    return {name, title, description, input_schema: inputSchema, read_only: annotations.readOnlyHint}
  })
  const names = [
    ['call', 'session-1', 'toolu_01'],
    ['exchange', 'session-1', 'msg_01', 'assistant', '0', 'The port is 4242.'],
    ['history', 'sess/ü', 'user', '2', 'Ünïcode 😀'],
    [''],
  ]
  const ids = {
    namespace: ID_NAMESPACE,
    examples: names.map((parts) => ({name: parts.join('\u001f'), uuid: derivedId(...parts)})),
  }
  return [
    file('client/src/bmfote_client/_tools.generated.json', specs),
    file('test/client/golden/ids.generated.json', ids),
    file('test/client/golden/tool-texts.generated.json', {
      calls: CALL_SAMPLES.map(([name, input]) => ({name, input, text: describeToolCall(name, input)})),
      results: RESULT_SAMPLES.map((result) => ({result, text: describeToolResult(result)})),
    }),
    file('test/client/golden/tool-answers.generated.json', await Promise.all(TOOL_SAMPLES.map(answer))),
  ]
}

function file(path: string, content: unknown): GeneratedFile {
  return {path, content: `${JSON.stringify(content, null, 2)}\n`}
}

/** What the tool asks of the memory for this input, and what the agent reads of what the memory answers. */
async function answer(sample: ToolSample): Promise<object> {
  const tool = TOOLS.find(({name}) => name === sample.tool)
  if (!tool) throw new Error(`no tool is called ${sample.tool}`)
  const asks: unknown[] = []
  const ask =
    (method: string) =>
    async (...args: unknown[]) => {
      asks.push([method, ...args])
      return sample.api as never
    }
  const api: ToolApi = {
    search: ask('search'),
    findError: ask('find_error'),
    getMessage: ask('get_message'),
    recent: ask('recent'),
    remember: ask('remember'),
  }
  const outcome = await tool.call(api, sample.input).then(
    ({text}) => ({text, is_error: false}),
    (error: unknown) => {
      if (error instanceof ToolError) return {text: error.message, is_error: true}
      throw error
    },
  )
  return {...sample, asks, ...outcome}
}
