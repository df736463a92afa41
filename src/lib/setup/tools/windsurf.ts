import {join} from 'node:path'
import type {FileEdit} from '../change.ts'
import {exists, readState, textOf} from '../file-system.ts'
import {mcpServerEdit, stdioEntry} from '../mcp-server.ts'
import {RULES} from '../rules.ts'
import {rulesBlock} from '../rules-block.ts'
import type {SetupContext, Tool} from '../tool.ts'

/** Above that Windsurf does not read its global rules, and says nothing. */
const RULES_CHARACTERS_MAX = 6_000

/**
 * Windsurf, and Devin Desktop, as it is called since. Its agents keep their files in different folders, and which one
 * is read depends on the release: each that is there gets an entry.
 */
export const windsurf: Tool = {
  name: 'windsurf',
  title: 'Windsurf',
  next: 'Restart Windsurf (Devin Desktop).',

  signs: (context) => ({
    folders: places(context).map(({folder}) => folder),
    programs: ['windsurf', 'devin'],
  }),

  async edits(context) {
    const found: Place[] = []
    for (const place of places(context)) if (await exists(place.folder, context.fs)) found.push(place)
    // With nothing there yet, the current release and the one before.
    const chosen = found.length > 0 ? found : places(context).filter(({isNewest}) => isNewest)
    const jetBrains = join(context.paths.userHome, '.codeium', 'mcp_config.json')
    const older = join(context.paths.userConfig, 'devin', 'config.json')
    return [
      ...chosen.map(({folder}) => registration(join(folder, 'mcp_config.json'), context)),
      ...((await exists(jetBrains, context.fs)) ? [registration(jetBrains, context)] : []),
      ...((await namesServers(older, context)) ? [registration(older, context)] : []),
      ...chosen.filter(({readsRules}) => readsRules).map(({folder}) => globalRules(folder)),
    ]
  },
}

/** Earlier releases of Devin keep their servers among their settings: where there are some, ours has its place there. */
async function namesServers(path: string, {fs}: SetupContext): Promise<boolean> {
  return /"mcpServers"\s*:/.test(textOf(await readState(path, fs)) ?? '')
}

interface Place {
  folder: string
  isNewest: boolean
  readsRules: boolean
}

function places({paths}: SetupContext): Place[] {
  const codeium = join(paths.userHome, '.codeium')
  return [
    {folder: join(paths.userConfig, 'devin'), isNewest: true, readsRules: false},
    {folder: join(codeium, 'windsurf'), isNewest: true, readsRules: true},
    {folder: join(codeium, 'windsurf-next'), isNewest: false, readsRules: true},
  ]
}

function registration(path: string, context: SetupContext): FileEdit {
  const entry = stdioEntry(context, windsurf.name)
  return mcpServerEdit({path, dialect: 'jsonc', entry, isPrivate: false})
}

function globalRules(folder: string): FileEdit {
  const path = join(folder, 'memories', 'global_rules.md')
  return rulesBlock({path, rules: RULES, charactersMax: RULES_CHARACTERS_MAX})
}
