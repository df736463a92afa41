// `npm run check`: all that can be said of the sources without running the product. Under a minute.
import './node-version.mjs'
import {runScript, runTool, say, setUp} from './bootstrap.mjs'
import {summaryLine} from './test-summary.mjs'

/** @type {{name: string, tool: string, args: string[]}[]} */
const CHECKS = [
  {name: 'format and lint', tool: 'biome', args: ['check', '.']},
  {name: 'types', tool: 'tsc', args: ['-p', '.']},
  {name: 'layers', tool: 'vitest', args: ['run', 'test/repo/layers.test.ts']},
  {name: 'generated files', tool: 'bun', args: ['scripts/generate.ts', '--check']},
]

await runScript(async () => {
  await setUp()
  const failed = []
  for (const {name, tool, args} of CHECKS) {
    say(`\n— ${name}: ${tool} ${args.join(' ')}`)
    if ((await runTool(tool, args)) !== 0) failed.push(name)
  }
  if (failed.length > 0)
    say(`\nNot in order: ${failed.join(', ')}. \`npm run fix\` mends format and imports.`)
  console.log(summaryLine({passed: CHECKS.length - failed.length, failed: failed.length, skipped: 0}))
  return failed.length > 0 ? 1 : 0
})
