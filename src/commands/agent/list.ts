import {listAgents} from '../../lib/agent/list-agents.ts'
import {mcpUrlOf} from '../../lib/agent/mcp-url.ts'
import {AgentCommand} from '../../lib/cli/agent-command.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {agentListText} from '../../lib/ui/agent/agent-list-text.ts'

export default class AgentList extends AgentCommand {
  static override summary = 'show every Managed Agent, and whether it uses this memory'
  static override description = `\
All agents that the key reaches, whoever made them, and of those that are not wired to the memory, why not. Without
BMFOTE_URL, any address of a memory counts.`

  static override examples = ['<%= config.bin %> agent list', '<%= config.bin %> agent list --json']

  async run(): Promise<unknown> {
    await this.parse(AgentList)
    const {url} = this.clientConfig
    const list = await listAgents(this.openApi(), url === undefined ? undefined : mcpUrlOf(url))
    if (list.agents.length > 0) this.log(agentListText(list.agents, this.style))
    else this.say('There is no agent yet: bmfote agent create makes one.')
    return toWire(list)
  }
}
