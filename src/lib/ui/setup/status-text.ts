import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, type Style, segment} from '../text/segments.ts'
import {homePath} from './home-path.ts'

export interface StatusView {
  program: {path: string; state: string; version?: string}
  /** Where the memory is, and whether it answers, a sentence. */
  memory: {sentence: string; isWell: boolean}
  /** What waits to be delivered. */
  waiting: {events: number; oldestAt?: string}
  tools: {title: string; state: string; version?: string; onMachine: boolean; problems: string[]}[]
  home: string
}

const STATE_STYLES: Record<string, Style> = {
  working: 'accent',
  current: 'accent',
  outdated: 'strong',
  broken: 'bad',
  missing: 'bad',
}

/** What is set up where, in which version, working or not. */
export function statusText(view: StatusView, options: {color: boolean}): string {
  const {program, memory, waiting, tools, home} = view
  const rows = [
    row('program', program.state, [program.version, homePath(program.path, home)]),
    row('memory', memory.isWell ? 'answers' : 'broken', [memory.sentence]),
    row('waiting', String(waiting.events), [
      waiting.oldestAt ? `events, since ${waiting.oldestAt}` : 'events',
    ]),
    ...tools.flatMap(toolRows),
  ]
  return renderLines(rows, options)
}

function toolRows({title, state, version, onMachine, problems}: StatusView['tools'][number]): Line[] {
  const notes = [
    version === undefined ? undefined : `by ${version}`,
    onMachine ? undefined : 'not found on this machine',
  ]
  return [
    row(title, state, notes),
    ...problems.map((problem) => [segment(`${' '.repeat(NAME_COLUMNS)}${safeLine(problem)}`)]),
  ]
}

const NAME_COLUMNS = 13
const STATE_COLUMNS = 12

function row(name: string, state: string, notes: (string | undefined)[]): Line {
  const rest = notes.filter((note) => note !== undefined && note !== '').join(', ')
  return [
    segment(name.padEnd(NAME_COLUMNS)),
    segment(state.padEnd(STATE_COLUMNS), STATE_STYLES[state] ?? 'plain'),
    segment(safeLine(rest), 'dim'),
  ]
}
