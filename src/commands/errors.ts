import {joinWords, limitFlag, wordsArg} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBodies} from '../lib/cli/wire-body.ts'
import {errorMatch, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {errorItems} from '../lib/ui/lists/error-items.ts'

const {limit} = WIRE_LIMITS.findError

export default class ErrorsCommand extends MemoryCommand {
  static override summary = 'find an error that came up before, and what helped'
  static override description = 'Each match shows the error where it came up, and what was said next.'

  static override examples = [
    '<%= config.bin %> errors connection refused',
    '<%= config.bin %> errors "TypeError: x is not a function" --limit 3 --json',
  ]

  static override args = {error: wordsArg({description: 'the error, or a part of it', required: true})}

  static override flags = {limit: limitFlag(limit)}

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(ErrorsCommand)
    const error = joinWords(args.error)
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId, place} = context
      const matches = await memory.findErrors(caller, {error, limit: flags.limit, workspaceId})
      await this.showList(context, {
        title: error,
        items: (options) => errorItems(matches, options),
        count: matches.length,
        empty: `No error like "${error}" is known in ${place}. bmfote search looks through everything.`,
        limit: {asked: flags.limit, max: limit.max},
      })
      return wireBodies(errorMatch, matches)
    })
  }
}
