// `npm test`: everything set up and built, then every test. Arguments go to vitest: `npm test -- src/lib/memory`.
import './node-version.mjs'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT, runScript, runTool, say, setUp} from './bootstrap.mjs'
import {addUp, countVitest, summaryLine} from './test-summary.mjs'

const REPORT = join(ROOT, 'tmp', 'vitest-report.json')

await runScript(async () => {
  const total = addUp(await runSuites())
  console.log(summaryLine(total))
  return total.failed > 0 ? 1 : 0
})

async function runSuites() {
  try {
    await setUp({build: 'when-stale'})
  } catch (error) {
    say(`\n${/** @type {Error} */ (error).message}`)
    return [{passed: 0, failed: 1, skipped: 0}]
  }
  return [await runVitest(process.argv.slice(2))]
}

/** @param {string[]} args */
async function runVitest(args) {
  rmSync(REPORT, {force: true})
  const code = await runTool('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...args,
  ])
  const counts = existsSync(REPORT)
    ? countVitest(JSON.parse(readFileSync(REPORT, 'utf8')))
    : {passed: 0, failed: 0, skipped: 0}
  // No test at all, an error outside every test, a crash of vitest itself: red, though no single test is.
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}
