import {joinSegments, type Line, lineText, type Segment, type Style, segment} from './segments.ts'
import {graphemes, graphemeWidth, textWidth} from './width.ts'

const TAB = '    '
const ELLIPSIS = '…'
const DOT = segment(' · ', 'dim')

interface Cell {
  text: string
  style: Style
  width: number
}

/** Breaks text into lines of at most `width` columns: at spaces, beside wide characters, else inside a long word. */
export function wrapSegments(segments: Segment[], width: number): Line[] {
  return splitAtNewlines(segments).flatMap((line) => wrapLine(line, width))
}

/** At most `max` lines; the last one says by its ellipsis that there is more. */
export function clampLines(lines: Line[], max: number, width: number): Line[] {
  if (lines.length <= max) return lines
  const kept = lines.slice(0, max)
  const last = kept.pop() ?? []
  return [...kept, truncateLine([...last, segment(ELLIPSIS, 'dim')], width, {always: true})]
}

/** One line of at most `width` columns, with an ellipsis where it was cut. */
export function truncateLine(line: Line, width: number, options: {always?: boolean} = {}): Line {
  const cells = toCells(line)
  const total = cells.reduce((sum, cell) => sum + cell.width, 0)
  if (total <= width) return line
  const kept: Cell[] = []
  let used = textWidth(ELLIPSIS)
  for (const cell of options.always ? cells.slice(0, -1) : cells) {
    if (used + cell.width > width) break
    used += cell.width
    kept.push(cell)
  }
  return joinSegments([...kept, segment(ELLIPSIS, 'dim')])
}

/** Parts with ` · ` between them, on as many lines as they need; a part is broken only when it alone is too long. */
export function wrapParts(parts: Segment[], width: number): Line[] {
  const given = parts.filter(({text}) => text !== '')
  // Without an end to the line nothing need be measured, which is dear at start-up.
  if (width === Number.POSITIVE_INFINITY)
    return [given.flatMap((part, index) => (index === 0 ? part : [DOT, part]))]
  const lines: Line[] = []
  let used = 0
  for (const part of given) {
    const partWidth = textWidth(part.text)
    const current = lines.at(-1)
    if (current && used + 3 + partWidth <= width) {
      current.push(DOT, part)
      used += 3 + partWidth
    } else {
      lines.push(...wrapSegments([part], width))
      used = textWidth(
        lines
          .at(-1)
          ?.map(({text}) => text)
          .join('') ?? '',
      )
    }
  }
  return lines
}

function splitAtNewlines(segments: Segment[]): Line[] {
  const lines: Line[] = [[]]
  for (const {text, style} of segments) {
    const pieces = text.replaceAll('\t', TAB).split('\n')
    pieces.forEach((piece, index) => {
      if (index > 0) lines.push([])
      if (piece !== '') lines.at(-1)?.push({text: piece, style})
    })
  }
  return lines
}

function wrapLine(line: Line, width: number): Line[] {
  // No character is wider than two columns: a short line need not be measured.
  if (lineText(line).length * 2 <= width) return [line]
  const cells = toCells(line)
  if (cells.reduce((sum, cell) => sum + cell.width, 0) <= width) return [line]
  const lines: Line[] = []
  let start = 0
  while (start < cells.length) {
    const end = lineEnd(cells, start, width)
    lines.push(joinSegments(trimEnd(cells.slice(start, end))))
    start = end
    while (cells[start]?.text === ' ') start += 1
  }
  return lines
}

/** Where the line that starts at `start` ends: always at least one cell further, or a narrow terminal would hang. */
function lineEnd(cells: Cell[], start: number, width: number): number {
  let used = 0
  let breakAt = start
  for (let index = start; index < cells.length; index += 1) {
    const cell = cells[index]
    if (!cell) break
    const previous = cells[index - 1]
    if (index > start && (previous?.text === ' ' || previous?.width === 2 || cell.width === 2))
      breakAt = index
    used += cell.width
    // A space may hang over the edge: it is trimmed away.
    if (used > width && cell.text !== ' ') return Math.max(breakAt > start ? breakAt : index, start + 1)
  }
  return cells.length
}

function trimEnd(cells: Cell[]): Cell[] {
  let end = cells.length
  while (end > 0 && cells[end - 1]?.text === ' ') end -= 1
  return cells.slice(0, end)
}

function toCells(line: Line): Cell[] {
  return line.flatMap(({text, style}) =>
    graphemes(text).map((grapheme) => ({text: grapheme, style, width: graphemeWidth(grapheme)})),
  )
}
