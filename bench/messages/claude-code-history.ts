import {closeSync, mkdirSync, openSync, writeSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {type GenerateOptions, generateMessages} from './conversations.ts'

export interface WrittenHistory {
  files: number
  bytes: number
  /** Messages that an import must find. */
  messages: number
}

/**
 * Writes a history as Claude Code keeps it, with its records of requests, attachments and thinking in between, until it
 * is this big.
 */
export function writeClaudeCodeHistory(
  folder: string,
  options: GenerateOptions & {bytes: number},
): WrittenHistory {
  const written: WrittenHistory = {files: 0, bytes: 0, messages: 0}
  let file: {sessionId: string; descriptor: number} | undefined
  for (const message of generateMessages(options)) {
    if (file?.sessionId !== message.sessionId) {
      if (file) closeSync(file.descriptor)
      file = undefined
      if (written.bytes >= options.bytes) break
      file = {sessionId: message.sessionId, descriptor: openTranscript(folder, message)}
      written.files++
      written.bytes += write(file.descriptor, openingLines(message))
    }
    written.messages++
    written.bytes += write(file.descriptor, linesOf(message))
  }
  if (file) closeSync(file.descriptor)
  return written
}

function openTranscript(folder: string, message: NewMessage): number {
  const path = join(folder, `-home-dev-${message.project}`, `${message.sessionId}.jsonl`)
  mkdirSync(dirname(path), {recursive: true})
  return openSync(path, 'w')
}

function write(descriptor: number, lines: object[]): number {
  return writeSync(descriptor, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** What stands at the beginning of every session, and is most of a short one. */
function openingLines(message: NewMessage): object[] {
  const {sessionId, timestamp} = message
  const attachment = {type: 'skill_listing', content: 'A skill and when it is of use. '.repeat(300)}
  return [
    {type: 'queue-operation', operation: 'enqueue', timestamp, sessionId},
    {...frame(message), type: 'attachment', uuid: `${message.uuid}-a`, attachment},
    {type: 'api-request-blob', sessionId, blob: 'You are a coding agent. '.repeat(1_500)},
  ]
}

function linesOf(message: NewMessage): object[] {
  const line = {
    ...frame(message),
    type: message.type,
    uuid: message.uuid,
    parentUuid: message.parentUuid ?? null,
  }
  if (message.role === 'user') return [{...line, message: {role: 'user', content: message.content}}]
  if (message.role === 'tool') return [{...line, ...toolResult(message)}]
  const api = {id: `msg_${message.uuid}`, type: 'message', role: 'assistant', model: message.model}
  const usage = {input_tokens: message.inputTokens ?? 0, output_tokens: message.outputTokens ?? 0}
  const block = message.tool ? toolUse(message) : {type: 'text', text: message.content}
  const thinking = {
    type: 'thinking',
    thinking: 'What is asked here? '.repeat(20),
    signature: 'c2lnbmF0dXJl'.repeat(40),
  }
  return [
    {...line, uuid: `${message.uuid}-t`, message: {...api, content: [thinking], usage}},
    {...line, message: {...api, content: [block], usage}},
    {type: 'api-request', sessionId: message.sessionId, timestamp: message.timestamp},
  ]
}

function toolUse(message: NewMessage): object {
  const asked = (message.content ?? '').replace(/^\w+: /, '')
  return {type: 'tool_use', id: `toolu_${message.uuid}`, name: message.tool, input: {command: asked}}
}

function toolResult(message: NewMessage): object {
  const result = {
    type: 'tool_result',
    tool_use_id: `toolu_${message.parentUuid}`,
    content: message.content,
    is_error: message.status === 'error',
  }
  const stdout = {stdout: message.content, stderr: '', interrupted: false}
  return {message: {role: 'user', content: [result]}, toolUseResult: stdout}
}

function frame(message: NewMessage): object {
  return {
    isSidechain: false,
    timestamp: message.timestamp,
    sessionId: message.sessionId,
    cwd: `/home/dev/${message.project}`,
    version: '2.1.330',
    gitBranch: 'main',
    userType: 'external',
  }
}
