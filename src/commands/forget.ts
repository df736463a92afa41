import {Args, Flags} from '@oclif/core'
import {confirm} from '../lib/cli/confirm.ts'
import {MemoryCommand, type MemoryContext} from '../lib/cli/memory-command.ts'
import {selectionOf} from '../lib/cli/selection.ts'
import {wireBody} from '../lib/cli/wire-body.ts'
import {deleteResult} from '../lib/client/protocol.ts'
import type {Selection} from '../lib/memory/memory.ts'
import {BmfoteError} from '../lib/model/errors.ts'
import {count} from '../lib/ui/text/count.ts'

export default class Forget extends MemoryCommand {
  static override summary = 'delete messages for good'
  static override description =
    `One message by its uuid, or a session, a project, or everything before a date. What is deleted stays away: no import and no \
replay brings it back. More than one message is deleted only after a yes, or with --yes.`

  static override examples = [
    '<%= config.bin %> forget 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d11',
    '<%= config.bin %> forget --project webshop --dry-run',
    '<%= config.bin %> forget --before 2025-01-01 --yes --json',
  ]

  static override args = {uuid: Args.string({description: 'which message', ignoreStdin: true})}

  static override flags = {
    session: Flags.string({description: 'a session; with a uuid, only its copy there', helpValue: 'ID'}),
    project: Flags.string({char: 'p', description: 'everything of a project', helpValue: 'NAME'}),
    before: Flags.string({description: 'everything before this date', helpValue: 'DATE'}),
    'dry-run': Flags.boolean({description: 'only say how much it would be'}),
    yes: Flags.boolean({char: 'y', description: 'do not ask'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Forget)
    const {session, project, before} = flags
    const selection = selectionOf({uuid: args.uuid, session, project, before})
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId} = context
      const counted = await memory.deleteMessages(caller, {...selection, workspaceId, dryRun: true})
      if (counted.deleted === 0) this.say(`There is nothing to forget: no such message in ${context.place}.`)
      else if (flags['dry-run']) this.log(`${count(counted.deleted, 'message')} would be deleted.`)
      else if (counted.deleted > 1 && !flags.yes && !(await this.agrees(counted.deleted))) {
        this.say('Nothing was deleted.')
        return wireBody(deleteResult, {deleted: 0})
      } else return this.remove(context, selection)
      return wireBody(deleteResult, counted)
    })
  }

  private async remove({memory, caller, workspaceId}: MemoryContext, selection: Selection): Promise<unknown> {
    const result = await memory.deleteMessages(caller, {...selection, workspaceId})
    this.log(`${count(result.deleted, 'message')} deleted.`)
    return wireBody(deleteResult, result)
  }

  private async agrees(messages: number): Promise<boolean> {
    if (!process.stdin.isTTY || this.jsonEnabled()) {
      throw new BmfoteError(
        'invalid_input',
        `${count(messages, 'message')} would be deleted, and nobody is there to be asked.`,
        {
          next: 'if that is meant, say --yes; --dry-run only counts',
        },
      )
    }
    return confirm(`${count(messages, 'message')} will be deleted for good. Go on?`)
  }
}
