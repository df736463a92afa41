// Written by `npm run generate` from the files in src/commands. Do not edit.
import type {Command} from '@oclif/core'

export const COMMANDS: Record<string, () => Promise<{default: Command.Class}>> = {
  'completion': () => import('../../commands/completion.ts'),
  'context': () => import('../../commands/context.ts'),
  'errors': () => import('../../commands/errors.ts'),
  'forget': () => import('../../commands/forget.ts'),
  'recent': () => import('../../commands/recent.ts'),
  'remember': () => import('../../commands/remember.ts'),
  'search': () => import('../../commands/search.ts'),
  'server:start': () => import('../../commands/server/start.ts'),
  'sessions': () => import('../../commands/sessions.ts'),
  'stats': () => import('../../commands/stats.ts'),
}
