import {Args, Flags} from '@oclif/core'
import {conversationLoader} from '../lib/cli/load-conversation.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBody} from '../lib/cli/wire-body.ts'
import {messageWithContext, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {BmfoteError} from '../lib/model/errors.ts'
import {presentConversation} from '../lib/ui/present.ts'

const {context: range} = WIRE_LIMITS

export default class Context extends MemoryCommand {
  static override summary = 'show a message whole, with those around it'
  static override description = `The uuid is what search, recent and errors print below each message.
On a terminal a conversation that is longer than the screen scrolls, and goes on at its ends.`

  static override examples = [
    '<%= config.bin %> context 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d11',
    '<%= config.bin %> context 5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d11 --context 3 --json',
  ]

  static override args = {
    uuid: Args.string({description: 'which message', required: true, ignoreStdin: true}),
  }

  static override flags = {
    context: Flags.integer({
      description: `messages before and after (up to ${range.max})`,
      default: range.default,
      helpValue: 'N',
    }),
    session: Flags.string({description: 'which copy, where a fork repeats the uuid', helpValue: 'ID'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Context)
    const {context: asked, session: sessionId} = flags
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId, place} = context
      const found = await memory.getMessage(caller, {uuid: args.uuid, context: asked, sessionId, workspaceId})
      if (!found) {
        throw new BmfoteError('not_found', `There is no message "${args.uuid}" in ${place}.`, {
          next: 'bmfote search or bmfote recent show uuids; a message of another workspace needs --workspace',
        })
      }
      if (!this.jsonEnabled()) {
        const options = {terminal: this.terminal, load: conversationLoader(context), asked}
        this.log(await presentConversation(found, options))
      }
      const {before, after, ...message} = wireBody(messageWithContext, found)
      return asked > 0 ? {...message, before, after} : message
    })
  }
}
