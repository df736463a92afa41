import {basename, join} from 'node:path'
import {parse} from 'jsonc-parser'
import type {FileEdit} from '../change.ts'
import {isOldestName, isOldestScript, isOurScript} from '../claude-code/hook-commands.ts'
import {HOOK_EVENTS, scriptName} from '../claude-code/hook-events.ts'
import {hookScript} from '../claude-code/hook-script.ts'
import {settingsEdit} from '../claude-code/settings.ts'
import {listFolder, readState, textOf} from '../file-system.ts'
import {firstCommentLine} from '../json-object.ts'
import {httpHeaders, mcpServerEdit, stdioEntry} from '../mcp-server.ts'
import type {SetupContext, Tool} from '../tool.ts'
import {abandonedFile, wholeFile} from '../whole-file.ts'

export const claudeCode: Tool = {
  name: 'claude-code',
  title: 'Claude Code',
  next: 'Restart Claude Code.',

  signs: ({paths}) => ({folders: [paths.claude], programs: ['claude']}),

  async edits(context) {
    const {paths} = context
    const scripts = await readScripts(context)
    const isOldest = (script: string) => isOldestScript(script, scripts.get(basename(script)))
    return [
      ...HOOK_EVENTS.map((event) =>
        wholeFile({
          path: join(paths.claude, 'hooks', scriptName(event)),
          purpose: `the hook of ${event.name}`,
          content: hookScript(event, paths, context.connection),
          access: 'executable',
        }),
      ),
      mcpServerEdit({
        path: paths.claudeJson,
        dialect: 'json',
        entry: mcpEntry(context),
        isPrivate: context.connection.token !== undefined,
      }),
      settingsEdit({path: join(paths.claude, 'settings.json'), paths, isOldest}),
      ...abandonedScripts(context, scripts),
    ]
  },

  async remarks(context) {
    const settings = await readState(join(context.paths.claude, 'settings.json'), context.fs)
    const text = textOf(settings) ?? ''
    const remarks: string[] = []
    const line = firstCommentLine(text)
    if (line !== undefined) {
      remarks.push(
        `${settings.path} has comments (the first in line ${line}): Claude Code then leaves the whole file unread when ` +
          'it runs with -p, and nothing of that is recorded. Take them out to have those runs too.',
      )
    }
    if (isSwitchedOn(text, 'disableAllHooks')) {
      remarks.push(
        `${settings.path} turns all hooks off (disableAllHooks): nothing is recorded until that is taken out.`,
      )
    }
    return remarks
  },
}

function isSwitchedOn(text: string, key: string): boolean {
  const settings: unknown = parse(text)
  return (
    typeof settings === 'object' && settings !== null && (settings as Record<string, unknown>)[key] === true
  )
}

function mcpEntry(context: SetupContext): object {
  const {url, token} = context.connection
  if (url === undefined) return {type: 'stdio', ...stdioEntry(context, claudeCode.name)}
  return {type: 'http', url: `${url}/mcp`, headers: httpHeaders(context, claudeCode.name, token)}
}

/** Every script that could be one of ours, by its name; for the oldest names only the text tells. */
async function readScripts({paths, fs}: SetupContext): Promise<Map<string, string>> {
  const folder = join(paths.claude, 'hooks')
  const names = (await listFolder(folder, fs)).filter((name) => isOurScript(name) || isOldestName(name))
  const scripts = new Map<string, string>()
  for (const name of names) scripts.set(name, textOf(await readState(join(folder, name), fs)) ?? '')
  return scripts
}

/** Scripts that earlier releases have put there, and that nothing starts once their hooks are gone. */
function abandonedScripts({paths}: SetupContext, scripts: Map<string, string>): FileEdit[] {
  const current = new Set(HOOK_EVENTS.map(scriptName))
  const names = [...scripts].filter(
    ([name, text]) => !current.has(name) && (isOurScript(name) || isOldestScript(name, text)),
  )
  return names.map(([name]) =>
    abandonedFile({path: join(paths.claude, 'hooks', name), purpose: 'a hook of an older bmfote'}),
  )
}
