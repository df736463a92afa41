import {Flags} from '@oclif/core'
import {EXIT_CODES} from '../../lib/cli/exit-codes.ts'
import {ReportCommand} from '../../lib/cli/report-command.ts'
import {databaseFlags, databaseLocation} from '../../lib/cli/server-environment.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {checkText} from '../../lib/ui/server/maintenance-text.ts'

export default class ServerCheck extends ReportCommand {
  static override summary = 'look whether the database, its index and its sessions are whole'
  static override description = `\
Reads everything: the file's own structure, the search index against the messages, the sessions and their counts. The
server may be running. --repair makes anew what follows from the messages (the index, the sessions) and never touches a
message; a damaged file is beyond it, and wants a backup. Ends with 1 while something is wrong.`

  static override examples = [
    '<%= config.bin %> server check',
    '<%= config.bin %> server check --repair',
    '<%= config.bin %> server check --database memory-backup.db --json',
  ]

  static override flags = {
    ...databaseFlags,
    repair: Flags.boolean({description: 'make the index and the sessions anew where they are wrong'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(ServerCheck)
    const {checkDatabase} = await import('../../lib/memory/check-database.ts')
    const location = databaseLocation(this.environment, flags)
    const checked = await checkDatabase(location, {repair: flags.repair})
    this.log(checkText(checked))
    if (checked.problems.length > 0) process.exitCode = EXIT_CODES.userCanFix
    return toWire(checked)
  }
}
