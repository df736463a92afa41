import {Args} from '@oclif/core'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {completionScript, SHELLS} from '../lib/cli/completion/completion-script.ts'

export default class Completion extends BaseCommand {
  static override summary = 'print the completion script of a shell'
  static override description = `Load it where the shell starts, so that it always fits the installed version:
bash: eval "$(bmfote completion bash)" in ~/.bashrc
zsh:  eval "$(bmfote completion zsh)" in ~/.zshrc
fish: bmfote completion fish | source in ~/.config/fish/config.fish`

  static override examples = ['<%= config.bin %> completion bash', '<%= config.bin %> completion fish']

  static override args = {
    shell: Args.option({options: SHELLS, description: 'the shell', ignoreStdin: true})({required: true}),
  }

  async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    this.log(completionScript(args.shell, this.config))
  }
}
