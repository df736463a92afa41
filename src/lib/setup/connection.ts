import {execFile} from 'node:child_process'
import {type Environment, loadClientConfig, type Paths} from '../config/environment.ts'
import {BmfoteError} from '../model/errors.ts'
import {readServerAddress} from './server-address.ts'
import type {Connection} from './tool.ts'

/** What was typed. */
export interface ConnectionFlags {
  url?: string
  token?: string
  workspace?: string
  author?: string
  /** The local file, whatever else there is. */
  local?: boolean
  promptRecall?: boolean
}

export interface ResolvedConnection {
  connection: Connection
  /** Where the address and the token come from, for a sentence about one that is wrong. */
  sources: {url?: string; token?: string}
  notes: string[]
}

/** What was typed wins over the environment, which wins over what was set up before. */
export function resolveConnection(
  flags: ConnectionFlags,
  {environment, paths, gitUser}: {environment: Environment; paths: Paths; gitUser?: string},
): ResolvedConnection {
  const before = loadClientConfig({}, paths)
  const shell = {url: environment.BMFOTE_URL || undefined, token: environment.BMFOTE_TOKEN || undefined}
  const address = flags.local
    ? undefined
    : choose([flags.url, '--url'], [shell.url, SHELL_URL], [before.url, paths.clientEnvFile])
  const {url, notes} = address === undefined ? {url: undefined, notes: []} : readServerAddress(address.value)
  // A token is for the server that it was given for.
  const isSameServer = before.url !== undefined && url === addressOf(before.url)
  const token =
    url === undefined
      ? undefined
      : choose(
          [flags.token, '--token'],
          [shell.token, SHELL_TOKEN],
          [isSameServer ? before.token : undefined, paths.clientEnvFile],
        )
  if (flags.token !== undefined && url === undefined) throw tokenWithoutServer()
  const workspaceId = flags.workspace ?? (environment.BMFOTE_WORKSPACE || before.workspaceId)
  const author = flags.author ?? (environment.BMFOTE_AUTHOR || before.author || gitUser)
  return {
    connection: {
      url,
      token: token?.value,
      workspaceId,
      author,
      promptRecall: flags.promptRecall ?? before.promptRecall,
    },
    sources: {url: address?.source, token: token?.source},
    notes: [...notes, ...staleVariables(environment, {url, token: token?.value})],
  }
}

/** What nobody typed just now may be no address at all; then it is another one than any. */
function addressOf(url: string): string {
  try {
    return readServerAddress(url).url
  } catch {
    return url
  }
}

function tokenWithoutServer(): BmfoteError {
  return new BmfoteError('invalid_input', 'A token is for a server, and no server is named.', {
    next: 'Give its address too: bmfote setup --url URL --token TOKEN',
  })
}

const SHELL_URL = 'BMFOTE_URL in this shell'
const SHELL_TOKEN = 'BMFOTE_TOKEN in this shell'

interface Chosen {
  value: string
  source: string
}

function choose(...candidates: [string | undefined, string][]): Chosen | undefined {
  for (const [value, source] of candidates) if (value) return {value, source}
  return undefined
}

/** What is exported wins over bmfote.env, in hooks too: one that says something else undoes what is set up here. */
function staleVariables(environment: Environment, {url, token}: {url?: string; token?: string}): string[] {
  const exported = environment.BMFOTE_URL
  const isOther = exported !== undefined && (exported === '' ? undefined : addressOf(exported)) !== url
  const notes: string[] = []
  if (isOther) {
    const where = exported === '' ? 'is set to nothing, the local file' : `is ${exported}`
    notes.push(
      `BMFOTE_URL ${where} in this shell, and wins over what is set up here in every program that is started from it: ` +
        'take it out of your shell’s profile, and unset it.',
    )
  }
  if (url !== undefined && environment.BMFOTE_TOKEN && environment.BMFOTE_TOKEN !== token) {
    notes.push(
      'BMFOTE_TOKEN in this shell is another token, and wins over the one that is set up here: unset it.',
    )
  }
  return notes
}

const GIT_MS_MAX = 2_000

/** The name under which this person commits; undefined without git or a name. */
export function gitUserName(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('git', ['config', 'user.name'], {cwd: folder, timeout: GIT_MS_MAX}, (error, stdout) => {
      resolve(error === null ? stdout.trim() || undefined : undefined)
    })
  })
}
