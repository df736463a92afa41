import {Flags} from '@oclif/core'
import {BaseCommand} from '../../lib/cli/base-command.ts'
import {calledAs} from '../../lib/cli/called-as.ts'
import {unreadNames, withEnvFile} from '../../lib/config/env-file.ts'
import type {Environment} from '../../lib/config/environment.ts'
import {loadServerConfig, type ServerConfig} from '../../lib/config/server-config.ts'
import {LOG_LEVELS, type LogLevel} from '../../lib/server/log-level.ts'
import type {RunningServer} from '../../lib/server/serve.ts'

export default class ServerStart extends BaseCommand {
  static override summary = 'start the memory server'
  static override description =
    `Serves the memory over REST and MCP until it is stopped. Without API_TOKEN in the environment it
listens on this machine only and wants no token; with it, every caller needs that token. PORT in the environment
names the port where --port does not. TURSO_DATABASE_URL and TURSO_AUTH_TOKEN name a remote database; with
BMFOTE_REPLICA, the path of a file, it is read from a local copy.`

  static override examples = [
    '<%= config.bin %> server start',
    '<%= config.bin %> server start --port 9000 --database ./team.db',
    'API_TOKEN=… <%= config.bin %> server start --host 0.0.0.0 --cors-origin https://notes.example.com',
    '<%= config.bin %> server start --env-file .env',
  ]

  static override flags = {
    host: Flags.string({description: 'address to listen on (default: 127.0.0.1)', helpValue: 'ADDRESS'}),
    port: Flags.integer({
      description: 'port to listen on (default: PORT, else 8026; 8000 where others may reach it)',
      helpValue: 'N',
    }),
    database: Flags.string({
      description:
        'database file, or libsql:// address (default: TURSO_DATABASE_URL, else memory.db in BMFOTE_HOME)',
      helpValue: 'FILE',
    }),
    'env-file': Flags.string({
      description: 'file of lines NAME=value, for what the environment does not say',
      helpValue: 'FILE',
    }),
    'trust-proxy': Flags.boolean({
      description: 'believe the X-Forwarded headers of the one proxy in front',
    }),
    'cors-origin': Flags.string({
      description: 'web origin whose pages may call the server; repeat it for more',
      helpValue: 'ORIGIN',
      multiple: true,
    }),
    'rate-limit': Flags.integer({
      description: 'requests a minute for each token, 0 for no limit (default: 6000)',
      helpValue: 'N',
    }),
    'log-level': Flags.option({
      description: 'the least that is worth a line on stderr (default: info)',
      options: LOG_LEVELS,
      helpValue: 'LEVEL',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ServerStart)
    const envFile = flags['env-file']
    const environment = envFile === undefined ? this.environment : withEnvFile(this.environment, envFile)
    this.#nameUnread(environment)
    const config = loadServerConfig(
      {
        host: flags.host,
        port: flags.port,
        database: flags.database,
        corsOrigins: flags['cors-origin'],
        rateLimitPerMinute: flags['rate-limit'],
        trustProxy: flags['trust-proxy'],
      },
      environment,
    )
    await this.#serve(config, flags['log-level'])
  }

  async #serve(config: ServerConfig, level?: LogLevel): Promise<void> {
    const {createServerLog} = await import('../../lib/server/log.ts')
    const {startServer, untilToldToStop} = await import('../../lib/server/serve.ts')
    const {startMessage} = await import('../../lib/server/start-message.ts')
    const isTerminal = process.stdout.isTTY === true
    const toldToStop = untilToldToStop()
    const log = createServerLog({pretty: process.stderr.isTTY === true, level})
    const server = await startServer(config, {log})
    this.log(
      startMessage({
        url: server.url,
        databasePath: describeDatabase(config, server),
        auth: config.apiToken !== undefined,
        command: this.#command(config, server),
      }),
    )
    await toldToStop
    if (isTerminal) this.logToStderr('Finishing what is under way…')
    await server.close()
  }

  #nameUnread(environment: Environment): void {
    const names = unreadNames(process.cwd(), environment)
    if (names.length === 0) return
    this.logToStderr(
      `The .env in this folder has ${names.join(', ')}, and is not read. To use it: --env-file .env`,
    )
  }

  /** Commands look for the server of their own database; that of another one must be named to them. */
  #command({paths, apiToken}: ServerConfig, {url, databasePath}: RunningServer): string {
    const program = calledAs(this.environment)
    if (databasePath === paths.database) return program
    return `BMFOTE_URL=${url} ${apiToken === undefined ? '' : 'BMFOTE_TOKEN=TOKEN '}${program}`
  }
}

function describeDatabase({database}: ServerConfig, {databasePath}: RunningServer): string {
  return database.mode === 'replica' ? `${databasePath}, a copy of ${database.url}` : databasePath
}
