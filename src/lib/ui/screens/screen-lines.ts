import {type Line, segment} from '../text/segments.ts'
import {truncateLine, wrapParts} from '../text/wrap.ts'

/** The size of the terminal, in characters. */
export interface ScreenSize {
  columns: number
  rows: number
}

export interface ScreenParts {
  title: string
  /** Right of the title: where one is in the whole. */
  position: string
  /** What is shown of the content; the screen is as high whatever it holds. */
  body: Line[]
  /** Names of things, to be copied. */
  footer: string[]
  keys: string[]
}

/** A screen this low keeps its lines for the content: the names of things go first. */
const LOW_ROWS = 12

/** The last row stays empty: a terminal scrolls when its last cell is written. */
const SPARE_ROWS = 1

export function bodyHeight(parts: Pick<ScreenParts, 'footer' | 'keys'>, size: ScreenSize): number {
  const around = 2 + bottomLines(parts, size).length
  return Math.max(1, size.rows - SPARE_ROWS - around)
}

/** A whole screen: title, body, what the body is about, and the keys that do something. */
export function screenLines(parts: ScreenParts, size: ScreenSize): Line[] {
  const height = bodyHeight(parts, size)
  const body = parts.body.slice(0, height)
  const filler: Line[] = Array.from({length: height - body.length}, () => [])
  const bottom = bottomLines(parts, size)
  const lines = [titleLine(parts, size.columns), [], ...body, ...filler, ...bottom]
  return lines.slice(0, Math.max(1, size.rows - SPARE_ROWS))
}

function titleLine({title, position}: ScreenParts, columns: number): Line {
  const room = Math.max(1, columns - position.length - 2)
  return [...truncateLine([segment(title, 'strong')], room), segment(`  ${position}`, 'dim')]
}

function bottomLines(
  {footer, keys}: Pick<ScreenParts, 'footer' | 'keys'>,
  {columns, rows}: ScreenSize,
): Line[] {
  const dim = (texts: string[]) =>
    wrapParts(
      texts.map((text) => segment(text, 'dim')),
      columns,
    )
  return [[], ...(rows < LOW_ROWS ? [] : dim(footer)), ...dim(keys)]
}
