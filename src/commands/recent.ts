import {Flags} from '@oclif/core'
import {limitFlag, projectFlag} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBodies} from '../lib/cli/wire-body.ts'
import {projectMessage, recentMessage, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {messageItems} from '../lib/ui/lists/message-items.ts'
import {count} from '../lib/ui/text/count.ts'

const {hours, limit} = WIRE_LIMITS.recent

export default class Recent extends MemoryCommand {
  static override summary = 'show what was said last'
  static override description =
    `Newest first. Of a session or a project the last messages are shown however old they are; else those of the last hours.`

  static override examples = [
    '<%= config.bin %> recent',
    '<%= config.bin %> recent --hours 168 --limit 10',
    '<%= config.bin %> recent --project webshop --json',
  ]

  static override flags = {
    hours: Flags.integer({
      description: `how many hours back (up to ${hours.max})`,
      default: hours.default,
      helpValue: 'N',
    }),
    limit: limitFlag(limit),
    session: Flags.string({description: 'only this session', helpValue: 'ID', exclusive: ['project']}),
    project: projectFlag,
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(Recent)
    const {project, session: sessionId} = flags
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId} = context
      const query = {limit: flags.limit, workspaceId}
      const messages = project
        ? await memory.listProject(caller, {...query, project})
        : await memory.listRecent(caller, {...query, sessionId, hours: flags.hours})
      await this.showList(context, {
        title: project ?? sessionId ?? `the last ${count(flags.hours, 'hour')}`,
        items: (options) => messageItems(messages, options),
        count: messages.length,
        empty: emptySentence({...flags, place: context.place}),
        limit: {asked: flags.limit, max: project ? WIRE_LIMITS.project.limit.max : limit.max},
      })
      return wireBodies(project ? projectMessage : recentMessage, messages)
    })
  }
}

function emptySentence(asked: {project?: string; session?: string; hours: number; place: string}): string {
  const {project, session, place} = asked
  if (project)
    return `There is nothing of project "${project}" in ${place}. bmfote sessions lists what there is.`
  if (session) return `There is no session "${session}" in ${place}. bmfote sessions lists what there is.`
  return `Nothing was said in the last ${count(asked.hours, 'hour')}, in ${place}. --hours ${hours.max} looks back a week.`
}
