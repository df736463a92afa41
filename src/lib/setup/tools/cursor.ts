import {join} from 'node:path'
import {mcpServerEdit, stdioEntry} from '../mcp-server.ts'
import {RULES} from '../rules.ts'
import type {Tool} from '../tool.ts'
import {wholeFile} from '../whole-file.ts'

/** Cursor, the editor and its CLI, which share their files. */
export const cursor: Tool = {
  name: 'cursor',
  title: 'Cursor',
  next: 'Restart Cursor, and see in its settings under MCP that bmfote-memory is on.',

  signs: ({paths}) => ({
    folders: [join(paths.userHome, '.cursor'), join(paths.userConfig, 'Cursor')],
    programs: ['cursor', 'cursor-agent'],
  }),

  async edits(context) {
    const registration = mcpServerEdit({
      path: join(context.paths.userHome, '.cursor', 'mcp.json'),
      dialect: 'jsonc',
      entry: stdioEntry(context, cursor.name),
      isPrivate: false,
    })
    return context.rulesFolder === undefined
      ? [registration]
      : [registration, projectRules(context.rulesFolder)]
  },
}

/** Cursor reads rules from projects only: it has no file for a person's own, which it keeps in its database. */
function projectRules(project: string) {
  return wholeFile({
    path: join(project, '.cursor', 'rules', 'bmfote.mdc'),
    purpose: 'the rule to recall first and to remember decisions, for this project',
    content: `---\ndescription: Shared memory (bmfote)\nalwaysApply: true\n---\n\n${RULES}`,
  })
}
