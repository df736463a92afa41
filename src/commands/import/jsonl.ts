import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {Args} from '@oclif/core'
import {importJsonl} from '../../lib/capture/import-jsonl.ts'
import {ImportCommand} from '../../lib/cli/import-command.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {importOutcomeText} from '../../lib/ui/import-summary.ts'
import type {ProgressBar} from '../../lib/ui/progress.ts'
import {count} from '../../lib/ui/text/count.ts'

export default class ImportJsonl extends ImportCommand {
  static override summary = 'read JSON lines: an export, or messages from elsewhere'
  static override description =
    `Lines of bmfote export come back as they were. Other lines are messages as POST /api/messages takes them. With --workspace \
everything goes there, whatever the lines name. It can be repeated: what is there is not doubled.`

  static override examples = [
    '<%= config.bin %> import jsonl memory.jsonl',
    'gunzip --stdout research.jsonl.gz | <%= config.bin %> import jsonl - --workspace research --json',
  ]

  static override args = {
    file: Args.string({description: 'the file, or - for standard input', required: true, ignoreStdin: true}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ImportJsonl)
    const {summary, place} = await this.runImport(flags, async (context, {signal, progress}) => {
      const input = await openInput(args.file, progress)
      return importJsonl(context.memory, context.caller, input.chunks(), {
        intoWorkspaceId: context.workspaceId,
        signal,
        onProgress: ({messages}) => input.show(count(messages, 'message')),
        onWait: ({seconds, reason}) => input.show(`waiting ${seconds} s: ${reason}`),
      })
    })
    const problems = summary.problems.map(({line, reason}) => `line ${line}: ${reason}`)
    this.log(importOutcomeText({...summary, problems, notes: [], place}))
    this.noteStop(summary)
    return toWire(summary)
  }
}

/** The bytes of a file or of standard input, and a bar that knows how many of them have been read. */
async function openInput(file: string, progress: ProgressBar) {
  const bytes = file === '-' ? undefined : (await stat(file)).size
  const stream: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file)
  let bytesDone = 0
  return {
    async *chunks() {
      for await (const chunk of stream) {
        bytesDone += chunk.length
        yield chunk
      }
    },
    show: (text: string) => progress.update({share: bytes ? bytesDone / bytes : undefined, text}),
  }
}
