import {Flags} from '@oclif/core'
import {joinWords, limitFlag, projectFlag, wordsArg} from '../lib/cli/flags.ts'
import {MemoryCommand} from '../lib/cli/memory-command.ts'
import {wireBodies} from '../lib/cli/wire-body.ts'
import {searchHit, WIRE_LIMITS} from '../lib/client/protocol.ts'
import {hitItems} from '../lib/ui/lists/hit-items.ts'

export default class Search extends MemoryCommand {
  static override summary = 'find what was said, in plain words'
  static override description =
    `Best first. A "phrase" in quotes, AND, OR, NOT and prefix* are understood too.
On a terminal the arrow keys walk the hits and Enter opens the conversation around one; in a pipe it is plain \
text, with dates in UTC.`

  static override examples = [
    '<%= config.bin %> search what was the ICP',
    '<%= config.bin %> search connection refused --project webshop --limit 5',
    '<%= config.bin %> search deploy --since 2026-01-01 --type user --json',
  ]

  static override args = {query: wordsArg({description: 'the words to look for', required: true})}

  static override flags = {
    limit: limitFlag(WIRE_LIMITS.search.limit),
    type: Flags.option({options: ['user', 'assistant'] as const, description: 'only what this side said'})(),
    project: projectFlag,
    author: Flags.string({description: 'only what this author said', helpValue: 'NAME'}),
    source: Flags.string({
      description: 'only from this surface: claude-code, mcp, cli, …',
      helpValue: 'NAME',
    }),
    session: Flags.string({description: 'only this session', helpValue: 'ID'}),
    since: Flags.string({description: 'only from this date on, as in 2026-01-31', helpValue: 'DATE'}),
    until: Flags.string({description: 'only before this date', helpValue: 'DATE'}),
    now: Flags.string({
      description: 'the clock that "yesterday" goes by, with its offset',
      helpValue: 'DATE',
    }),
    explain: Flags.boolean({description: 'say why each hit is there'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Search)
    const {limit, type, project, author, source, session: sessionId, since, until, now, explain} = flags
    const query = joinWords(args.query)
    const filters = {limit, type, project, author, source, sessionId, since, until, now, explain}
    return this.withMemory(flags, async (context) => {
      const {memory, caller, workspaceId, place} = context
      const hits = await memory.searchMessages(caller, {...filters, query, workspaceId})
      const [best] = hits
      if (best?.understoodDate) this.say(`Time understood as ${best.understoodDate}.`)
      await this.showList(context, {
        title: query,
        items: (options) => hitItems(hits, options),
        count: hits.length,
        empty: `Nothing found for "${query}" in ${place}. Other or fewer words may find more.`,
        limit: {asked: limit, max: WIRE_LIMITS.search.limit.max},
      })
      return wireBodies(searchHit, hits)
    })
  }
}
