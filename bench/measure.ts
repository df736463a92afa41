/** Figures that hold on a noisy machine: what is compared runs in turn, in one run, and is given as a ratio. */

export interface Row {
  what: string
  /** The figure of ours, with its unit. */
  ours: string
  baseline: string
  baselineFigure: string
  /** Ours over the baseline. */
  ratio: number
  goal?: string
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)
  return sorted[rank] ?? Number.NaN
}

export async function timeMs(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Runs both in turn, so that a change of the machine's speed hits both; the milliseconds of each round. */
export async function inTurn(
  rounds: number,
  ours: (round: number) => unknown,
  baseline: (round: number) => unknown,
): Promise<{ours: number[]; baseline: number[]}> {
  const times = {ours: [] as number[], baseline: [] as number[]}
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await timeMs(() => ours(round)))
    times.baseline.push(await timeMs(() => baseline(round)))
  }
  return times
}

export function printTable(title: string, rows: readonly Row[]): void {
  const header = ['', 'bmfote', 'baseline', '', 'ratio', 'goal']
  const lines = rows.map((row) => [
    row.what,
    row.ours,
    row.baseline,
    row.baselineFigure,
    row.ratio.toFixed(2),
    row.goal ?? '',
  ])
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const format = (line: string[]) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  console.log(`\n${title}\n${format(header)}\n${lines.map(format).join('\n')}`)
}
