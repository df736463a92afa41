import {Flags} from '@oclif/core'
import {limitFlag, projectFlag} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBodies} from '../lib/cli/wire-body.ts'
import {session, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {sessionItems} from '../lib/ui/lists/session-items.ts'

const {limit} = WIRE_LIMITS.sessions

export default class Sessions extends MemoryCommand {
  static override summary = 'list the conversations that are stored'
  static override description =
    'Newest first. The next page is what came before the last one shown: --before.'

  static override examples = [
    '<%= config.bin %> sessions',
    '<%= config.bin %> sessions --project webshop --limit 5',
    '<%= config.bin %> sessions --before 2026-01-31 --json',
  ]

  static override flags = {
    project: projectFlag,
    limit: limitFlag(limit),
    before: Flags.string({description: 'only those that ended before this date', helpValue: 'DATE'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(Sessions)
    const {project, before} = flags
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId, place} = context
      const sessions = await memory.listSessions(caller, {project, before, limit: flags.limit, workspaceId})
      await this.showList(context, {
        title: project ? `sessions of ${project}` : 'sessions',
        items: (options) => sessionItems(sessions, options),
        count: sessions.length,
        empty: `No such session is stored in ${place}. bmfote import claude-code reads what this machine has.`,
        limit: {asked: flags.limit, max: limit.max},
      })
      return wireBodies(session, sessions)
    })
  }
}
