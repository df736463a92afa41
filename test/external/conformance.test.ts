import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'
import {tempFolder} from '../helpers/temp-folder.ts'
import {NOT_APPLICABLE, PASSING} from './conformance-scenarios.ts'
import {type BinaryServer, runNode, startServerBinary} from './program.ts'

interface Check {
  id: string
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  errorMessage?: string
}

const RUNS = [
  {suite: 'conformance', args: ['--suite', 'all', '--spec-version', '2025-06-18']},
  {suite: 'conformance', args: ['--suite', 'all', '--spec-version', '2025-11-25']},
  {suite: 'conformance-next', args: ['--requirements', '2025-11-25']},
  {suite: 'conformance-next', args: ['--requirements', '2026-07-28']},
]

let server: BinaryServer
beforeAll(async () => {
  server = await startServerBinary()
})
afterAll(() => server.stop())

describe.each(RUNS)('$suite $args', ({suite, args}) => {
  test('passes every scenario that is about what bmfote offers', async () => {
    const results = tempFolder()
    const cwd = join(inject('strangers'), 'node_modules/@modelcontextprotocol', suite)

    await runNode(['dist/index.js', 'server', '--url', `${server.url}/mcp`, ...args, '-o', results], {cwd})

    const scenarios = readScenarios(results)
    const failed = scenarios.filter(({checks}) => checks.some(({status}) => status === 'FAILURE'))
    const unexpected = failed.flatMap(({name, checks}) => unexpectedFailures(name, checks))
    expect(unexpected).toEqual([])
    expect(scenarios.length).toBeGreaterThan(20)
    const names = scenarios.map(({name}) => name)
    const failedNames = failed.map(({name}) => name)
    expect(failedNames.filter((name) => PASSING.includes(name))).toEqual([])
    // Nobody who reads the list below should find a scenario missing from both of its halves.
    expect(names.filter((name) => !PASSING.includes(name) && !(name in NOT_APPLICABLE))).toEqual([])
  })
})

function unexpectedFailures(scenario: string, checks: Check[]): string[] {
  const reason = NOT_APPLICABLE[scenario]
  return checks
    .filter(({id, status}) => status === 'FAILURE' && !(reason && (reason.checks?.includes(id) ?? true)))
    .map(({id, errorMessage}) => `${scenario}, ${id}: ${errorMessage}`)
}

/** The suite writes a folder for each scenario: `server-<scenario>-<date>/checks.json`. */
function readScenarios(folder: string): {name: string; checks: Check[]}[] {
  return readdirSync(folder).map((entry) => ({
    name: entry.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, ''),
    checks: JSON.parse(readFileSync(join(folder, entry, 'checks.json'), 'utf8')),
  }))
}
