import {readSpoolStanding} from '../../lib/capture/hooks/capture-status.ts'
import {EXIT_CODES} from '../../lib/cli/exit-codes.ts'
import {readLastBackup} from '../../lib/cli/last-backup.ts'
import {readServerStatus} from '../../lib/cli/read-server-status.ts'
import {ReportCommand} from '../../lib/cli/report-command.ts'
import {loadClientConfig, resolvePaths} from '../../lib/config/environment.ts'
import {terminalWishes} from '../../lib/config/terminal.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {serverStatusText} from '../../lib/ui/server/server-status-text.ts'
import {detectTerminal} from '../../lib/ui/terminal.ts'

export default class ServerStatus extends ReportCommand {
  static override summary = 'say whether the server is up, and how it stands with its database'
  static override description = `\
Of the server in BMFOTE_URL, else of the one that runs on this machine. Ends with 0 when it answers, its database
answers and it takes the token, and with 1 otherwise.`

  static override examples = [
    '<%= config.bin %> server status',
    'BMFOTE_URL=https://memory.example.com BMFOTE_TOKEN=TOKEN <%= config.bin %> server status --json',
  ]

  async run(): Promise<unknown> {
    await this.parse(ServerStatus)
    const paths = resolvePaths(this.environment)
    const {url, token = url ? undefined : this.environment.API_TOKEN || undefined} = loadClientConfig(
      this.environment,
      paths,
    )
    const {details, ...report} = await readServerStatus({url, token, paths})
    const waiting = await readSpoolStanding(paths)
    const lastBackup = readLastBackup(paths)
    const {clock, color} = detectTerminal(terminalWishes(this.environment))
    this.log(serverStatusText({...report, details, waiting, lastBackup}, {clock, color}))
    if (!report.isWell) process.exitCode = EXIT_CODES.userCanFix
    return {...toWire({...report, waiting, lastBackup}), ...details}
  }
}
