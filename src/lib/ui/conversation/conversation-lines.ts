import type {StoredMessage} from '../../model/message.ts'
import {messageHead} from '../lists/item-parts.ts'
import {safeLine, safeText} from '../text/safe-text.ts'
import {type Line, segment} from '../text/segments.ts'
import type {Clock} from '../text/when.ts'
import {wrapParts, wrapSegments} from '../text/wrap.ts'
import type {Conversation} from './conversation.ts'

const INDENT = '  '

export interface ConversationLines {
  lines: Line[]
  /** The line that the asked message starts at. */
  targetLine: number
}

interface LinesOptions {
  width: number
  clock: Clock
}

/** The messages in the order they were said; the asked one has the pointer. */
export function conversationLines(conversation: Conversation, options: LinesOptions): ConversationLines {
  const lines: Line[] = []
  let targetLine = 0
  for (const message of conversation.messages) {
    if (lines.length > 0) lines.push([])
    const isTarget = message.uuid === conversation.uuid
    if (isTarget) targetLine = lines.length
    for (const line of messageLines(message, {...options, isTarget})) lines.push(line)
  }
  return {lines, targetLine}
}

export function conversationTitle({project, sessionId}: Pick<Conversation, 'project' | 'sessionId'>): string {
  const session = `session ${safeLine(sessionId)}`
  return project ? `${safeLine(project)} · ${session}` : session
}

function messageLines(message: StoredMessage, options: LinesOptions & {isTarget: boolean}): Line[] {
  const inner = Math.max(1, options.width - INDENT.length)
  // The project is the session's, and stands in the title.
  const head = wrapParts(messageHead({...message, project: null}, options.clock), inner)
  const uuid = wrapParts([segment(safeLine(message.uuid), 'dim')], inner)
  const body = wrapSegments([segment(safeText(message.content).trimEnd())], inner)
  const pointer = options.isTarget ? segment('❯ ', 'accent') : segment(INDENT)
  return [
    ...head.map((line, index) => [index === 0 ? pointer : segment(INDENT), ...line]),
    ...[...uuid, ...body].map((line) => [segment(INDENT), ...line]),
  ]
}
