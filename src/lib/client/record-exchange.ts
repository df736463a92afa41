import {type Content, type Draft, draftsOf} from './drafts.ts'
import {derivedId} from './ids.ts'
import type {NamedDraft, Session} from './session.ts'

/** One side's turn, as the Messages API takes it. */
export interface MessageParam {
  role: string
  content: Content
}

/** What the Messages API answers. */
export interface ResponseMessage {
  content: Content
  id?: string
  role?: string
  model?: string
  usage?: {input_tokens?: number | null; output_tokens?: number | null} | null
}

/** A stream helper of the official SDK: it knows the whole message at its end. */
export interface MessageStream {
  finalMessage(): PromiseLike<ResponseMessage>
}

export type UserSide = Content | MessageParam | readonly MessageParam[]
export type ResponseSide = Content | ResponseMessage | readonly MessageParam[] | MessageStream

/**
 * Records what was asked and what was answered. Where `user` is the whole conversation so far, only what was not recorded
 * in this session yet is; the same response is recorded once, however often it is given.
 */
export async function recordExchange(
  session: Session,
  user: UserSide,
  response: ResponseSide,
): Promise<void> {
  const answer = isStream(response) ? await finalMessage(response, session) : response
  if (isParams(user)) {
    return session.record(
      newInHistory(session, [...draftsOfAll(session, user), ...draftAnswer(session, answer)]),
    )
  }
  const responseId = isObject(answer) && typeof answer.id === 'string' ? answer.id : undefined
  const asked = draftsOf('user', contentOf(user), session.tools)
  const answered = draftAnswer(session, answer)
  await session.record([
    ...named(session, {responseId, side: 'user', drafts: asked}),
    ...(isParams(answer)
      ? newInHistory(session, answered)
      : named(session, {responseId, side: 'assistant', drafts: answered})),
  ])
}

function draftsOfAll(session: Session, params: readonly MessageParam[]): Draft[] {
  return params.flatMap(({role, content}) => {
    return draftsOf(role === 'assistant' ? 'assistant' : 'user', content, session.tools)
  })
}

function draftAnswer(session: Session, answer: Exclude<ResponseSide, MessageStream> | undefined): Draft[] {
  if (answer === undefined) return []
  if (isParams(answer)) return draftsOfAll(session, answer)
  const drafts = draftsOf('assistant', contentOf(answer), session.tools)
  const {model, usage} = (isObject(answer) ? answer : {}) as Partial<ResponseMessage>
  const last = drafts.findLastIndex(({type}) => type === 'assistant')
  return drafts.map((draft, index) => ({
    ...draft,
    model: draft.type === 'assistant' ? model : undefined,
    inputTokens: index === last ? (usage?.input_tokens ?? undefined) : undefined,
    outputTokens: index === last ? (usage?.output_tokens ?? undefined) : undefined,
  }))
}

/** The id of a response tells its exchange from others; its words too, for stand-ins give all the same id. */
function named(
  session: Session,
  {responseId, side, drafts}: {responseId?: string; side: string; drafts: readonly Draft[]},
): NamedDraft[] {
  if (responseId === undefined) return [...drafts]
  return drafts.map((draft, index) => {
    const uuid = derivedId('exchange', session.sessionId, responseId, side, String(index), draft.content)
    return {...draft, uuid}
  })
}

/**
 * A conversation is given whole with each turn, so the n-th time that words stand in it is new only when they were
 * recorded less often. Their ids follow from that, for a process that goes on with the session of another.
 */
function newInHistory(session: Session, drafts: readonly Draft[]): NamedDraft[] {
  const seen = new Map<string, number>()
  return drafts.flatMap((draft) => {
    const key = `${draft.role}\u001f${draft.content}`
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    if (nth <= session.timesRecorded(draft)) return []
    return [{...draft, uuid: derivedId('history', session.sessionId, draft.role, String(nth), draft.content)}]
  })
}

/** What a stream would have said when it broke is not known; what was asked is recorded all the same. */
async function finalMessage(stream: MessageStream, session: Session): Promise<ResponseMessage | undefined> {
  try {
    return await stream.finalMessage()
  } catch (error) {
    if (session.client.strict) throw error
    return undefined
  }
}

function contentOf(side: Content | MessageParam | ResponseMessage): unknown {
  return isObject(side) && 'content' in side ? side.content : side
}

function isParams(side: unknown): side is readonly MessageParam[] {
  return Array.isArray(side) && side.length > 0 && side.every((item) => isObject(item) && 'role' in item)
}

function isStream(side: unknown): side is MessageStream {
  return isObject(side) && typeof side.finalMessage === 'function'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
