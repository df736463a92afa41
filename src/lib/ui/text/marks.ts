import {safeLine} from './safe-text.ts'
import {type Segment, segment} from './segments.ts'

const MARKED = />>>(.*?)<<</g

/**
 * A snippet as segments: what stands between `>>>` and `<<<` is marked. Where no colour can show that (a pipe,
 * NO_COLOR), `keepMarks` leaves the signs themselves in the text.
 */
export function snippetSegments(snippet: string, options: {keepMarks: boolean}): Segment[] {
  const text = safeLine(snippet)
  const segments: Segment[] = []
  let end = 0
  for (const match of text.matchAll(MARKED)) {
    segments.push(segment(text.slice(end, match.index)))
    segments.push(segment(options.keepMarks ? match[0] : (match[1] ?? ''), 'mark'))
    end = match.index + match[0].length
  }
  segments.push(segment(text.slice(end)))
  return segments.filter((piece) => piece.text !== '')
}
