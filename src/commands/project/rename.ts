import {Args} from '@oclif/core'
import {MemoryCommand} from '../../lib/cli/memory-command.ts'
import {hasProject, relabelProject} from '../../lib/memory/relabel-project.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {count} from '../../lib/ui/text/count.ts'

export default class ProjectRename extends MemoryCommand {
  static override summary = 'give a project another name'
  static override description =
    `All that is stored of it goes by the new name. What is recorded from now on goes by what the repository is called: where \
that is still the old name, a file .bmfote in it says the new one, {"project": "NAME"}.`

  static override examples = [
    '<%= config.bin %> project rename webshop storefront',
    '<%= config.bin %> project rename webshop storefront --json',
  ]

  static override args = {
    old: Args.string({description: 'what it is called now', required: true, ignoreStdin: true}),
    new: Args.string({description: 'what it is to be called', required: true, ignoreStdin: true}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ProjectRename)
    const {old: from, new: to} = args
    return this.withMemory(flags, async ({memory, caller, workspaceId}) => {
      if (from !== to && (await hasProject(memory, caller, {project: to, workspaceId}))) {
        throw new BmfoteError('conflict', `There is a project "${to}" already.`, {
          next: `If the two are one: bmfote project merge ${from} ${to}`,
        })
      }
      const sessions = await relabelProject(memory, caller, {from, to, workspaceId})
      this.log(`${count(sessions, 'session')} of ${from} now belong${sessions === 1 ? 's' : ''} to ${to}.`)
      return {from, to, sessions}
    })
  }
}
