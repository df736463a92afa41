import type {Line} from './text/segments.ts'
import {ansiStyle} from './theme.ts'

export function renderLines(lines: Line[], options: {color: boolean}): string {
  return lines
    .map((line) =>
      line
        .map(({text, style}) => ansiStyle(text, style, options.color))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}
