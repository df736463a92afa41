import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {compileEmpty} from '../scripts/build/compile.ts'
import {BINARY} from '../test/helpers/run-binary.ts'
import {median, printTable, type Row} from './measure.ts'

interface Start {
  what: string
  args: string[]
  goal?: string
}

const STARTS: readonly Start[] = [
  {what: 'hook, the path before anything is done', args: ['hook', 'stop'], goal: '≤ 2'},
  {what: '--version', args: ['--version'], goal: '≤ 4'},
  {what: 'search, one hit in the local file', args: ['search', 'ICP'], goal: '≤ 8'},
  {what: 'search --json, the same', args: ['search', 'ICP', '--json'], goal: '≤ 8'},
  {what: 'remember', args: ['remember', 'Friday is for reviews']},
  {what: 'help', args: ['help']},
]

/** The first starts of a file that has just been written find nothing of it in the system's cache. */
const WARM_UPS = 3

/** From the start of the process to its end, against a program with nothing in it, made by the same bun in the same way. */
export async function benchStartup({rounds}: {rounds: number}): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'bmfote-bench-startup-'))
  try {
    const empty = join(home, 'empty')
    const source = join(home, 'empty.ts')
    writeFileSync(source, '')
    await compileEmpty({entrypoint: source, outfile: empty})
    mkdirSync(join(home, 'work'))
    const run = (program: string, args: string[]) => timeStart(program, args, home)
    run(BINARY, ['remember', 'The ICP is law firms with 5 to 20 people'])

    const times = {empty: [] as number[], ours: STARTS.map(() => [] as number[])}
    for (let round = -WARM_UPS; round < rounds; round++) {
      const emptyMs = run(empty, [])
      const ours = STARTS.map(({args}) => run(BINARY, args))
      if (round < 0) continue
      times.empty.push(emptyMs)
      for (const [index, ms] of ours.entries()) times.ours[index]?.push(ms)
    }
    return STARTS.map((start, index) => describe(start, times.ours[index] ?? [], times.empty))
  } finally {
    rmSync(home, {recursive: true, force: true})
  }
}

function timeStart(program: string, args: string[], home: string): number {
  const env = {PATH: process.env.PATH, HOME: home, BMFOTE_HOME: join(home, 'bmfote'), TMPDIR: tmpdir()}
  const start = performance.now()
  const {status, stderr} = spawnSync(program, args, {cwd: join(home, 'work'), env, input: '{}'})
  const ms = performance.now() - start
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return ms
}

function describe({what, goal}: Start, ours: number[], empty: number[]): Row {
  return {
    what,
    ours: `${median(ours).toFixed(1)} ms`,
    baseline: 'empty bun binary',
    baselineFigure: `${median(empty).toFixed(1)} ms`,
    ratio: median(ours) / median(empty),
    goal,
  }
}

if (import.meta.main) {
  const {values} = parseArgs({options: {rounds: {type: 'string', default: '40'}}})
  const rounds = Number(values.rounds)
  printTable(`Start-up, median of ${rounds} (ratio of time)`, await benchStartup({rounds}))
}
