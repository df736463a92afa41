import {Args, Flags} from '@oclif/core'
import {examineAgent} from '../../lib/agent/doctor/examine-agent.ts'
import {mendAgent} from '../../lib/agent/doctor/mend-agent.ts'
import type {Change} from '../../lib/agent/plan-agent.ts'
import {AgentCommand} from '../../lib/cli/agent-command.ts'
import {EXIT_CODES} from '../../lib/cli/exit-codes.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {changesText} from '../../lib/ui/agent/changes-text.ts'
import {doctorText} from '../../lib/ui/setup/doctor-text.ts'

export default class AgentDoctor extends AgentCommand {
  static override summary = 'look for what keeps a Managed Agent from this memory'
  static override description = `\
The agent's MCP server, toolset, permissions and disabled tools; the vault and whether its token is the one of today; the
environment's network; whether the address can be reached from outside; and the memory itself, asked by that address
and token. Each finding says what to do.

--fix mends what is this program's: the server and toolset called bmfote, the vault, the credential, the environment.
Other servers and tools stay as they are, and so does what somebody has made stricter for a single tool. Ends with 1
while something is wrong.`

  static override examples = [
    '<%= config.bin %> agent doctor agent_011CZkYpogX7uDKUyvBTophP',
    '<%= config.bin %> agent doctor agent_011CZkYpogX7uDKUyvBTophP --fix',
  ]

  static override args = {
    agent: Args.string({description: "the agent's id", required: true, ignoreStdin: true}),
  }

  static override flags = {fix: Flags.boolean({description: 'mend what can be mended'})}

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(AgentDoctor)
    const {access} = this
    const api = this.openApi()
    const before = await examineAgent(api, args.agent, access)
    const isWrong = before.findings.some(({state}) => state === 'problem')
    let changes: Change[] = []
    let {findings} = before
    if (flags.fix && isWrong) {
      const onNote = (sentence: string) => this.say(sentence)
      changes = await this.alone(() => mendAgent(api, {agent: before.agent, access, onNote}))
      findings = (await examineAgent(api, args.agent, access)).findings
    }
    this.log(doctorText(findings, this.style))
    if (changes.length > 0) this.say(`Changed:\n${changesText(changes, {color: false})}`)
    if (findings.some(({state}) => state === 'problem')) process.exitCode = EXIT_CODES.userCanFix
    return toWire({agentId: args.agent, findings, changes})
  }
}
