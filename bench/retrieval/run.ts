/**
 * How well the memory finds what was asked for, on a data set that is given:
 *
 *   npm run bench:retrieval -- --locomo locomo10.json
 *   npm run bench:retrieval -- --messages messages.jsonl --queries queries.jsonl
 *
 * `--losses 20` shows that many of the questions that plain FTS5 answers among its first ten and bmfote doesn't.
 */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {parseArgs} from 'node:util'
import {type DataSet, describeDataSet} from './data-set.ts'
import {openBmfote, openPlainEngines} from './engines.ts'
import {type Answer, evaluate} from './evaluate.ts'
import {readJsonl} from './read-jsonl.ts'
import {readLocomo} from './read-locomo.ts'
import {reportCategories, reportFigures, reportLosses, reportTimes, reportWorkspaces} from './report.ts'

const WORKSPACES_SHOWN_MAX = 20

const {values} = parseArgs({
  options: {
    locomo: {type: 'string'},
    messages: {type: 'string'},
    queries: {type: 'string'},
    losses: {type: 'string', default: '0'},
  },
})

const dataSet = await readDataSet()
if (!dataSet || dataSet.questions.length === 0) {
  console.error(
    'Name --locomo FILE, or --messages FILE and --queries FILE (JSON Lines), with questions in it.',
  )
  process.exit(2)
}
console.log(`${describeDataSet(dataSet)}\n`)
const results = await measure(dataSet)
console.log(
  [
    reportFigures(results),
    reportCategories(results),
    // Of a set of thousands of small workspaces it would be thousands of lines.
    ...(dataSet.workspaces.size <= WORKSPACES_SHOWN_MAX ? [reportWorkspaces(results)] : []),
    reportLosses(results, {shown: Number(values.losses)}),
    reportTimes(results),
  ].join('\n\n'),
)

async function readDataSet(): Promise<DataSet | undefined> {
  if (values.locomo) return readLocomo(fromCaller(values.locomo))
  if (!values.messages || !values.queries) return undefined
  return readJsonl({messages: fromCaller(values.messages), queries: fromCaller(values.queries)})
}

/** npm runs scripts in the folder of the package; the person named the file from where they are. */
function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path)
}

async function measure(dataSet: DataSet): Promise<Map<string, Answer[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'bmfote-bench-retrieval-'))
  try {
    const engines = [await openBmfote(folder, dataSet), ...(await openPlainEngines(folder, dataSet))]
    const results = new Map<string, Answer[]>()
    for (const engine of engines) results.set(engine.name, await evaluate(engine, dataSet))
    for (const engine of engines) await engine.close()
    return results
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
