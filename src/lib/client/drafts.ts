import {describeToolCall, describeToolResult} from './describe-tool.ts'
import {withoutRecall} from './recall-element.ts'

/** A message as it will be recorded, before it knows its session. */
export interface Draft {
  type: 'user' | 'assistant'
  role: string
  content: string
  tool?: string
  status?: 'ok' | 'error'
  model?: string
  inputTokens?: number
  outputTokens?: number
}

/** Blocks of content, as Anthropic's API has them: objects with a `type`. Others are expected, and named. */
export type Content = string | readonly object[]

/** What these answer came out of the memory, and would go round in it for ever. */
const OWN_READING_TOOL =
  /^(?:mcp__(?:plugin_)?bmfote[\w-]*__)?(?:search_memory|find_error|get_context|get_recent)$/

/** Names of tools by the ids of their calls: a result says only which call it answers. */
export type ToolNames = Map<string, string>

type Block = Record<string, unknown>

/**
 * What is worth recording of one side's content: text that stands together as one message, each tool call and each result
 * as one of its own. Thinking is left out; images and documents are named.
 */
export function draftsOf(type: Draft['type'], content: unknown, tools: ToolNames): Draft[] {
  const drafts: Draft[] = []
  let texts: string[] = []
  const endText = () => {
    const text = withoutRecall(texts.join('\n\n')).trim()
    if (text !== '') drafts.push({type, role: type, content: text})
    texts = []
  }
  for (const block of blocksOf(content)) {
    const kind = String(block.type)
    if (kind.endsWith('thinking')) continue
    if (kind.endsWith('tool_use') || kind.endsWith('tool_result')) {
      endText()
      const draft = kind.endsWith('tool_use') ? draftCall(block, tools) : draftResult(block, tools)
      if (draft) drafts.push(draft)
    } else texts.push(textOf(block))
  }
  endText()
  return drafts
}

export function draftCall(block: Block, tools: ToolNames): Draft {
  const name = typeof block.name === 'string' ? block.name : String(block.type)
  if (typeof block.id === 'string') tools.set(block.id, name)
  return {type: 'assistant', role: 'assistant', tool: name, content: describeToolCall(name, block.input)}
}

export function draftResult(block: Block, tools: ToolNames): Draft | undefined {
  const tool = tools.get(String(block.tool_use_id))
  const isError = block.is_error === true
  if (!isError && tool !== undefined && OWN_READING_TOOL.test(tool)) return undefined
  const text = blocksOf(block.content).map(textOf).filter(Boolean).join('\n')
  const content = describeToolResult(withoutRecall(text)).trim()
  if (content === '' && !isError) return undefined
  return {type: 'user', role: 'tool', tool, status: isError ? 'error' : 'ok', content}
}

export function blocksOf(content: unknown): Block[] {
  if (typeof content === 'string') return [{type: 'text', text: content}]
  const items = Array.isArray(content) ? content : [content]
  return items.flatMap((item) => {
    if (typeof item === 'string') return [{type: 'text', text: item}]
    return typeof item === 'object' && item !== null && typeof item.type === 'string' ? [item as Block] : []
  })
}

/** Its text; what has none is named. */
function textOf(block: Block): string {
  if (block.type === 'text') return text(block.text) ?? ''
  const source = (typeof block.source === 'object' && block.source !== null ? block.source : {}) as Block
  const detail = [source.media_type, block.tool_name, block.title, block.url, block.text]
    .map(text)
    .find(Boolean)
  const shown = block.type === 'document' ? (text(block.title) ?? detail) : detail
  return shown === undefined ? `[${block.type}]` : `[${block.type}: ${shown}]`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
