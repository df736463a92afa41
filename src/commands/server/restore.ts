import {Args, Flags} from '@oclif/core'
import {confirm} from '../../lib/cli/confirm.ts'
import {ReportCommand} from '../../lib/cli/report-command.ts'
import {refuseWhileServed} from '../../lib/cli/running-server.ts'
import {databaseFlags, databaseLocation, serverEnvironment} from '../../lib/cli/server-environment.ts'
import {placeOf} from '../../lib/config/database-location.ts'
import {resolvePaths} from '../../lib/config/environment.ts'
import type {PreparedRestore} from '../../lib/memory/restore-database.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {restorePlanText, restoreText} from '../../lib/ui/server/maintenance-text.ts'

export default class ServerRestore extends ReportCommand {
  static override summary = 'put a backup in the place of the database'
  static override description = `\
The backup is checked first: that it is whole, that it is a memory, and of a version that this bmfote knows. The database
that was there keeps another name beside it. Refused while a server, or any other process, has the database open.`

  static override examples = [
    '<%= config.bin %> server restore memory-backup.db --database ./memory.db',
    '<%= config.bin %> server restore memory-backup.db --database ./team.db --yes',
  ]

  static override args = {
    file: Args.string({description: 'the backup', required: true}),
  }

  static override flags = {
    ...databaseFlags,
    yes: Flags.boolean({char: 'y', description: 'do not ask'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ServerRestore)
    const {prepareRestore} = await import('../../lib/memory/restore-database.ts')
    const location = databaseLocation(this.environment, flags)
    const paths = resolvePaths(serverEnvironment(this.environment, flags))
    await refuseWhileServed(paths, placeOf(location))
    const prepared = await prepareRestore(location, {file: args.file})
    try {
      if (prepared.replaces && !(await this.agrees(prepared, flags))) {
        this.say('Nothing was changed.')
        return this.body(prepared, {applied: false})
      }
      // Somebody may have started one while the person was thinking.
      await refuseWhileServed(paths, placeOf(location))
      const {keptAs} = await prepared.apply()
      this.log(restoreText(prepared, keptAs))
      return this.body(prepared, {applied: true, keptAs})
    } finally {
      prepared.discard()
    }
  }

  private async agrees(prepared: PreparedRestore, {yes}: {yes: boolean}): Promise<boolean> {
    if (yes) return true
    if (!this.canAsk) {
      throw new BmfoteError('invalid_input', 'There is a database, and nobody is there to be asked.', {
        next: 'If it is meant to be replaced, say --yes; it keeps another name beside it.',
      })
    }
    this.say(restorePlanText(prepared))
    return confirm('Restore it?')
  }

  private body(
    {file, place, messages, sessions, schemaVersion, isOutdated}: PreparedRestore,
    outcome: {applied: boolean; keptAs?: string},
  ): unknown {
    return toWire({file, place, messages, sessions, schemaVersion, isOutdated, ...outcome})
  }
}
