import {ux} from '@oclif/core/ux'
import {PRODUCT} from '../config/product.ts'

const FIRST_STEPS = [
  ['bmfote import claude-code', 'read the history that is already on this machine'],
  ['bmfote search what was the ICP', 'find it again, in plain words'],
  ['bmfote remember "We ship on Tuesdays"', 'write something down'],
  ['bmfote server start', 'share it with every tool, over REST and MCP'],
] as const

export function showStartPage(): void {
  const width = Math.max(...FIRST_STEPS.map(([command]) => command.length))
  const steps = FIRST_STEPS.map(([command, what]) => `  $ ${command.padEnd(width)}  ${what}`)
  const lines = [
    `bmfote ${PRODUCT.version}: ${PRODUCT.description.toLowerCase()}`,
    '',
    ...steps,
    '',
    'All commands: bmfote help',
  ]
  ux.stdout(lines.join('\n'))
}
