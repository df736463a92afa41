import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBody} from '../lib/cli/wire-body.ts'
import {stats} from '../lib/client/protocol.ts'
import {plainStats} from '../lib/ui/stats.ts'

export default class StatsCommand extends MemoryCommand {
  static override summary = 'count what is stored'
  static override description = 'Of all workspaces, or of one.'

  static override examples = [
    '<%= config.bin %> stats',
    '<%= config.bin %> stats --workspace research --json',
  ]

  async run(): Promise<unknown> {
    const {flags} = await this.parse(StatsCommand)
    return this.withMemory(flags, async ({memory, caller, workspaceId, place}) => {
      const counted = await memory.getStats(caller, {workspaceId})
      this.log(plainStats(counted, {place, clock: this.terminal.clock}))
      return wireBody(stats, counted)
    })
  }
}
