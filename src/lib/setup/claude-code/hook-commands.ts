import {basename, join} from 'node:path'
import type {Paths} from '../../config/environment.ts'
import {type HookEvent, scriptName} from './hook-events.ts'

/** As Claude Code hands it to a shell. Under the usual folder it holds on every machine that shares these settings. */
export function hookCommand(event: HookEvent, {claude, userHome}: Paths): string {
  const script = scriptName(event)
  if (claude === join(userHome, '.claude')) return `~/.claude/hooks/${script}`
  return quoteForShell(join(claude, 'hooks', script))
}

/** A command that is nothing but one script in a folder named hooks; group 2 is its path. */
const ONE_SCRIPT = /^\s*(?:(?:ba|da|z)?sh\s+)?(["']?)([^;&|<>"']*[\\/]hooks[\\/][\w-]+\.sh)\1\s*$/

/** The script that a hook's command runs, if that is all it does. */
export function scriptOf(command: string): string | undefined {
  return ONE_SCRIPT.exec(command)?.[2]
}

/** A script of ours, of this release or of one before. */
export function isOurScript(path: string): boolean {
  return /^bmfote-[\w-]+\.sh$/.test(basename(path))
}

/** The scripts of releases before 0.5, whose names had no prefix: names that others use as well. */
const OLDEST_SCRIPTS = new Set([
  'post-compaction-context.sh',
  'pre-compaction-context.sh',
  'sync-transcript.sh',
  'stop.sh',
  'stop-recap.sh',
  'stop-definitions.sh',
])
/** Of these nobody else's is likely, even when the script itself is gone. */
const UNMISTAKABLE_SCRIPTS = new Set([
  'post-compaction-context.sh',
  'pre-compaction-context.sh',
  'sync-transcript.sh',
])

export function isOldestName(path: string): boolean {
  return OLDEST_SCRIPTS.has(basename(path))
}

/** `text`: what stands in the script, undefined when it is gone. */
export function isOldestScript(path: string, text: string | undefined): boolean {
  if (!isOldestName(path)) return false
  return text === undefined ? UNMISTAKABLE_SCRIPTS.has(basename(path)) : /bmfote|cctx/i.test(text)
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
