import {readSpoolStanding} from '../../lib/capture/hooks/capture-status.ts'
import {SetupCommand} from '../../lib/cli/setup-command.ts'
import {ownProgram, setupContext} from '../../lib/cli/setup-context.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {checkServer} from '../../lib/setup/check-server.ts'
import {configuredContext, readManifest, readProgramStatus, readToolStatus} from '../../lib/setup/status.ts'
import type {SetupContext} from '../../lib/setup/tool.ts'
import {SETUP_TOOLS} from '../../lib/setup/tools/index.ts'
import {statusText} from '../../lib/ui/setup/status-text.ts'

export default class SetupStatus extends SetupCommand {
  static override summary = 'show what is set up where, in which version, working or not'
  static override description = 'bmfote doctor looks deeper, and says what to do.'
  static override examples = ['<%= config.bin %> setup status', '<%= config.bin %> setup status --json']

  async run(): Promise<unknown> {
    await this.parse(SetupStatus)
    const context = configuredContext(setupContext(this.environment))
    const program = ownProgram()
    const manifest = await readManifest(context)
    const tools = []
    for (const tool of SETUP_TOOLS) tools.push(await readToolStatus(tool, {manifest, context, program}))
    const status = {
      program: await readProgramStatus(program, context),
      memory: await memoryStatus(context),
      waiting: await readSpoolStanding(context.paths),
      tools,
    }
    this.log(statusText({...status, home: context.paths.userHome}, this.style))
    return toWire(status)
  }
}

async function memoryStatus({connection, paths}: SetupContext): Promise<{sentence: string; isWell: boolean}> {
  const {url, token} = connection
  if (url === undefined) return {sentence: `the local file ${paths.database}`, isWell: true}
  try {
    const {messages} = await checkServer({url, token})
    return {sentence: `${url}, ${messages.toLocaleString('en-US')} messages`, isWell: true}
  } catch (error) {
    if (!(error instanceof BmfoteError)) throw error
    return {sentence: error.message, isWell: false}
  }
}
