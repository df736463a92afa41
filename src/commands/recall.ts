import {Flags} from '@oclif/core'
import {projectOfFolder} from '../lib/capture/project.ts'
import {joinWords, limitFlag, wordsArg} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBody} from '../lib/cli/wire-body.ts'
import {recallResult, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {safeText} from '../lib/ui/text/safe-text.ts'

const {limit: limitRange, budget: budgetRange} = WIRE_LIMITS.recall

export default class Recall extends MemoryCommand {
  static override summary = 'print what an assistant should know, to be read by it'
  static override description =
    `A block of quoted passages, dated, with who said them: about a question, or (without one) what was remembered of a \
project and last done there, or the thread of a session. Nothing where nothing is worth saying.`

  static override examples = [
    '<%= config.bin %> recall what was the ICP',
    '<%= config.bin %> recall --project webshop',
    '<%= config.bin %> recall --session 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d11 --budget 2000 --json',
  ]

  static override args = {question: wordsArg({description: 'what to recall', required: false})}

  static override flags = {
    project: Flags.string({
      char: 'p',
      description: "of this project (default, where nothing else is asked: the current folder's)",
      helpValue: 'NAME',
    }),
    session: Flags.string({description: 'of this session', helpValue: 'ID'}),
    limit: limitFlag(limitRange),
    budget: Flags.integer({
      description: `characters at most (${budgetRange.min} to ${budgetRange.max})`,
      default: budgetRange.default,
      helpValue: 'N',
    }),
    now: Flags.string({
      description: 'the clock that "yesterday" goes by, with its offset',
      helpValue: 'DATE',
    }),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Recall)
    const query = joinWords(args.question) || undefined
    const {session: sessionId, limit, budget, now} = flags
    const isBare = query === undefined && sessionId === undefined
    const project = flags.project ?? (isBare ? projectOfFolder(process.cwd()) : undefined)
    return this.withMemory(flags, async ({memory, caller, workspaceId, place}) => {
      const recalled = await memory.recall(caller, {
        query,
        project,
        sessionId,
        limit,
        budget,
        now,
        workspaceId,
      })
      if (recalled.text !== '') this.log(safeText(recalled.text))
      else this.say(`Nothing in ${place} is worth saying about that.`)
      return wireBody(recallResult, recalled)
    })
  }
}
