import type {ClientConfig} from '../config/environment.ts'
import {terminalWishes} from '../config/terminal.ts'
import type {Memory} from '../memory/memory.ts'
import type {Caller} from '../model/principal.ts'
import type {ItemOptions, ListItem} from '../ui/lists/list-item.ts'
import {presentList} from '../ui/present.ts'
import {detectTerminal, type Terminal} from '../ui/terminal.ts'
import {safeText} from '../ui/text/safe-text.ts'
import {BaseCommand} from './base-command.ts'
import {workspaceFlag} from './flags.ts'
import {conversationLoader} from './load-conversation.ts'
import {openMemory, terminalCaller} from './open-memory.ts'

/** What a command that reads or writes the memory works with. */
export interface MemoryContext {
  memory: Memory
  caller: Caller
  workspaceId: string | undefined
  config: ClientConfig
  /** Where the memory is, for people. */
  place: string
  /** Which memory it is, for what is kept about it elsewhere. */
  destination: string
}

export interface ShownList {
  /** What the list is of. */
  title: string
  items: (options: ItemOptions) => ListItem[]
  count: number
  /** The sentence for an empty list. */
  empty: string
  limit: {asked: number; max: number}
}

/** A command over the memory, wherever that is. */
export abstract class MemoryCommand extends BaseCommand {
  static override baseFlags = {workspace: workspaceFlag}
  static override enableJsonFlag = true

  /** Opens the memory for as long as the work takes. */
  protected async withMemory<T>(
    flags: {workspace?: string},
    work: (context: MemoryContext) => Promise<T>,
  ): Promise<T> {
    const {environment} = this
    const {memory, ...opened} = await openMemory({environment, onNotice: (sentence) => this.say(sentence)})
    const caller = terminalCaller(this.ctor.id.replaceAll(':', '-'))
    try {
      return await work({
        ...opened,
        memory,
        caller,
        workspaceId: flags.workspace ?? opened.config.workspaceId,
      })
    } finally {
      await memory.close()
    }
  }

  /** Somebody may sit there and press keys. */
  protected get terminal(): Terminal {
    return detectTerminal(terminalWishes(this.environment))
  }

  /** Talk for people: to stderr, and not a word under `--json`. */
  protected say(sentence: string): void {
    if (!this.jsonEnabled()) this.logToStderr(safeText(sentence))
  }

  protected async showList(context: MemoryContext, list: ShownList): Promise<void> {
    if (this.jsonEnabled()) return
    const {count, items, empty} = list
    if (count === 0) return this.say(empty)
    const {asked, max} = list.limit
    const isCut = count >= Math.min(asked, max)
    const title = isCut ? `first ${count}: ${list.title}` : `${count} found: ${list.title}`
    const text = await presentList({title, items, load: conversationLoader(context)}, this.terminal)
    if (text !== '') this.log(text)
    if (isCut && !this.terminal.interactive) this.say(howToSeeMore(count, max))
  }
}

function howToSeeMore(count: number, max: number): string {
  if (count >= max) return `Cut at ${count}, the most that is shown at once.`
  return `Cut at ${count}; --limit ${Math.min(count * 2, max)} may show more.`
}
