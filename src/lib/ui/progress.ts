import {safeLine} from './text/safe-text.ts'
import {lineText, segment} from './text/segments.ts'
import {truncateLine} from './text/wrap.ts'
import {ansiStyle} from './theme.ts'

export interface ProgressState {
  /** 0 to 1; undefined when nobody knows how much there is. */
  share?: number
  /** Shown at once: how far it is. */
  text: string
}

export interface ProgressBar {
  update(state: ProgressState): void
  /** Takes the bar away again: what is said next starts on a clean line. */
  clear(): void
}

interface Output {
  write(text: string): unknown
  columns?: number
}

export interface ProgressOptions {
  /** Undefined where nobody watches (a log, a pipe): nothing is drawn then. */
  output: Output | undefined
  color: boolean
  nowMs?: () => number
}

/** Quick enough to look alive, rare enough to cost nothing. */
const REDRAW_MS = 100
const ERASE_LINE = '\r\u001b[K'
const DEFAULT_COLUMNS = 80

/** One line that is drawn over and over. */
export function openProgress({
  output,
  color,
  nowMs = performance.now.bind(performance),
}: ProgressOptions): ProgressBar {
  if (!output) return {update: () => undefined, clear: () => undefined}
  let drawnAtMs = Number.NEGATIVE_INFINITY
  return {
    update(state) {
      if (nowMs() - drawnAtMs < REDRAW_MS) return
      drawnAtMs = nowMs()
      // The last column stays free: some terminals wrap as soon as it is written.
      output.write(
        ERASE_LINE + progressLine(state, {columns: (output.columns ?? DEFAULT_COLUMNS) - 1, color}),
      )
    },
    clear() {
      if (drawnAtMs > Number.NEGATIVE_INFINITY) output.write(ERASE_LINE)
    },
  }
}

/** `██████░░░░  45%  12,345 messages`; the bar takes a third of the line. */
export function progressLine(
  {share, text}: ProgressState,
  options: {columns: number; color: boolean},
): string {
  const {columns, color} = options
  if (share === undefined) return lineText(truncateLine([segment(safeLine(text))], columns))
  const whole = Math.max(0, Math.min(1, share))
  const cells = Math.max(4, Math.floor(columns / 3))
  const full = Math.round(whole * cells)
  const percent = `${String(Math.floor(whole * 100)).padStart(3)}%`
  const rest = truncateLine([segment(` ${percent}  ${safeLine(text)}`)], Math.max(1, columns - cells))
  return (
    ansiStyle('█'.repeat(full), 'accent', color) +
    ansiStyle('░'.repeat(cells - full), 'dim', color) +
    lineText(rest)
  )
}
