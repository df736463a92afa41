import {Flags} from '@oclif/core'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {workspaceFlag} from '../lib/cli/flags.ts'
import {openMemory} from '../lib/cli/open-memory.ts'

export default class Mcp extends BaseCommand {
  static override summary = 'offer the memory as MCP tools over stdin and stdout'
  static override description =
    `For AI tools that start a program instead of calling a server. Serves what the terminal
commands work on: the server that BMFOTE_URL names, else the one that runs on this machine, else the local file.
It ends when its input does.`

  static override examples = [
    '<%= config.bin %> mcp',
    '<%= config.bin %> mcp --workspace research',
    '<%= config.bin %> mcp --source zed',
    'claude mcp add bmfote-memory -- <%= config.bin %> mcp',
  ]

  static override flags = {
    workspace: workspaceFlag,
    source: Flags.string({description: 'the tool that starts it, for what it remembers', helpValue: 'TOOL'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Mcp)
    const {serveMcpOverStdio} = await import('../lib/server/mcp/serve-stdio.ts')
    const {environment} = this
    const {memory, config} = await openMemory({environment, onNotice: (text) => this.logToStderr(text)})
    const {stdin, stdout} = process
    try {
      await serveMcpOverStdio({
        memory,
        workspaceId: flags.workspace ?? config.workspaceId,
        author: config.author,
        source: flags.source,
        stdin,
        stdout,
      })
    } finally {
      await memory.close()
    }
  }
}
