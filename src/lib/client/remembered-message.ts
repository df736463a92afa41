import {randomId} from './ids.ts'
import {WIRE_LIMITS} from './protocol/limits.ts'
import type {WireMessage} from './wire-message.ts'

interface Fact {
  content: string
  topic?: string | null
  project?: string | null
  author?: string
  source?: string
  workspace_id?: string
}

/** What the contract files a fact under when nobody names a project. */
const DEFAULT_PROJECT = 'managed-agent'

/**
 * The message that the server's /api/remember makes of a fact. It is made here, because a message with an id of its own
 * can be kept and sent again, and a call of that route can't. A sentence when it can't be one.
 */
export function rememberedMessage(fact: Fact): WireMessage | string {
  const {content, author, source, workspace_id} = fact
  const topic = fact.topic?.trim() ?? ''
  const project = fact.project || DEFAULT_PROJECT
  if (content.trim() === '')
    return 'There is nothing to remember: the content is empty. Say what is to be remembered.'
  if (topic.length > WIRE_LIMITS.labelChars)
    return `topic is longer than ${WIRE_LIMITS.labelChars} characters.`
  const session_id = `agent-memory-${project}`
  if (session_id.length > WIRE_LIMITS.idChars) return 'The project name is too long.'
  return {
    session_id,
    uuid: randomId(),
    type: 'assistant',
    role: 'assistant',
    content: topic === '' ? content : `[${topic}]\n${content}`,
    project,
    timestamp: new Date().toISOString(),
    author,
    source,
    workspace_id,
  }
}
