import type {Config} from '@oclif/core/config'
import {bashScript} from './bash.ts'
import {buildCommandTree, type CompletionNode} from './command-tree.ts'
import {fishScript} from './fish.ts'
import {zshScript} from './zsh.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

const RENDERERS: Record<Shell, (nodes: CompletionNode[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** The whole script: it asks nothing of the program while the person types, and leaves no file behind. */
export function completionScript(
  shell: Shell,
  {commands, topics}: Pick<Config, 'commands' | 'topics'>,
): string {
  return RENDERERS[shell](buildCommandTree(commands, topics))
}
