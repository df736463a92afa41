import {hostname} from 'node:os'
import {join} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {
  type ImportProgress,
  type ImportSummary,
  importTranscripts,
} from '../../lib/capture/import-transcripts.ts'
import {claudeCode} from '../../lib/capture/transcripts/claude-code.ts'
import {ImportCommand} from '../../lib/cli/import-command.ts'
import {resolvePaths} from '../../lib/config/environment.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {importOutcomeText} from '../../lib/ui/import-summary.ts'
import {count} from '../../lib/ui/text/count.ts'

export default class ImportClaudeCode extends ImportCommand {
  static override summary = 'read the history that Claude Code keeps on this machine'
  static override description =
    `Without a path that is ~/.claude/projects. It can be repeated: what is there is not doubled, and what was read before is \
not read again. It can be stopped: the next one goes on from there.`

  static override examples = [
    '<%= config.bin %> import claude-code',
    '<%= config.bin %> import claude-code ~/old-laptop/projects --workspace archive',
    '<%= config.bin %> import claude-code --from-start --json',
  ]

  static override args = {
    path: Args.string({description: 'a folder or a file of history', multiple: true, ignoreStdin: true}),
  }

  static override flags = {
    'from-start': Flags.boolean({description: 'read everything again'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ImportClaudeCode)
    const paths = resolvePaths(this.environment)
    const named = [args.path ?? []].flat()
    const {summary, place} = await this.runImport(flags, async (context, {signal, progress}) => {
      const {memory, caller, workspaceId, config, destination} = context
      return importTranscripts(memory, caller, {
        source: claudeCode,
        paths: named.length > 0 ? named : [claudeCode.folder(paths)],
        statePath: join(paths.cache, `import-${claudeCode.name}.json`),
        destination,
        workspaceId,
        author: config.author,
        machine: hostname(),
        home: this.environment.HOME,
        fromStart: flags['from-start'],
        signal,
        onProgress: (now) => progress.update(progressState(now)),
      })
    })
    this.log(importOutcomeText({...summary, notes: notesOf(summary), place}))
    this.noteStop(summary)
    return toWire(summary)
  }
}

function progressState({bytes, bytesDone, messages, files, filesDone, waiting}: ImportProgress) {
  const share = bytes === 0 ? 1 : bytesDone / bytes
  if (waiting) return {share, text: `waiting ${waiting.seconds} s: ${waiting.reason}`}
  return {share, text: `${count(messages, 'message')}, file ${Math.min(filesDone + 1, files)} of ${files}`}
}

function notesOf({files, filesUnchanged, filesUnreadable}: ImportSummary): string[] {
  return [
    files === 0 ? 'No history was found.' : `${count(files, 'file')} read.`,
    filesUnchanged > 0 ? `${count(filesUnchanged, 'file')} had nothing new.` : '',
    filesUnreadable > 0 ? `${count(filesUnreadable, 'file')} could not be read.` : '',
  ]
}
