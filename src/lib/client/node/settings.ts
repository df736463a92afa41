import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import type {Settings} from '../options.ts'

type Environment = Record<string, string | undefined>

/**
 * The environment, then `~/.claude/bmfote.env`, which `bmfote setup` writes. A variable that is set but empty hides what
 * stands in the file. A token of the file belongs to the address of the file: it is never sent to another.
 */
export function readSettings(environment: Environment): Settings {
  const folder = environment.CLAUDE_CONFIG_DIR || join(environment.HOME || homedir(), '.claude')
  const file = readEnvFile(join(folder, 'bmfote.env'))
  const setting = (name: string) => (environment[name] ?? file[name]) || undefined
  const isFileToken = environment.BMFOTE_TOKEN === undefined && file.BMFOTE_TOKEN !== undefined
  return {
    url: setting('BMFOTE_URL'),
    token: setting('BMFOTE_TOKEN'),
    workspace: setting('BMFOTE_WORKSPACE'),
    author: setting('BMFOTE_AUTHOR'),
    tokenUrl: isFileToken ? file.BMFOTE_URL || undefined : undefined,
  }
}

/** `NAME=value` a line, in quotes or not. What can't be read is no setting: an agent starts without it. */
function readEnvFile(path: string): Environment {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return {}
  }
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line)
    return match ? [[match[1], unquote(match[2] ?? '')]] : []
  })
  return Object.fromEntries(lines)
}

function unquote(value: string): string {
  const quoted = /^(["'`])(.*)\1(?:\s+#.*)?$/.exec(value)
  return quoted ? (quoted[2] ?? '') : value.replace(/\s+#.*$/, '')
}
