import {hostname} from 'node:os'
import {Flags} from '@oclif/core'
import {projectOfFolder} from '../lib/capture/project.ts'
import {joinWords, wordsArg} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {readStdin} from '../lib/cli/read-stdin.ts'
import {wireBody} from '../lib/cli/wire-body.ts'
import {rememberResult} from '../lib/client/protocol.ts'
import {BmfoteError} from '../lib/model/errors.ts'
import {CONTENT_CHARS_MAX} from '../lib/model/limits.ts'

export default class Remember extends MemoryCommand {
  static override summary = 'write something down, for every tool to find'
  static override description =
    'What to remember is given as words, or on standard input. Prints the uuid it is kept under.'

  static override examples = [
    '<%= config.bin %> remember "We ship on Tuesdays"',
    '<%= config.bin %> remember --topic pricing --project webshop "The pro plan costs 12 euros"',
    'cat notes.md | <%= config.bin %> remember --topic notes',
  ]

  static override args = {content: wordsArg({description: 'what to remember', required: false})}

  static override flags = {
    topic: Flags.string({description: 'what it is about, in a word or two', helpValue: 'TEXT'}),
    project: Flags.string({
      char: 'p',
      description: "the project it belongs to (default: the current folder's)",
      helpValue: 'NAME',
    }),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Remember)
    const content = joinWords(args.content) || (await this.readContent())
    const {topic, project = projectOfFolder(process.cwd())} = flags
    return this.withMemory(flags, async ({memory, caller, workspaceId, config}) => {
      const written = {author: config.author, source: 'cli', machine: hostname()}
      const stored = await memory.remember(caller, {content, topic, project, workspaceId, ...written})
      this.log(stored.uuid)
      if (stored.truncated) {
        this.say(
          `It was longer than ${CONTENT_CHARS_MAX.toLocaleString('en-US')} characters and is kept cut.`,
        )
      }
      return wireBody(rememberResult, stored)
    })
  }

  private async readContent(): Promise<string> {
    if (process.stdin.isTTY) {
      throw new BmfoteError('invalid_input', 'There is nothing to remember.', {
        next: 'bmfote remember "We ship on Tuesdays", or pipe the text in',
      })
    }
    return readStdin()
  }
}
