import type {Config} from '@oclif/core/config'
import {CommandHelp, Help} from '@oclif/core/help'
import {findCommand} from './find-command.ts'
import {printLine} from './output.ts'

/** No words: what there is. A topic: its commands. A command: its arguments, flags and examples. */
export async function showHelp(config: Config, words: string[]): Promise<void> {
  const help = new BmfoteHelp(config, {respectNoCacheDefault: true})
  if (words.length === 0) return help.showHelp([])
  await help.showHelp(findCommand(config, words).id.split(':'))
}

class BmfoteCommandHelp extends CommandHelp {
  /** The summary stands on top already. */
  protected override description(): string | undefined {
    return this.command.description ? this.wrap(this.command.description) : undefined
  }
}

class BmfoteHelp extends Help {
  override CommandHelpClass = BmfoteCommandHelp

  override formatRoot(): string {
    const usage = this.section('USAGE', `$ ${this.config.bin} COMMAND`)
    const more = `${this.config.bin} help COMMAND shows its flags and examples, ${this.config.bin} --version the version.`
    return [this.config.pjson.description ?? '', usage, more].join('\n\n')
  }

  protected override formatTopic(topic: {name: string; description?: string}): string {
    const empty = !this.config.commands.some(({id}) => id.startsWith(`${topic.name}:`))
    const text = super.formatTopic(topic)
    return empty ? `${text}\nThere is no command here yet.` : text
  }

  protected override log(...lines: string[]): void {
    printLine(lines.join(' '))
  }
}
