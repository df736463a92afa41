import {Flags} from '@oclif/core'
import {exportJsonl} from '../lib/capture/export-jsonl.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {writeLinesToFile, writeLinesToStdout} from '../lib/cli/write-lines.ts'
import {count} from '../lib/ui/text/count.ts'
import {safeJsonText} from '../lib/ui/text/safe-text.ts'

export default class Export extends MemoryCommand {
  static override enableJsonFlag = false
  static override summary = 'write everything out as JSON lines'
  static override description =
    `One workspace: its sessions, then its messages, oldest first. bmfote import jsonl puts them back as they were, here or \
on another machine.`

  static override examples = [
    '<%= config.bin %> export --output memory.jsonl',
    '<%= config.bin %> export --workspace research | gzip > research.jsonl.gz',
  ]

  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'the file to write (default: standard output)',
      helpValue: 'FILE',
    }),
    session: Flags.string({description: 'only this session', helpValue: 'ID'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Export)
    await this.withMemory(flags, async ({memory, caller, workspaceId}) => {
      const lines = safeLines(exportJsonl(memory, caller, {workspaceId, sessionId: flags.session}))
      if (flags.output === undefined) return writeLinesToStdout(lines)
      const written = await writeLinesToFile(lines, flags.output)
      this.say(`${count(written, 'line')} written to ${flags.output}.`)
    })
  }
}

async function* safeLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield safeJsonText(line)
}
