import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, segment} from '../text/segments.ts'

export interface ChangeView {
  what: string
  from: string | null
  to: string | null
}

const VALUE_CHARS_MAX = 120

/** Each difference as `what: before → after`. */
export function changesText(changes: readonly ChangeView[], options: {color: boolean}): string {
  return renderLines(changes.map(changeLine), options)
}

function changeLine({what, from, to}: ChangeView): Line {
  const before = from === null || from === '' ? [] : [segment(short(from), 'dim'), segment(' → ', 'dim')]
  return [
    segment('  '),
    segment(safeLine(what), 'strong'),
    segment(': '),
    ...before,
    segment(short(to ?? 'nothing')),
  ]
}

function short(value: string): string {
  const line = safeLine(value)
  return line.length > VALUE_CHARS_MAX ? `${line.slice(0, VALUE_CHARS_MAX)}…` : line
}
