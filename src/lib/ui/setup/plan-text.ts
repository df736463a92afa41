import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, segment} from '../text/segments.ts'
import {homePath} from './home-path.ts'

export interface PlanView {
  /** What the plan is for, a sentence. */
  title: string
  /** The program's own copy, where something is done about it. */
  program?: {path: string; action: string}
  changes: {
    path: string
    purpose: string
    action: 'create' | 'edit' | 'delete'
    details: {sign: string; text: string}[]
  }[]
  /** Sentences. */
  remarks: string[]
  home: string
}

const SIGNS = {create: '+', edit: '~', delete: '-'} as const

/** What would be done, file by file. */
export function planText(view: PlanView, options: {color: boolean}): string {
  const {title, program, changes, remarks, home} = view
  const lines: Line[] = [[segment(safeLine(title), 'strong')], []]
  if (program) lines.push(fileLine('+', homePath(program.path, home), program.action))
  for (const {action, path, purpose, details} of changes) {
    lines.push(fileLine(SIGNS[action], homePath(path, home), purpose))
    if (action !== 'edit' && details.length === 1) continue
    lines.push(...details.map(({sign, text}) => [segment(`    ${sign} ${safeLine(text)}`, 'dim')]))
  }
  return renderLines([...lines, ...remarkLines(remarks)], options)
}

export function remarkLines(remarks: readonly string[]): Line[] {
  return remarks.flatMap((remark) => [[], [segment('Note: ', 'strong'), segment(safeLine(remark))]])
}

function fileLine(sign: string, path: string, purpose: string): Line {
  return [segment(`${sign} `, 'accent'), segment(path), segment(`  ${safeLine(purpose)}`, 'dim')]
}
