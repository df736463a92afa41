import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, segment} from '../text/segments.ts'
import {homePath} from './home-path.ts'

export interface UndoView {
  /** A sentence. */
  title: string
  files: {path: string; purpose?: string; outcome: 'restored' | 'cleaned' | 'deleted' | 'left'}[]
  home: string
}

const OUTCOMES = {
  restored: {sign: '~', says: 'as it was before'},
  cleaned: {sign: '~', says: 'changed since; without what is ours'},
  deleted: {sign: '-', says: 'goes'},
  left: {sign: ' ', says: 'changed since, and stays: look at it yourself'},
} as const

/** What becomes of each file that setup has touched. */
export function undoText({title, files, home}: UndoView, options: {color: boolean}): string {
  const lines: Line[] = [[segment(safeLine(title), 'strong')], []]
  for (const {path, outcome} of files) {
    const {sign, says} = OUTCOMES[outcome]
    lines.push([segment(`${sign} `, 'accent'), segment(homePath(path, home)), segment(`  ${says}`, 'dim')])
  }
  return renderLines(lines, options)
}
