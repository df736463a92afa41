// `npm test`: everything set up and built, then every test, those of the Python client too. Arguments go to vitest:
// `npm test -- src/lib/memory`; those that begin with client/ go to pytest: `npm test -- client/tests/test_spool.py`.
import './node-version.mjs'
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT, runScript, runTool, say, setUp} from './bootstrap.mjs'
import {pythonEnvironment} from './python-env.mjs'
import {addUp, countPytest, countVitest, summaryLine} from './test-summary.mjs'

const REPORT = join(ROOT, 'tmp', 'vitest-report.json')
const PYTHON_REPORT = join(ROOT, 'tmp', 'pytest-report.xml')

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
  const args = process.argv.slice(2)
  const isOfPython = (/** @type {string} */ arg) => /^client(\/|$)/.test(arg)
  const others = args.filter((arg) => !isOfPython(arg))
  const counts = []
  if (args.length === 0 || others.length > 0) counts.push(await runVitest(others))
  if (args.length === 0 || others.length < args.length) counts.push(runPytest(args.filter(isOfPython)))
  return counts
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

/**
 * A machine without Python can work on the rest all the same; where a change is judged, there is one.
 * @param {string[]} args
 */
function runPytest(args) {
  const environment = pythonEnvironment()
  if ('reason' in environment) {
    say(`The Python client was not tested: ${environment.reason}.`)
    return {passed: 0, failed: process.env.CI ? 1 : 0, skipped: 0}
  }
  rmSync(PYTHON_REPORT, {force: true})
  const paths = args.map((arg) => join(ROOT, arg))
  const {status} = spawnSync(
    environment.python,
    [
      '-m',
      'pytest',
      '--rootdir',
      join(ROOT, 'client'),
      '-c',
      join(ROOT, 'client', 'pyproject.toml'),
      '-q',
      `--junitxml=${PYTHON_REPORT}`,
      ...paths,
    ],
    {cwd: join(ROOT, 'client'), stdio: 'inherit', env: {...process.env, PYTHONDONTWRITEBYTECODE: '1'}},
  )
  const counts = existsSync(PYTHON_REPORT)
    ? countPytest(readFileSync(PYTHON_REPORT, 'utf8'))
    : {passed: 0, failed: 0, skipped: 0}
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}
