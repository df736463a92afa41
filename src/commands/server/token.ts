import {ReportCommand} from '../../lib/cli/report-command.ts'
import {loadClientConfig} from '../../lib/config/environment.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {createAccessToken, tokenHint} from '../../lib/model/access-token.ts'
import {tokenHelp} from '../../lib/ui/server/token-text.ts'

export default class ServerToken extends ReportCommand {
  static override summary = 'make a token for the server, and say where it is set'
  static override description = `\
Prints a new random token, and nothing else, on stdout; where to put it, and where one is set already, on stderr. Nothing
is written anywhere, and no token that is set is ever shown in full.`

  static override examples = [
    '<%= config.bin %> server token',
    'echo "API_TOKEN=$(<%= config.bin %> server token)" >> server.env',
  ]

  async run(): Promise<unknown> {
    await this.parse(ServerToken)
    const token = createAccessToken()
    const alreadySet = this.alreadySet()
    this.log(token)
    this.say(tokenHelp(alreadySet))
    return toWire({token, alreadySet})
  }

  private alreadySet(): {name: string; hint: string}[] {
    const {API_TOKEN} = this.environment
    const {token} = loadClientConfig(this.environment)
    return [
      ...(API_TOKEN ? [{name: 'API_TOKEN', hint: tokenHint(API_TOKEN)}] : []),
      ...(token ? [{name: 'BMFOTE_TOKEN', hint: tokenHint(token)}] : []),
    ]
  }
}
