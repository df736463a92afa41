import {Flags} from '@oclif/core'
import {findAddress} from '../../lib/agent/address.ts'
import {createAgent, DEFAULT_MODEL} from '../../lib/agent/create-agent.ts'
import {describeReach, REACH_ADVICE} from '../../lib/agent/doctor/check-address.ts'
import {AgentCommand} from '../../lib/cli/agent-command.ts'
import {readStdin} from '../../lib/cli/read-stdin.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {changesText} from '../../lib/ui/agent/changes-text.ts'

export default class AgentCreate extends AgentCommand {
  static override summary = 'make a Managed Agent that uses this memory'
  static override description = `\
Makes the agent in Anthropic's cloud, or finds the one of this name that was made before, and wires the memory to it:
the agent searches and remembers by itself. Run it again, and nothing changes but what is different from what you say.
Its tools are the memory's alone, unless you ask for the web. Prints the agent's id.

The memory is the server of BMFOTE_URL, opened with BMFOTE_TOKEN; ANTHROPIC_API_KEY opens Anthropic's API.`

  static override examples = [
    '<%= config.bin %> agent create --name "my agent" --system "You answer from the memory."',
    '<%= config.bin %> agent create --name scout --system - --web < prompt.txt',
    'AGENT=$(<%= config.bin %> agent create --name "my agent" --system "You answer from the memory.")',
  ]

  static override flags = {
    name: Flags.string({description: 'what it is called, and found by', helpValue: 'NAME', required: true}),
    system: Flags.string({
      description: 'its system prompt; - reads it from standard input',
      helpValue: 'TEXT',
      required: true,
    }),
    web: Flags.boolean({description: 'it may also search the web and read pages'}),
    model: Flags.string({
      description: `the model (default for a new one: ${DEFAULT_MODEL})`,
      helpValue: 'MODEL',
    }),
    description: Flags.string({description: 'what it is for', helpValue: 'TEXT'}),
    force: Flags.boolean({description: 'also with an address that the cloud does not reach'}),
  }

  async run(): Promise<unknown> {
    const {flags} = await this.parse(AgentCreate)
    const {name, model, description, web, force} = flags
    const system = flags.system === '-' ? (await readStdin()).trim() : flags.system
    if (name.trim() === '' || system.trim() === '') throw isEmpty(name.trim() === '' ? '--name' : '--system')
    const {access} = this
    const reach = describeReach(await findAddress(access.mcpUrl))
    if (reach !== undefined && !force) throw outOfReach(reach)
    if (reach !== undefined) this.say(reach)
    const request = {name, system, model, description, web}
    const api = this.openApi()
    const created = await this.alone(() =>
      createAgent(api, {request, access, onNote: (sentence) => this.say(sentence)}),
    )
    this.say(SENTENCES[created.action](created.agentId, created.version))
    if (created.action !== 'created' && created.changes.length > 0) {
      this.say(changesText(created.changes, {color: false}))
    }
    this.log(created.agentId)
    return toWire(created)
  }
}

const SENTENCES = {
  created: (id: string) => `Made ${id}, with the memory wired to it.`,
  updated: (id: string, version: number) =>
    `${id} was there already, and is brought up to date (version ${version}):`,
  unchanged: (id: string) => `${id} was there already: nothing to change.`,
}

function isEmpty(flag: string): BmfoteError {
  return new BmfoteError('invalid_input', `${flag} is empty.`, {next: 'bmfote agent create --help'})
}

function outOfReach(sentence: string): BmfoteError {
  return new BmfoteError('unavailable', sentence, {
    next: `${REACH_ADVICE} --force wires the agent to it all the same.`,
  })
}
