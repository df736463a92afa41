/**
 * Imports a large history in a process of its own and tells what it cost:
 *
 *   bun bench/soak-import.ts --megabytes 500
 */
import {execFile} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs, promisify} from 'node:util'
import {importTranscripts} from '../src/lib/capture/import-transcripts.ts'
import {claudeCode} from '../src/lib/capture/transcripts/claude-code.ts'
import {openLocalMemory} from '../src/lib/memory/local-memory.ts'
import {type Caller, SHARED_PRINCIPAL} from '../src/lib/model/principal.ts'
import {writeClaudeCodeHistory} from './messages/claude-code-history.ts'

export interface ImportSoakResult {
  historyBytes: number
  messages: number
  seconds: number
  /** The most memory that the process ever held, the runtime included. */
  peakRssBytes: number
}

/** @throws when messages are missing or doubled, or when the import took more memory than it may. */
export async function soakImport(
  options: {megabytes?: number; rssBytesMax?: number} = {},
): Promise<ImportSoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bmfote-soak-import-'))
  try {
    const bytes = (options.megabytes ?? 500) * 1_000_000
    const history = writeClaudeCodeHistory(join(folder, 'projects'), {bytes, count: bytes / 1_000})
    const first = await importInChild(folder)
    if (first.stored !== history.messages)
      throw new Error(`${history.messages} were written, ${first.stored} stored.`)
    const again = await importInChild(folder)
    if (again.stored !== 0) throw new Error(`The second import sent ${again.stored} messages again.`)
    const rssBytesMax = options.rssBytesMax ?? 200_000_000
    if (first.peakRssBytes > rssBytesMax)
      throw new Error(`The import took ${first.peakRssBytes} bytes of memory.`)
    const {seconds, peakRssBytes} = first
    return {historyBytes: history.bytes, messages: history.messages, seconds, peakRssBytes}
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

interface ChildReport {
  stored: number
  seconds: number
  peakRssBytes: number
}

async function importInChild(folder: string): Promise<ChildReport> {
  const self = fileURLToPath(import.meta.url)
  const {stdout} = await promisify(execFile)(process.execPath, [self, '--child', folder])
  return JSON.parse(stdout) as ChildReport
}

async function importHere(folder: string): Promise<ChildReport> {
  const caller: Caller = {principal: SHARED_PRINCIPAL, requestId: 'soak', reason: 'soak'}
  const path = join(folder, 'memory.db')
  const memory = await openLocalMemory({path})
  const startMs = performance.now()
  const summary = await importTranscripts(memory, caller, {
    source: claudeCode,
    paths: [join(folder, 'projects')],
    statePath: join(folder, 'import.json'),
    destination: path,
  })
  const seconds = (performance.now() - startMs) / 1000
  await memory.close()
  // Kilobytes on Linux and macOS, under Node and bun.
  return {stored: summary.stored, seconds, peakRssBytes: process.resourceUsage().maxRSS * 1024}
}

if (import.meta.main) {
  const {values} = parseArgs({
    options: {child: {type: 'string'}, megabytes: {type: 'string', default: '500'}},
  })
  const result = values.child ? importHere(values.child) : soakImport({megabytes: Number(values.megabytes)})
  console.log(JSON.stringify(await result))
}
