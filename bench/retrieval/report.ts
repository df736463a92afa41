import {percentile} from '../measure.ts'
import type {Question} from './data-set.ts'
import {type Answer, compare, LEVELS, type Level} from './evaluate.ts'
import {METRICS, meanScore, type Score} from './metrics.ts'

const HEADINGS: Record<keyof Score, string> = {
  any1: 'any@1',
  any5: 'any@5',
  any10: 'any@10',
  mrr: 'MRR',
  frac1: 'frac@1',
  frac5: 'frac@5',
  frac10: 'frac@10',
  ndcg10: 'NDCG@10',
}

/** Answers by engine; the first is ours, the second what it is compared with. */
export type Results = ReadonlyMap<string, readonly Answer[]>

export function reportFigures(results: Results): string {
  return LEVELS.map((level) => section(level, results)).join('\n\n')
}

function section(level: Level, results: Results): string {
  const heading = ['', ...METRICS.map((metric) => HEADINGS[metric])]
  const lines = [...results].map(([name, answers]) => [name, ...figures(level, answers)])
  return `By ${level}\n${table([heading, ...lines])}`
}

/** Percent, but for the two that are means of something else. */
function figures(level: Level, answers: readonly Answer[]): string[] {
  const mean = meanScore(answers.map(({score}) => score[level]))
  return METRICS.map((metric) => {
    const value = mean[metric]
    return metric === 'mrr' || metric === 'ndcg10' ? value.toFixed(3) : (100 * value).toFixed(1)
  })
}

/** Each engine's any@1 / any@5 / MRR, a line a category. */
export function reportCategories(results: Results): string {
  return reportParts(results, 'category', ({category}) => category)
}

/** The same, a line a workspace: shows whether a mean is carried by one of them. */
export function reportWorkspaces(results: Results): string {
  return reportParts(results, 'workspace', ({workspace}) => workspace)
}

function reportParts(results: Results, part: string, partOf: (question: Question) => string): string {
  const [first = []] = results.values()
  const parts = [...new Set(first.map(({question}) => partOf(question)))].sort()
  const names = [...results.keys()].slice(0, 2)
  const heading = [
    '',
    'questions',
    ...LEVELS.flatMap((level) => names.map((name) => `${level}, ${name}`)),
    'ranked lower, by turn',
  ]
  const lines = parts.map((value) => {
    const of = (name: string) => (results.get(name) ?? []).filter(({question}) => partOf(question) === value)
    const cells = LEVELS.flatMap((level) => names.map((name) => shortFigures(level, of(name))))
    const {worse} = compare(of(names[0] ?? ''), of(names[1] ?? ''), 'turn')
    return [`${part} ${value}`, String(of(names[0] ?? '').length), ...cells, String(worse)]
  })
  return `By ${part}: any@1 / any@5 / MRR\n${table([heading, ...lines])}`
}

function shortFigures(level: Level, answers: readonly Answer[]): string {
  const {any1, any5, mrr} = meanScore(answers.map(({score}) => score[level]))
  return `${(100 * any1).toFixed(1)} / ${(100 * any5).toFixed(1)} / ${mrr.toFixed(3)}`
}

export function reportLosses(results: Results, options: {shown: number}): string {
  const [[ours = '', answers = []] = [], [other = '', others = []] = []] = [...results]
  const lines = LEVELS.map((level) => {
    const {better, same, worse, lost} = compare(answers, others, level)
    return [level, String(better), String(same), String(worse), String(lost.length)]
  })
  const heading = ['', 'ranked higher', 'the same', 'ranked lower', 'lost from the first ten']
  const lost = compare(answers, others, 'turn').lost.slice(0, options.shown)
  const examples = lost.map(
    ({question}) => `  [${question.workspace}, ${question.category}] ${question.query}`,
  )
  return `${ours} against ${other}, by the first right answer\n${[table([heading, ...lines]), ...examples].join('\n')}`
}

export function reportTimes(results: Results): string {
  const lines = [...results].map(([name, answers]) => {
    const times = answers.map(({ms}) => ms)
    return [name, ...[50, 95, 100].map((percent) => `${percentile(times, percent).toFixed(1)} ms`)]
  })
  return `A question\n${table([['', 'p50', 'p95', 'longest'], ...lines])}`
}

function table(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
