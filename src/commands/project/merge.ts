import {Args, Flags} from '@oclif/core'
import {confirm} from '../../lib/cli/confirm.ts'
import {MemoryCommand} from '../../lib/cli/memory-command.ts'
import {hasProject, noProject, relabelProject} from '../../lib/memory/relabel-project.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {count} from '../../lib/ui/text/count.ts'

export default class ProjectMerge extends MemoryCommand {
  static override summary = 'make two projects one'
  static override description =
    `All that is stored of the first goes by the name of the second: for a repository that was recorded under two names. Nothing \
tells them apart afterwards, so it asks first.`

  static override examples = [
    '<%= config.bin %> project merge web-shop webshop --yes',
    '<%= config.bin %> project merge web-shop webshop --yes --json',
  ]

  static override args = {
    from: Args.string({description: 'the name that goes', required: true, ignoreStdin: true}),
    into: Args.string({description: 'the name that stays', required: true, ignoreStdin: true}),
  }

  static override flags = {yes: Flags.boolean({char: 'y', description: 'do not ask'})}

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ProjectMerge)
    const {from, into: to} = args
    return this.withMemory(flags, async ({memory, caller, workspaceId}) => {
      if (!(await hasProject(memory, caller, {project: to, workspaceId}))) throw noProject(to)
      if (from !== to && !flags.yes && !(await this.agrees(from, to))) {
        this.say('Nothing was changed.')
        return {from, to, sessions: 0}
      }
      const sessions = await relabelProject(memory, caller, {from, to, workspaceId})
      this.log(`${count(sessions, 'session')} of ${from} now belong${sessions === 1 ? 's' : ''} to ${to}.`)
      return {from, to, sessions}
    })
  }

  private async agrees(from: string, to: string): Promise<boolean> {
    if (process.stdin.isTTY && !this.jsonEnabled()) return confirm(`${from} will be a part of ${to}. Go on?`)
    throw new BmfoteError(
      'invalid_input',
      `${from} would be a part of ${to}, and nobody is there to be asked.`,
      {
        next: 'if that is meant, say --yes',
      },
    )
  }
}
