import {renderLines} from '../print.ts'
import {safeLine} from '../text/safe-text.ts'
import {type Line, segment} from '../text/segments.ts'

export interface AgentView {
  id: string
  name: string
  version: number
  model: string
  wired: boolean
  reasons: readonly string[]
}

/** Two or more lines for each agent: who it is, and whether it has the memory, or why not. */
export function agentListText(agents: readonly AgentView[], options: {color: boolean}): string {
  return renderLines(agents.flatMap(agentLines), options)
}

function agentLines({id, name, version, model, wired, reasons}: AgentView): Line[] {
  const title = [
    segment(safeLine(id), 'accent'),
    segment('  '),
    segment(safeLine(name), 'strong'),
    segment(`  version ${version}, ${safeLine(model)}`, 'dim'),
  ]
  if (wired) return [title, [segment('  wired')]]
  return [title, ...reasons.map((reason) => [segment('  not wired: ', 'bad'), segment(safeLine(reason))])]
}
