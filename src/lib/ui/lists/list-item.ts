import type {Segment} from '../text/segments.ts'
import type {Clock} from '../text/when.ts'

export interface ItemOptions {
  clock: Clock
  /** The signs `>>>` and `<<<` are shown where no colour can stand for them. */
  keepMarks: boolean
}

/** Which conversation an item opens, and around which message. */
export interface Target {
  uuid?: string
  sessionId: string
}

/** One entry of any list: search hits, recent messages, errors, sessions. */
export interface ListItem {
  /** Who, project, source, when. */
  head: Segment[]
  /** Paragraphs. */
  body: Segment[][]
  /** What to copy into the next command. */
  ids: string[]
  target: Target
}
