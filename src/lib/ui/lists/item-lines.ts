import {type Line, type Segment, segment} from '../text/segments.ts'
import {clampLines, wrapParts, wrapSegments} from '../text/wrap.ts'
import type {ListItem} from './list-item.ts'

const INDENT = '  '

export interface ItemLinesOptions {
  width: number
  isSelected: boolean
  /** Lines shown of each paragraph; the rest is one key away. */
  paragraphLinesMax: number
}

/** An item as the list on a screen shows it. Selected or not, it is equally high: walking moves nothing else. */
export function itemLines(item: ListItem, options: ItemLinesOptions): Line[] {
  const inner = Math.max(1, options.width - INDENT.length)
  const head = wrapParts(item.head, inner)
  const body = item.body.flatMap((paragraph) =>
    clampLines(wrapSegments(paragraph, inner), options.paragraphLinesMax, inner),
  )
  const pointer = options.isSelected ? segment('❯ ', 'accent') : segment(INDENT)
  return [
    ...head.map((line, index) => [index === 0 ? pointer : segment(INDENT), ...line]),
    ...body.map((line): Segment[] => [segment(INDENT), ...line]),
  ]
}

/** An item in a pipe: nothing is wrapped or left out, and its ids stand below. */
export function plainItemLines(item: ListItem): Line[] {
  return [
    ...wrapParts(item.head, Number.POSITIVE_INFINITY),
    ...item.body.map((paragraph) => [segment(INDENT), ...paragraph]),
    ...item.ids.map((id) => [segment(INDENT), segment(id, 'dim')]),
  ]
}
