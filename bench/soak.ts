/**
 * The full figures, which take too long for every change:
 *
 *   npm run soak                  everything
 *   npm run soak -- kill load     only these
 */
import {runFaultStorm} from '../test/helpers/fault-storm.ts'
import {backupUnderLoad} from './backup-under-load.ts'
import {killDuringIngest} from './kill-during-ingest.ts'
import {load} from './load.ts'
import {printTable} from './measure.ts'
import {benchSearch} from './search.ts'
import {soakHooks} from './soak-hooks.ts'
import {soakImport} from './soak-import.ts'

const PARTS: Record<string, () => Promise<unknown>> = {
  /** 100,000 messages, and the server killed 50 times meanwhile. */
  kill: () => killDuringIngest({messages: 100_000, kills: 50}),
  /** Twenty backups while messages come in, each restored and checked. */
  backup: () => backupUnderLoad({backups: 20, pauseMs: 2_000}),
  /** 100,000 writes of one message each. */
  writes: () => load({seconds: 3_600, writesMax: 100_000}),
  /** 10,000 writes to a remote database, and through a replica of it, while everything happens to it that can. */
  faults: async () => ({
    remote: await runFaultStorm({mode: 'remote', writes: 10_000}),
    replica: await runFaultStorm({mode: 'replica', writes: 10_000}),
  }),
  /** Ten minutes of writes and searches. */
  load: () => load({seconds: 600}),
  /** 200 turns of Claude Code by the real hooks, and the server killed at random meanwhile. */
  hooks: () => soakHooks({turns: 200, seed: 1}),
  /** A history of 500 MB. */
  import: () => soakImport(),
  /** A million messages. */
  million: async () =>
    printTable(
      'Search, 1,000,000 messages',
      await benchSearch({messages: 1_000_000, queries: 20, baselineQueries: 5}),
    ),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in PARTS))
if (unknown.length > 0) {
  console.error(`There is no part "${unknown.join(', ')}": ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}
for (const [name, run] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n${name} …`)
  const report = await run()
  if (report !== undefined) console.log(JSON.stringify(report, null, 2))
}
