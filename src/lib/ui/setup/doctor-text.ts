import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, type Style, segment} from '../text/segments.ts'

export interface FindingView {
  check: string
  state: 'ok' | 'warning' | 'problem'
  sentence: string
  fix?: string
}

const STATES: Record<FindingView['state'], {word: string; style: Style}> = {
  ok: {word: 'ok', style: 'accent'},
  warning: {word: 'look', style: 'strong'},
  problem: {word: 'wrong', style: 'bad'},
}
const STATE_COLUMNS = 7
const CHECK_COLUMNS = 13

/** One line for each finding, and below it what to do. */
export function doctorText(findings: readonly FindingView[], options: {color: boolean}): string {
  return renderLines(findings.flatMap(findingLines), options)
}

function findingLines({check, state, sentence, fix}: FindingView): Line[] {
  const {word, style} = STATES[state]
  const line = [
    segment(word.padEnd(STATE_COLUMNS), style),
    segment(check.padEnd(CHECK_COLUMNS)),
    segment(safeLine(sentence)),
  ]
  if (fix === undefined || state === 'ok') return [line]
  return [line, [segment(`${' '.repeat(STATE_COLUMNS + CHECK_COLUMNS)}→ ${safeLine(fix)}`)]]
}
