import {Args, Flags} from '@oclif/core'
import {confirm} from '../../lib/cli/confirm.ts'
import {type Delivery, deliverSpool} from '../../lib/cli/deliver-spool.ts'
import {SetupCommand, TOOL_NAMES, toolsNamed} from '../../lib/cli/setup-command.ts'
import {setupContext} from '../../lib/cli/setup-context.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {exists} from '../../lib/setup/file-system.ts'
import {
  isNothingSetUp,
  planRemove,
  purge,
  type RemoveOptions,
  removeOwnFiles,
  removeSetup,
} from '../../lib/setup/remove.ts'
import type {SetupContext} from '../../lib/setup/tool.ts'
import {SETUP_TOOLS} from '../../lib/setup/tools/index.ts'
import type {Undo} from '../../lib/setup/undo-changes.ts'
import {undoText} from '../../lib/ui/setup/undo-text.ts'
import {count} from '../../lib/ui/text/count.ts'

interface Removed {
  applied: boolean
  files: Undo[]
  delivered?: {messages: number; left: number}
  purged: boolean
}

export default class SetupRemove extends SetupCommand {
  static override summary = 'take back what setup has done'
  static override description = `\
A file that was not changed since becomes what it was, to the byte; of one that was, what is ours goes and the rest
stays. What hooks have recorded and not delivered yet is delivered first. The memory stays, unless --purge says that
everything that is remembered on this machine goes too.`

  static override examples = [
    '<%= config.bin %> setup remove --dry-run',
    '<%= config.bin %> setup remove cursor',
    '<%= config.bin %> setup remove --purge --yes',
  ]

  static override args = {
    tool: Args.string({
      description: 'only this tool',
      options: TOOL_NAMES,
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override flags = {
    purge: Flags.boolean({description: 'delete the memory of this machine too'}),
    yes: Flags.boolean({char: 'y', description: 'do not ask'}),
    'dry-run': Flags.boolean({description: 'only show what would be done'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(SetupRemove)
    const named = toolsNamed(args.tool)
    if (flags.purge && named.length > 0) throw purgeIsForAll()
    const isAll = named.length === 0
    const options = {tools: isAll ? SETUP_TOOLS : named, isAll}
    const context = setupContext(this.environment)
    const look = () => planRemove(options, context)
    const plan = await this.undisturbed(context, look, {isDryRun: flags['dry-run']})
    const {undo, isLast} = plan
    if (isNothingSetUp(plan) && !flags.purge) {
      this.log('Nothing is set up here.')
      if (isLast && !flags['dry-run']) await this.removeRemains(options, context)
      return this.body({applied: false, files: [], purged: false})
    }
    const title = 'What was set up goes:'
    this.log(undoText({title, files: undo, home: context.paths.userHome}, this.style))
    if (flags['dry-run']) return this.body({applied: false, files: undo, purged: false})
    if (!(await this.agrees(flags))) {
      this.say('Nothing was changed.')
      return this.body({applied: false, files: undo, purged: false})
    }
    const {files, delivered, memoryLeft} = await this.alone(context, () =>
      this.remove(options, context, flags),
    )
    this.sayWhatIsLeft(delivered, {isPurged: flags.purge, memoryLeft})
    return this.body({applied: true, files, delivered, purged: flags.purge})
  }

  private async remove(
    options: RemoveOptions,
    context: SetupContext,
    {purge: isPurged}: {purge: boolean},
  ): Promise<{files: Undo[]; delivered?: Delivery; memoryLeft?: string}> {
    // Another may have come first, and set something up or taken it back.
    const {isLast} = await planRemove(options, context)
    let delivered: Delivery | undefined
    const files = await removeSetup(options, context, async () => {
      delivered = await deliverSpool(this.environment)
    })
    const memoryLeft = isLast ? await removeOwnFiles(context) : undefined
    if (!isPurged) return {files, delivered, memoryLeft}
    await purge(context)
    return {files, delivered}
  }

  /** What a removal that was ended in the middle has left. */
  private async removeRemains(options: RemoveOptions, context: SetupContext): Promise<void> {
    if (!(await exists(context.paths.home, context.fs))) return
    await this.alone(context, async () => {
      if (isNothingSetUp(await planRemove(options, context))) await removeOwnFiles(context)
    })
  }

  /** A memory is not deleted because nobody was there to say no. */
  private async agrees(flags: {yes: boolean; purge: boolean}): Promise<boolean> {
    if (flags.yes) return true
    if (!this.canAsk) {
      if (!flags.purge) return true
      throw new BmfoteError(
        'invalid_input',
        'The memory of this machine would be deleted, and nobody is there to be asked.',
        {
          next: 'if that is meant, say --yes',
        },
      )
    }
    return confirm(
      flags.purge ? '\nDo this, and delete everything that is remembered on this machine?' : '\nDo this?',
    )
  }

  private sayWhatIsLeft(
    delivery: Delivery | undefined,
    {isPurged, memoryLeft}: {isPurged: boolean; memoryLeft?: string},
  ): void {
    if (delivery && delivery.messages > 0)
      this.say(`Delivered before: ${count(delivery.messages, 'message')}.`)
    if (delivery && delivery.left > 0 && !isPurged) {
      this.say(
        `${count(delivery.left, 'event')} could not be delivered, and stay: they are sent after the next setup.`,
      )
    }
    this.say('Done. Tools that are running notice when they start again.')
    if (memoryLeft !== undefined) {
      this.say(`What is remembered on this machine stays in ${memoryLeft}; --purge deletes it.`)
    }
  }

  private body({delivered, ...removed}: Removed): unknown {
    const {messages, left} = delivered ?? {messages: 0, left: 0}
    return toWire({...removed, delivered: {messages, left}})
  }
}

function purgeIsForAll(): BmfoteError {
  return new BmfoteError('invalid_input', '--purge is for all tools at once: they share the memory.', {
    next: 'bmfote setup remove --purge',
  })
}
