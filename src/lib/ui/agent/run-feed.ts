import type {CallView} from './call-words.ts'

/** A run as it stands, as far as it is shown. */
export interface RunView {
  calls: readonly CallView[]
  /** `callsBefore` says between which calls it was said. */
  messages: readonly {id: string; text: string; callsBefore: number}[]
  /** The message that is being written. */
  preview: string
  usage: {inputTokens: number; outputTokens: number}
}

export const EMPTY_RUN: RunView = {
  calls: [],
  messages: [],
  preview: '',
  usage: {inputTokens: 0, outputTokens: 0},
}

/** Something that is over, and is told once. */
export type FeedItem =
  | {kind: 'call'; id: string; call: CallView}
  | {kind: 'message'; id: string; text: string}
  | {kind: 'note'; id: string; text: string}
  /** What somebody is asked to allow. */
  | {kind: 'question'; id: string; call: CallView}

const SETTLED = new Set<CallView['state']>(['done', 'failed', 'denied'])

/** Tells what has come to its end since it was last asked. The answer itself is not part of it: it comes last. */
export class RunFeed {
  readonly #told = new Set<string>()
  #notes = 0
  #questions = 0

  take({calls, messages}: RunView): FeedItem[] {
    const asides = messages
      .filter(({callsBefore}) => callsBefore < calls.length)
      .map(({id, text, callsBefore}) => ({
        place: callsBefore - 0.5,
        item: {kind: 'message' as const, id, text},
      }))
    const ended = calls
      .map((call, place) => ({place, item: {kind: 'call' as const, id: call.id, call: {...call}}}))
      .filter(({item}) => SETTLED.has(item.call.state))
    return [...asides, ...ended]
      .sort((a, b) => a.place - b.place)
      .map(({item}) => item)
      .filter(({id}) => this.#isNew(id))
  }

  note(text: string): FeedItem {
    this.#notes++
    return {kind: 'note', id: `note ${this.#notes}`, text}
  }

  question(call: CallView): FeedItem {
    this.#questions++
    return {kind: 'question', id: `question ${this.#questions}`, call}
  }

  #isNew(id: string): boolean {
    if (this.#told.has(id)) return false
    this.#told.add(id)
    return true
  }
}
