import {LABEL_CHARS_MAX} from '../../model/limits.ts'

/**
 * The lines that Claude Code writes, reduced to what we act on. Tolerant: unknown fields, blocks and line types are
 * expected, for they change with every release; a known field of a wrong type counts as missing.
 */

export type Block =
  | {type: 'text'; text: string}
  | {type: 'thinking'}
  | {type: 'tool_use'; id: string; name: string; input: unknown}
  | {type: 'tool_result'; toolUseId: string; text: string; isError: boolean}
  /** Something that is named instead of stored: an image, a document, a block we don't know. */
  | {type: 'placeholder'; text: string}

export interface TranscriptLine {
  type: string
  uuid?: string
  parentUuid?: string
  sessionId?: string
  agentId?: string
  isSidechain: boolean
  timestamp?: string
  cwd?: string
  /** Undefined where there is none: outside of repositories, and on no branch (`HEAD`). */
  branch?: string
  isMeta: boolean
  isCompactSummary: boolean
  isApiError: boolean
  /** The hooks' `prompt_id`. On user lines only. */
  promptId?: string
  promptSource?: string
  /** Who put a prompt there: `human`, `task-notification`, … */
  origin?: string
  messageId?: string
  model?: string
  inputTokens?: number
  outputTokens?: number
  blocks: Block[]
  /** The tool was stopped by the person. */
  interrupted: boolean
  /** A prompt that was typed while the model worked: it stands in an attachment and in no `user` line. */
  queuedPrompt?: {commandMode?: string; blocks: Block[]}
}

type Fields = Record<string, unknown>

/** Null when it is not an object with a type. */
export function readTranscriptLine(value: unknown): TranscriptLine | null {
  const line = fields(value)
  const type = text(line?.type)
  if (!line || !type) return null
  const message = fields(line.message)
  const usage = fields(message?.usage)
  return {
    type,
    uuid: text(line.uuid),
    parentUuid: text(line.parentUuid),
    sessionId: text(line.sessionId),
    agentId: text(line.agentId),
    isSidechain: line.isSidechain === true,
    timestamp: text(line.timestamp),
    cwd: text(line.cwd),
    branch: branchOf(text(line.gitBranch)),
    isMeta: line.isMeta === true,
    isCompactSummary: line.isCompactSummary === true,
    isApiError: line.isApiErrorMessage === true,
    promptId: text(line.promptId),
    promptSource: text(line.promptSource),
    origin: text(fields(line.origin)?.kind),
    messageId: text(message?.id),
    model: text(message?.model),
    inputTokens: count(usage?.input_tokens),
    outputTokens: count(usage?.output_tokens),
    blocks: readBlocks(message?.content),
    interrupted: fields(line.toolUseResult)?.interrupted === true,
    queuedPrompt: readQueuedPrompt(fields(line.attachment)),
  }
}

function branchOf(name: string | undefined): string | undefined {
  return name && name !== 'HEAD' && name.length <= LABEL_CHARS_MAX ? name : undefined
}

function readQueuedPrompt(attachment: Fields | undefined): TranscriptLine['queuedPrompt'] {
  if (attachment?.type !== 'queued_command') return undefined
  const isHuman = (text(fields(attachment.origin)?.kind) ?? 'human') === 'human'
  if (!isHuman) return undefined
  return {commandMode: text(attachment.commandMode), blocks: readBlocks(attachment.prompt)}
}

function readBlocks(content: unknown): Block[] {
  if (typeof content === 'string') return [{type: 'text', text: content}]
  if (!Array.isArray(content)) return []
  return content.flatMap((item) => readBlock(item) ?? [])
}

function readBlock(value: unknown): Block | undefined {
  if (typeof value === 'string') return {type: 'text', text: value}
  const block = fields(value)
  const type = text(block?.type)
  if (!block || !type) return undefined
  if (type === 'text') return {type: 'text', text: text(block.text) ?? ''}
  if (type.endsWith('thinking')) return {type: 'thinking'}
  // Tools that run on the API's side have names of their own for the same two things.
  if (type.endsWith('tool_use')) {
    return {type: 'tool_use', id: text(block.id) ?? '', name: text(block.name) ?? type, input: block.input}
  }
  if (type.endsWith('tool_result')) {
    return {
      type: 'tool_result',
      toolUseId: text(block.tool_use_id) ?? '',
      text: resultText(block.content),
      isError: block.is_error === true,
    }
  }
  return placeholder(type, block)
}

function resultText(content: unknown): string {
  return readBlocks(content)
    .map((block) => ('text' in block ? block.text : ''))
    .filter((part) => part !== '')
    .join('\n')
}

/** Images are named, not stored. */
function placeholder(type: string, block: Fields): Block {
  const source = fields(block.source)
  const detail =
    text(source?.media_type) ??
    text(block.tool_name) ??
    text(block.title) ??
    text(block.url) ??
    text(block.text)
  return {type: 'placeholder', text: detail ? `[${type}: ${detail}]` : `[${type}]`}
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
