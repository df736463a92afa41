import {MCP_SERVER} from '../names.ts'
import type {SessionError, Transcript} from './transcript.ts'

/** How a run has ended. Each has an exit code of its own. */
export type OutcomeKind =
  | 'done'
  | 'refused'
  | 'budget_reached'
  | 'timeout'
  | 'retries_exhausted'
  | 'memory_unreachable'
  | 'interrupted'
  | 'failed'

export interface Outcome {
  kind: OutcomeKind
  /** What is to be said about it; nothing where all went well. */
  sentence?: string
}

/** How a session that has come to its end by itself has ended. */
export function outcomeOf(transcript: Transcript): Outcome {
  const {end, errors} = transcript
  const last = errors.at(-1)
  const because = last ? `: ${last.message}` : ''
  if (end?.kind === 'deleted') return {kind: 'failed', sentence: 'Somebody has deleted the session.'}
  switch (end?.stopReason) {
    case 'refusal':
      return {
        kind: 'refused',
        sentence: `The model has refused${end.explanation ? `: ${end.explanation}` : '.'}`,
      }
    case 'budget_reached':
      return {kind: 'budget_reached', sentence: 'The budget is spent.'}
    case 'retries_exhausted':
      return {kind: 'retries_exhausted', sentence: `Anthropic has given up trying${because}`}
  }
  const memoryError = lostMemory(transcript)
  if (memoryError) {
    return {
      kind: 'memory_unreachable',
      sentence: `The agent did not reach its memory: ${memoryError.message}`,
    }
  }
  if (end?.kind === 'terminated' && (last || !hasAnswered(transcript))) {
    return {kind: 'failed', sentence: `The session was terminated${because || '.'}`}
  }
  return {kind: 'done'}
}

/** Words before a call only say what it is about to do. */
function hasAnswered({messages, calls}: Transcript): boolean {
  return messages.some(({callsBefore}) => callsBefore === calls.length)
}

const MCP_ERRORS = new Set(['mcp_connection_failed_error', 'mcp_authentication_failed_error'])

/** The last failure of the memory that no successful call of it came after. */
function lostMemory({errors, calls}: Transcript): SessionError | undefined {
  const error = errors.findLast(({type, server}) => MCP_ERRORS.has(type) && server === MCP_SERVER)
  const isBack = calls
    .slice(error?.callsBefore ?? 0)
    .some(({server, state}) => server === MCP_SERVER && state === 'done')
  return isBack ? undefined : error
}

/** What went wrong on the way, whatever became of it; each once, for what is retried is said each time. */
export function warningsOf({errors}: Transcript): string[] {
  const warnings = errors.map(({type, message, server}) => {
    const where = server === undefined ? '' : ` (MCP server ${server})`
    return `${message}${where} [${type}]`
  })
  return [...new Set(warnings)]
}
