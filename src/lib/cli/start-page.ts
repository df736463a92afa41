import {PRODUCT} from '../config/product.ts'
import {printLine} from './output.ts'

const FIRST_STEPS = [
  ['bmfote import claude-code', 'read the history that is already on this machine'],
  ['bmfote search what was the ICP', 'find it again, in plain words'],
  ['bmfote remember "We ship on Tuesdays"', 'write something down'],
  ['bmfote server start', 'share it with every tool, over REST and MCP'],
] as const

/** What a person sees who types `bmfote` and nothing else. */
export function showStartPage(): void {
  const width = Math.max(...FIRST_STEPS.map(([command]) => command.length))
  const steps = FIRST_STEPS.map(([command, what]) => `  $ ${command.padEnd(width)}  ${what}`)
  const title = `${PRODUCT.name} ${PRODUCT.version}\n${PRODUCT.description}`
  printLine([title, '', ...steps, '', `All commands: ${PRODUCT.name} help`].join('\n'))
}
