import {Flags} from '@oclif/core'
import {type ScanSummary, type StoredSecret, scanMemory} from '../lib/capture/scan-memory.ts'
import {EXIT_CODES} from '../lib/cli/exit-codes.ts'
import {ImportCommand} from '../lib/cli/import-command.ts'
import {toWire} from '../lib/memory/wire.ts'
import {DEFAULT_WORKSPACE} from '../lib/model/limits.ts'
import {scanSummaryText, secretText} from '../lib/ui/scan-report.ts'
import {count} from '../lib/ui/text/count.ts'

/** Of more than so many, `--json` holds the first and the counts. */
const SECRETS_LISTED_MAX = 10_000

export default class Scan extends ImportCommand {
  static override summary = 'look for secrets in what is stored'
  static override description =
    `What comes in now is redacted; this is for what came in before, or under older rules. It says of each secret its kind, when \
and where it was said, and the words around it, never the secret. --fix puts [redacted:kind] in its place; it can be stopped \
and said again. It ends with 1 while something is found that is not fixed.`

  static override examples = [
    '<%= config.bin %> scan',
    '<%= config.bin %> scan --fix',
    '<%= config.bin %> scan --workspace research --json',
  ]

  static override flags = {
    fix: Flags.boolean({description: 'put [redacted:kind] in the place of every secret'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(Scan)
    const {clock, color} = this.terminal
    const listed: StoredSecret[] = []
    const {summary, place} = await this.runImport(flags, async (context, {signal, progress}) => {
      const {memory, caller, workspaceId} = context
      const stored = (await memory.getStats(caller, {workspaceId: workspaceId ?? DEFAULT_WORKSPACE})).messages
      return scanMemory(memory, caller, {
        ...{workspaceId, signal, fix: flags.fix},
        onSecret: (secret) => {
          if (listed.length < SECRETS_LISTED_MAX && this.jsonEnabled()) listed.push(secret)
          progress.clear()
          this.log(`${secretText(secret, {clock, color})}\n`)
        },
        onProgress: ({messages, affected}) => {
          const text = `${count(messages, 'message')}, ${affected} with secrets`
          progress.update({share: stored === 0 ? undefined : messages / stored, text})
        },
        onWait: ({seconds, reason}) => progress.update({text: `waiting ${seconds} s: ${reason}`}),
      })
    })
    this.log(scanSummaryText(summary, {place}))
    this.conclude(summary, {isFix: flags.fix})
    const secretCount = summary.kinds.reduce((sum, kind) => sum + kind.count, 0)
    return toWire({...summary, secrets: listed, secretsCut: secretCount > listed.length})
  }

  private conclude({affected, fixed, interrupted}: ScanSummary, {isFix}: {isFix: boolean}): void {
    if (affected > fixed || interrupted) process.exitCode = EXIT_CODES.userCanFix
    if (interrupted) this.say('Stopped: what comes after was not looked at.')
    if (affected === 0) return
    if (!isFix) this.say('To put [redacted:kind] in the place of each: bmfote scan --fix')
    this.say(
      'Whoever could read the memory could read them, and so can who has a copy: revoke what still opens something.',
    )
  }
}
