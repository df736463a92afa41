import {Flags} from '@oclif/core'
import {deliverSpool} from '../lib/cli/deliver-spool.ts'
import {EXIT_CODES} from '../lib/cli/exit-codes.ts'
import {SetupCommand} from '../lib/cli/setup-command.ts'
import {ownProgram, setupContext} from '../lib/cli/setup-context.ts'
import {toWire} from '../lib/memory/wire.ts'
import {examine, mend} from '../lib/setup/doctor/examine.ts'
import type {Finding} from '../lib/setup/doctor/finding.ts'
import {SETUP_TOOLS} from '../lib/setup/tools/index.ts'
import {doctorText} from '../lib/ui/setup/doctor-text.ts'

export default class Doctor extends SetupCommand {
  static override summary = 'look for what keeps turns from being recorded and recalled'
  static override description = `\
The program, the server and the token, the files of the tools, the hooks, what waits to be delivered, and where the
memory is a file of this machine, that file and its index. Each finding says what to do; --fix does what can do no
harm. Ends with 1 while something is wrong.`

  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --fix',
    '<%= config.bin %> doctor --json',
  ]

  static override flags = {fix: Flags.boolean({description: 'mend what can be mended safely'})}

  async run(): Promise<unknown> {
    const {flags} = await this.parse(Doctor)
    const options = {
      environment: this.environment,
      context: setupContext(this.environment),
      program: ownProgram(),
      tools: SETUP_TOOLS,
      deliver: async () => {
        await deliverSpool(this.environment)
      },
    }
    const found = await examine(options)
    const mended = flags.fix ? await this.alone(options.context, () => mend(found)) : []
    const findings = mended.length > 0 ? await examine(options) : found
    this.log(doctorText(findings, this.style))
    for (const {sentence} of mended) this.say(`Mended: ${sentence}`)
    if (findings.some(({state}) => state === 'problem')) process.exitCode = EXIT_CODES.userCanFix
    return toWire({findings: findings.map(withoutDeed), mended: mended.map(withoutDeed)})
  }
}

function withoutDeed({check, state, sentence, fix}: Finding) {
  return {check, state, sentence, fix}
}
