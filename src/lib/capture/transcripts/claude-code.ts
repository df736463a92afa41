import {basename, join} from 'node:path'
import {CONTENT_CHARS_MAX} from '../../model/limits.ts'
import type {NewMessage} from '../../model/message.ts'
import {RECALL_TAG} from '../../model/recall-tag.ts'
import {redactText} from '../../redact/redact-text.ts'
import {isSecretPath} from '../../redact/secret-path.ts'
import {type CutText, cutMiddle} from '../cut-text.ts'
import {stripInjected, stripRecall} from '../strip-injected.ts'
import {type Block, readTranscriptLine, type TranscriptLine} from './claude-code-line.ts'
import {type ParserMemory, restoreParserMemory} from './claude-code-memory.ts'
import type {
  LinePlace,
  ParsedLine,
  SkipReason,
  TranscriptOptions,
  TranscriptParser,
  TranscriptSource,
} from './source.ts'
import {describeIgnoredCall, describeToolCall, describeToolResult, fileOf, pathsOf} from './tool-text.ts'

/**
 * Claude Code: `projects/<folder>/<session>.jsonl`, sub-agents in `<session>/subagents/agent-<id>.jsonl`. The folder's
 * name is a lossy form of the working folder, so that is taken from the lines.
 */
export const claudeCode: TranscriptSource = {
  name: 'claude-code',
  folder: (paths) => join(paths.claude, 'projects'),
  isTranscript: (fileName) => fileName.endsWith('.jsonl'),
  openParser: (file, options, state) => new ClaudeCodeParser(file.path, options, restoreParserMemory(state)),
}

class ClaudeCodeParser implements TranscriptParser {
  readonly #fileId: string
  readonly #options: TranscriptOptions
  readonly #memory: ParserMemory
  #timestamp?: string

  constructor(path: string, options: TranscriptOptions, memory: ParserMemory) {
    this.#fileId = basename(path, '.jsonl')
    this.#options = options
    this.#memory = memory
  }

  state(): unknown {
    return this.#memory.toJson()
  }

  get place(): LinePlace {
    return {timestamp: this.#timestamp, promptId: this.#memory.promptId}
  }

  parseLine(text: string): ParsedLine {
    this.#timestamp = undefined
    if (BOOKKEEPING_START.test(text)) return skipped('bookkeeping')
    try {
      const line = readTranscriptLine(JSON.parse(text))
      this.#timestamp = line?.timestamp
      return line ? this.#parse(line) : {kind: 'bad', reason: 'not an object with a type'}
    } catch (error) {
      if (error instanceof SyntaxError) return {kind: 'bad', reason: 'not JSON'}
      if (error instanceof RangeError) return {kind: 'bad', reason: 'nested too deep'}
      throw error
    }
  }

  #parse(line: TranscriptLine): ParsedLine {
    const draft = this.#draft(line)
    this.#memory.note(line)
    if ('reason' in draft) return skipped(draft.reason)
    const sessionId = this.#sessionId(line)
    if (!line.uuid || !sessionId) return {kind: 'bad', reason: 'a message without uuid or session'}
    const {text, isCut} = cutMiddle(draft.content, CONTENT_CHARS_MAX)
    return {
      kind: 'message',
      isCut: draft.isCut || isCut,
      message: {...this.#provenance(line), ...draft.fields, sessionId, uuid: line.uuid, content: text},
    }
  }

  #draft(line: TranscriptLine): Draft | Skip {
    if (line.cwd !== undefined && this.#options.isIgnored?.(line.cwd)) return {reason: 'ignored'}
    if (line.type === 'assistant') return this.#draftAssistant(line)
    if (line.type === 'user') return this.#draftUser(line)
    if (line.type === 'attachment' && line.queuedPrompt) {
      if (line.queuedPrompt.commandMode === 'task-notification') return {reason: 'harness'}
      return draftPerson(line.queuedPrompt.blocks, {isLocalCommand: false})
    }
    return {reason: 'bookkeeping'}
  }

  #draftAssistant(line: TranscriptLine): Draft | Skip {
    const calls = line.blocks.filter((block) => block.type === 'tool_use')
    const texts = [
      ...proseOf(line.blocks, stripRecall),
      ...calls.map((call) => this.#describeCall(call, line.cwd)),
    ]
    const content = texts.map((part) => part.text).join('\n')
    if (content === '') return {reason: emptyReason(line.blocks)}
    const isSynthetic = line.model === SYNTHETIC_MODEL
    // Such as "No response requested.": the harness filling in. Its API errors are kept, because they say why a turn
    // has no answer, and are looked up like other errors.
    if (isSynthetic && !line.isApiError) return {reason: 'harness'}
    return {
      content,
      isCut: texts.some((part) => part.isCut),
      fields: {
        type: 'assistant',
        role: 'assistant',
        model: isSynthetic ? undefined : line.model,
        tool: calls[0]?.name,
        status: line.isApiError ? 'error' : undefined,
        ...(isSynthetic ? {} : this.#memory.takeUsage(line)),
      },
    }
  }

  /**
   * A project may want a file left out: then what was written into it, and what was read from it, is not kept. Nor is it
   * of files that are there to hold secrets.
   */
  #describeCall({id, name, input}: ToolCall, cwd = ''): CutText {
    const isIgnored = pathsOf(input).some((path) => this.#options.isIgnored?.(cwd, path))
    const file = fileOf(input)
    const isSecret = file !== undefined && isSecretPath(file)
    if (!isIgnored && !isSecret) return describeToolCall(name, input)
    this.#memory.ignoreCall(id)
    return describeIgnoredCall(name, isIgnored ? undefined : file)
  }

  #draftUser(line: TranscriptLine): Draft | Skip {
    const results = line.blocks.filter((block) => block.type === 'tool_result')
    if (results.length > 0) return this.#draftResults(line, results)
    // The model's words in a person's place, about what is stored already under who said it.
    if (line.isCompactSummary) return {reason: 'summary'}
    if (line.isMeta || line.promptSource === 'system' || line.origin === 'task-notification') {
      return {reason: 'harness'}
    }
    return draftPerson(line.blocks, {isLocalCommand: this.#memory.isAfterMetaLine(line)})
  }

  #draftResults(line: TranscriptLine, results: ToolResult[]): Draft | Skip {
    if (results.some((result) => this.#memory.isIgnoredCall(result.toolUseId))) return {reason: 'ignored'}
    const tools = results.map((result) => this.#memory.toolOf(result.toolUseId))
    const isError = line.interrupted || results.some((result) => result.isError)
    if (!isError && tools.every((tool) => tool && OWN_READING_TOOL.test(tool))) return {reason: 'recall'}
    const texts = [
      ...results.map((result) => describeToolResult(stripInjected(result.text))),
      ...proseOf(line.blocks, stripInjected),
    ]
    const content = texts
      .map((part) => part.text)
      .join('\n')
      .trim()
    if (content === '' && !isError) return {reason: emptyReason(line.blocks)}
    return {
      content,
      isCut: texts.some((part) => part.isCut),
      fields: {type: 'user', role: 'tool', tool: tools[0], status: isError ? 'error' : 'ok'},
    }
  }

  /** A sub-agent's lines carry the session of the conversation that started it; it is one of its own. */
  #sessionId(line: TranscriptLine): string | undefined {
    if (line.agentId) return `agent-${line.agentId}`
    const fileAgent = AGENT_FILE.exec(this.#fileId)?.[1]
    if (fileAgent) return `agent-${fileAgent}`
    const sessionId = line.sessionId ?? this.#fileId
    // Older releases wrote sub-agents into the conversation's own file, and gave them no name.
    return line.isSidechain ? `agent-${sessionId}` : sessionId
  }

  #provenance(line: TranscriptLine): Omit<NewMessage, 'sessionId' | 'uuid'> {
    return {
      workspaceId: this.#options.workspaceId,
      parentUuid: line.parentUuid,
      timestamp: this.#memory.timestampOf(line),
      author: this.#options.author,
      machine: this.#options.machine,
      branch: line.branch,
      source: claudeCode.name,
      project: line.cwd === undefined ? undefined : this.#options.projectOf(line.cwd),
    }
  }
}

type ToolCall = Extract<Block, {type: 'tool_use'}>
type ToolResult = Extract<Block, {type: 'tool_result'}>

interface Draft {
  content: string
  isCut: boolean
  fields: Partial<NewMessage>
}

interface Skip {
  reason: SkipReason
}

/** Most bytes of a history are records of requests and the like: not worth parsing. */
const BOOKKEEPING_START = /^\{"type":"(?!(?:user|assistant|attachment)")[a-z-]+"/

const SYNTHETIC_MODEL = '<synthetic>'

const AGENT_FILE = /^agent-(.+)$/

/** What these answer came out of the memory, and would go round in it for ever. */
const OWN_READING_TOOL =
  /^mcp__(?:plugin_)?bmfote[\w-]*__(?:search_memory|find_error|get_context|get_recent)$/

/** The words of somebody who typed them, or why there are none. */
function draftPerson(blocks: Block[], options: {isLocalCommand: boolean}): Draft | Skip {
  const texts = proseOf(blocks, stripInjected)
  const content = texts.map((part) => part.text).join('\n')
  if (content === '') return {reason: emptyReason(blocks)}
  const person: Draft = {content, isCut: false, fields: {type: 'user', role: 'user'}}
  const shellInput = SHELL_INPUT.exec(content)?.[1]
  if (shellInput) return {...person, content: `! ${shellInput.trim()}`}
  if (SHELL_OUTPUT.test(content)) return draftShellOutput(content)
  if (COMMAND.test(content)) return draftCommand(content, options)
  return HARNESS_TEXT.test(content) ? {reason: 'harness'} : person
}

/**
 * A command with words after it, such as `/review the login form`, is the person's request. Commands that Claude Code
 * runs itself (`/clear`, `/model …`) are not; they come right after a line that says so.
 */
function draftCommand(content: string, options: {isLocalCommand: boolean}): Draft | Skip {
  const name = COMMAND_NAME.exec(content)?.[1]?.trim()
  const words = COMMAND_WORDS.exec(content)?.[1]?.trim()
  if (options.isLocalCommand || !name || !words) return {reason: 'harness'}
  return {content: `${name} ${words}`, isCut: false, fields: {type: 'user', role: 'user'}}
}

/** What a command printed that the person ran with `!`. */
function draftShellOutput(content: string): Draft | Skip {
  const printed = describeToolResult(content.replace(SHELL_TAGS, '\n'))
  if (printed.text === '') return {reason: 'empty'}
  return {content: printed.text, isCut: printed.isCut, fields: {type: 'user', role: 'tool', tool: 'Bash'}}
}

const SHELL_INPUT = /^<bash-input>([\s\S]*)<\/bash-input>$/
const SHELL_OUTPUT = /^<bash-(?:stdout|stderr)>/
const SHELL_TAGS = /<\/?bash-(?:stdout|stderr)>/g
const COMMAND = /^<command-(?:name|message)>/
const COMMAND_NAME = /<command-name>([^<]*)</
const COMMAND_WORDS = /<command-args>([\s\S]*)<\/command-args>/
const HARNESS_TEXT =
  /^(?:<local-command-(?:stdout|stderr|caveat)>|<task-notification>|\[Request interrupted by user|Caveat: The messages below were generated)/

function proseOf(blocks: Block[], strip: (text: string) => string): CutText[] {
  return blocks
    .flatMap((block) =>
      block.type === 'text' || block.type === 'placeholder'
        ? [redactText(strip(block.text)).text.trim()]
        : [],
    )
    .filter((text) => text !== '')
    .map((text) => ({text, isCut: false}))
}

function emptyReason(blocks: Block[]): SkipReason {
  const text = blocks.map((block) => ('text' in block ? block.text : '')).join('')
  if (text.includes(`<${RECALL_TAG}`)) return 'recall'
  if (text.trim() !== '') return 'harness'
  return blocks.some((block) => block.type === 'thinking') ? 'thinking' : 'empty'
}

function skipped(reason: SkipReason): ParsedLine {
  return {kind: 'skipped', reason}
}
