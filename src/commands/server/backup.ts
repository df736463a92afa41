import {Args, Flags} from '@oclif/core'
import {noteBackup} from '../../lib/cli/last-backup.ts'
import {ReportCommand} from '../../lib/cli/report-command.ts'
import {databaseFlags, databaseLocation} from '../../lib/cli/server-environment.ts'
import {resolvePaths} from '../../lib/config/environment.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {backupText} from '../../lib/ui/server/maintenance-text.ts'

export default class ServerBackup extends ReportCommand {
  static override summary = 'copy the whole memory into one file, also while the server runs'
  static override description = `\
The copy is the database as it was at one moment; nobody waits for it. It is checked, and then put in its place whole,
readable by you alone. Run it where the server's database is: with the same BMFOTE_HOME, or the same
TURSO_DATABASE_URL, which may be anywhere. A remote database is fetched whole.`

  static override examples = [
    '<%= config.bin %> server backup memory-backup.db',
    '<%= config.bin %> server backup backups/memory.db --force',
  ]

  static override args = {
    file: Args.string({description: 'where the copy goes', required: true}),
  }

  static override flags = {
    ...databaseFlags,
    force: Flags.boolean({description: 'replace the file if it is there'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ServerBackup)
    const {backupDatabase} = await import('../../lib/memory/backup-database.ts')
    const location = databaseLocation(this.environment, flags)
    const backup = await backupDatabase(location, {file: args.file, force: flags.force})
    await noteBackup(resolvePaths(this.environment), backup)
    this.log(backupText(backup))
    for (const problem of backup.problems) this.say(`Wrong in the database, and so in the copy: ${problem}`)
    return toWire(backup)
  }
}
