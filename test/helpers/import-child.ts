/**
 * An import in a process of its own, to be killed or to be given little memory: `node import-child.ts FOLDER`. Says on
 * standard output how far it is, and at the end how much it stored.
 */
import {join} from 'node:path'
import {importTranscripts} from '../../src/lib/capture/import-transcripts.ts'
import {claudeCode} from '../../src/lib/capture/transcripts/claude-code.ts'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {OWNER} from './callers.ts'

const folder = process.argv[2] ?? '.'
const path = join(folder, 'memory.db')
const memory = await openLocalMemory({path})
const summary = await importTranscripts(memory, OWNER, {
  source: claudeCode,
  paths: [join(folder, 'projects')],
  statePath: join(folder, 'import.json'),
  destination: path,
  onProgress: ({messages}) => process.stdout.write(`at ${messages}\n`),
})
await memory.close()
process.stdout.write(`stored ${summary.stored}\n`)
