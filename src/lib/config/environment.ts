import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {parse} from 'dotenv'
import {BmfoteError} from '../model/errors.ts'
import {isTimezone} from '../model/zoned-now.ts'

/** The environment as a value: tests and the entry point pass their own. */
export type Environment = Record<string, string | undefined>

/** Every file that bmfote owns lies below `home`; `claude` is Claude Code's folder, where `bmfote.env` lives. */
export interface Paths {
  /** The person's home folder. */
  userHome: string
  /** Where programs keep their settings below it. */
  userConfig: string
  home: string
  database: string
  backups: string
  /** What `server backup` last made, and when. */
  lastBackup: string
  /** Where a running server says that it runs. */
  serverState: string
  logs: string
  cache: string
  /** The program's own copy, which hooks and AI tools start: the one it was copied from may go away (npx). */
  program: string
  /** What hooks have put down and the sender has not delivered yet. */
  spool: string
  /** Held by the one sender that runs; a number comes behind it. */
  senderLock: string
  /** How far the hooks' sender has read each transcript. */
  captureState: string
  /** What the hooks' sender has to say: its last deed, its trouble, what it had to drop. */
  captureStatus: string
  captureLog: string
  /** What setup has changed, and how it was before. */
  setupManifest: string
  /** Held while setup or its removal writes; a number comes behind it. */
  setupLock: string
  /** Held while an agent is wired to the memory; a number comes behind it. */
  agentLock: string
  claude: string
  /** Where Claude Code keeps its MCP servers. */
  claudeJson: string
  clientEnvFile: string
}

export function resolvePaths(environment: Environment): Paths {
  const userHome = environment.HOME || homedir()
  const home = environment.BMFOTE_HOME || join(userHome, '.bmfote')
  const claude = environment.CLAUDE_CONFIG_DIR || join(userHome, '.claude')
  return {
    userHome,
    userConfig: environment.XDG_CONFIG_HOME || join(userHome, '.config'),
    home,
    database: join(home, 'memory.db'),
    backups: join(home, 'backups'),
    lastBackup: join(home, 'run', 'backup.json'),
    serverState: join(home, 'run', 'server.json'),
    logs: join(home, 'logs'),
    cache: join(home, 'cache'),
    program: join(home, 'bin', 'bmfote'),
    spool: join(home, 'spool'),
    senderLock: join(home, 'run', 'sender'),
    captureState: join(home, 'cache', 'capture.json'),
    captureStatus: join(home, 'run', 'capture.json'),
    captureLog: join(home, 'logs', 'capture.log'),
    setupManifest: join(home, 'setup.json'),
    setupLock: join(home, 'run', 'setup'),
    agentLock: join(home, 'run', 'agent'),
    claude,
    claudeJson: join(environment.CLAUDE_CONFIG_DIR || userHome, '.claude.json'),
    clientEnvFile: join(claude, 'bmfote.env'),
  }
}

/** Where a client finds the memory, and as whom it speaks. */
export interface ClientConfig {
  /** The server; undefined means the local file. */
  url?: string
  token?: string
  workspaceId?: string
  author?: string
  /** Recall at each prompt was asked for, at setup. */
  promptRecall?: boolean
}

/**
 * What the terminal, hooks and stdio MCP go by: the environment, then `bmfote.env`. A `BMFOTE_URL` that is set but
 * empty means the local file, whatever `bmfote.env` says. The token of `bmfote.env` goes to the server that stands there
 * with it, and to no other that the environment names.
 */
export function loadClientConfig(environment: Environment, paths = resolvePaths(environment)): ClientConfig {
  const file = readEnvFile(paths.clientEnvFile)
  const setting = (name: string) => environment[name] ?? file[name]
  const isOfFile = !file.BMFOTE_URL || sameAddress(setting('BMFOTE_URL'), file.BMFOTE_URL)
  return {
    url: setting('BMFOTE_URL') || undefined,
    token: (environment.BMFOTE_TOKEN ?? (isOfFile ? file.BMFOTE_TOKEN : undefined)) || undefined,
    workspaceId: setting('BMFOTE_WORKSPACE') || undefined,
    author: setting('BMFOTE_AUTHOR') || undefined,
    promptRecall: setting('BMFOTE_PROMPT_RECALL') === '1' || undefined,
  }
}

function sameAddress(one: string | undefined, other: string): boolean {
  const normal = (address: string) => (URL.parse(address)?.href ?? address).replace(/\/+$/, '')
  return one !== undefined && normal(one) === normal(other)
}

/** Missing file: no settings. Anything else that keeps it from being read is the user's to know. */
function readEnvFile(path: string): Environment {
  try {
    return parse(readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/**
 * BMFOTE_TIMEZONE: the zone that time words are meant in. Undefined is UTC.
 * @throws invalid_input when it is no zone
 */
export function readTimezone(environment: Environment): string | undefined {
  const timezone = environment.BMFOTE_TIMEZONE || undefined
  if (timezone === undefined || isTimezone(timezone)) return timezone
  throw new BmfoteError('invalid_input', `BMFOTE_TIMEZONE is no time zone: "${timezone.slice(0, 60)}".`, {
    next: 'Name one as Europe/Berlin or America/New_York, or leave it out for UTC.',
  })
}
