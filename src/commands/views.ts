import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../lib/cli/base-command.ts'
import {terminalWishes} from '../lib/config/terminal.ts'
import {BmfoteError} from '../lib/model/errors.ts'
import {detectTerminal} from '../lib/ui/terminal.ts'

export default class Views extends BaseCommand {
  static override hidden = true
  static override summary = 'show every terminal view with sample data'
  static override description = 'For those who change one: how it looks on a screen of any size.'

  static override examples = [
    '<%= config.bin %> views',
    '<%= config.bin %> views search --columns 40 --rows 20',
  ]

  static override args = {name: Args.string({description: 'only this view', ignoreStdin: true})}

  static override flags = {
    columns: Flags.integer({description: 'how wide the screen is', default: 80, min: 1, helpValue: 'N'}),
    rows: Flags.integer({description: 'how high the screen is', default: 24, min: 1, helpValue: 'N'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Views)
    const {VIEWS} = await import('../lib/ui/gallery/gallery.tsx')
    const {color} = detectTerminal(terminalWishes(this.environment))
    const names = Object.keys(VIEWS).filter((name) => args.name === undefined || name === args.name)
    if (names.length === 0) {
      throw new BmfoteError('invalid_input', `There is no view "${args.name}".`, {
        next: `one of: ${Object.keys(VIEWS).join(', ')}`,
      })
    }
    for (const name of names) {
      const text = VIEWS[name]?.({size: flags, color}) ?? ''
      this.log(names.length === 1 ? text : `${`── ${name} `.padEnd(flags.columns, '─')}\n${text}\n`)
    }
  }
}
