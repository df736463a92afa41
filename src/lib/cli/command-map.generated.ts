// Written by `npm run generate` from the files in src/commands. Do not edit.
import type {Command} from '@oclif/core'

export const COMMANDS: Record<string, () => Promise<{default: Command.Class}>> = {
  'completion': () => import('../../commands/completion.ts'),
}
