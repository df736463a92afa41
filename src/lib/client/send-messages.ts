import type {ApiClient, CallOptions} from './api-client.ts'
import {ApiError} from './api-error.ts'
import {WIRE_LIMITS} from './protocol/limits.ts'
import type {WireMessage} from './wire-message.ts'

/** What became of a message: it is stored (or was deleted by its owner, and stays away), or will never be taken. */
export type Outcome = {stored: true; truncated?: boolean} | {stored: false; reason: string}

const STORED: Outcome = {stored: true}

/** Answers that are about the message itself: the same message will get the same one again. */
const REFUSALS = new Set([400, 413, 422])

/**
 * Sends messages, and says for each what became of it. A server of release 0.11.7 takes them one by one, and wants to be
 * told of a session's project first.
 * @throws ApiError when the server can't take them now; sending them again is harmless
 */
export async function sendMessages(
  api: ApiClient,
  messages: readonly WireMessage[],
  call: CallOptions,
): Promise<Outcome[]> {
  try {
    const answer = await api.recordMessages([...messages], call)
    return messages.map((message, index) => readResult(answer, message, index))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 404) return await sendSessionsThenEach(api, messages, call)
    if (!REFUSALS.has(error.status)) throw error
    return messages.length === 1 ? [refused(error)] : await sendEach(api, messages, call)
  }
}

async function sendSessionsThenEach(
  api: ApiClient,
  messages: readonly WireMessage[],
  call: CallOptions,
): Promise<Outcome[]> {
  const sessions = new Map(messages.map((message) => [message.session_id, message]))
  for (const {session_id, project, workspace_id} of sessions.values()) {
    await api.recordSession({session_id, project, workspace_id}, call)
  }
  return sendEach(
    api,
    messages.map((message) => ({...message, content: cutForOldServer(message.content)})),
    call,
  )
}

/** It refuses what is longer; ours cut it themselves, after they have taken secrets out. */
function cutForOldServer(content: string | undefined): string | undefined {
  const max = WIRE_LIMITS.contentChars
  if (content === undefined || content.length <= max) return content
  const mark = `\n[cut: ${content.length} characters]`
  return content.slice(0, max - mark.length).replace(/[\uD800-\uDBFF]$/, '') + mark
}

async function sendEach(
  api: ApiClient,
  messages: readonly WireMessage[],
  call: CallOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const message of messages) {
    try {
      const {truncated} = await api.recordMessage(message, call)
      outcomes.push(truncated ? {stored: true, truncated} : STORED)
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSALS.has(error.status)) throw error
      outcomes.push(refused(error))
    }
  }
  return outcomes
}

interface Result {
  uuid?: unknown
  status?: unknown
  error?: unknown
  truncated?: unknown
}

/** In the order of the messages. An answer that doesn't speak of the message doesn't acknowledge it either. */
function readResult(answer: unknown, message: WireMessage, index: number): Outcome {
  const results: unknown = (answer as {results?: unknown} | null)?.results
  const result = Array.isArray(results) ? (results[index] as Result) : undefined
  if (result?.uuid !== message.uuid) {
    throw new ApiError('The server did not say what it has stored.', {
      status: 0,
      code: 'unavailable',
      next: 'Check the address; a proxy or another program may be in between.',
    })
  }
  if (result.status === 'error') return {stored: false, reason: String(result.error ?? 'refused')}
  return result.truncated === true ? {stored: true, truncated: true} : STORED
}

function refused(error: ApiError): Outcome {
  return {stored: false, reason: error.message}
}
