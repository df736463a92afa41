// Written by `npm run generate` from the files in src/commands. Do not edit.
import type {Command} from '@oclif/core'

export const COMMANDS: Record<string, () => Promise<{default: Command.Class}>> = {
  'completion': () => import('../../commands/completion.ts'),
  'context': () => import('../../commands/context.ts'),
  'doctor': () => import('../../commands/doctor.ts'),
  'errors': () => import('../../commands/errors.ts'),
  'export': () => import('../../commands/export.ts'),
  'forget': () => import('../../commands/forget.ts'),
  'import:claude-code': () => import('../../commands/import/claude-code.ts'),
  'import:jsonl': () => import('../../commands/import/jsonl.ts'),
  'mcp': () => import('../../commands/mcp.ts'),
  'project:merge': () => import('../../commands/project/merge.ts'),
  'project:rename': () => import('../../commands/project/rename.ts'),
  'recall': () => import('../../commands/recall.ts'),
  'recent': () => import('../../commands/recent.ts'),
  'remember': () => import('../../commands/remember.ts'),
  'search': () => import('../../commands/search.ts'),
  'server:start': () => import('../../commands/server/start.ts'),
  'sessions': () => import('../../commands/sessions.ts'),
  'setup': () => import('../../commands/setup/index.ts'),
  'setup:remove': () => import('../../commands/setup/remove.ts'),
  'setup:status': () => import('../../commands/setup/status.ts'),
  'stats': () => import('../../commands/stats.ts'),
  'views': () => import('../../commands/views.ts'),
}
