import type {Environment} from '../config/environment.ts'
import {BmfoteError} from '../model/errors.ts'
import {checkServer, type ServerCheck} from '../setup/check-server.ts'
import {
  type ConnectionFlags,
  gitUserName,
  type ResolvedConnection,
  resolveConnection,
} from '../setup/connection.ts'
import {countUnimportedSessions} from '../setup/history.ts'
import {isOnMachine, planSetup, type SetupPlan, type SetupRequest} from '../setup/setup.ts'
import type {SetupContext, Tool} from '../setup/tool.ts'
import {SETUP_TOOLS} from '../setup/tools/index.ts'
import {ownProgram, setupContext} from './setup-context.ts'

export interface SetupQuestion {
  flags: ConnectionFlags
  /** Named on the command line. */
  tools: readonly Tool[]
  /** Nothing at all was said of what is wanted. */
  isLookAround: boolean
  rulesFolder?: string
  /** Say what is wrong with the server, and go on. */
  isDryRun: boolean
  /** Runs what looks at the files of setup while nobody changes them. */
  undisturbed: <T>(context: SetupContext, look: () => Promise<T>) => Promise<T>
  environment: Environment
  cwd: string
}

export interface PreparedSetup {
  request: SetupRequest
  plan: SetupPlan
  /** Undefined: the local file, or a server that does not answer a dry run. */
  server?: ServerCheck
  remarks: string[]
  /** Sessions of Claude Code's history that could be brought in. */
  sessions: number
}

/** Finds out all that the plan needs, and changes nothing. Throws what is wrong with the server or the token. */
export async function prepareSetup(question: SetupQuestion): Promise<PreparedSetup> {
  const {flags, environment, cwd, rulesFolder} = question
  const base = setupContext(environment)
  const gitUser = await gitUserName(cwd)
  const resolved = resolveConnection(flags, {environment, paths: base.paths, gitUser})
  const remarks = [...resolved.notes]
  const server = await findServer(resolved, question, remarks)
  const connection = {...resolved.connection, url: server?.url ?? resolved.connection.url}
  const context = {...base, connection, rulesFolder}
  const tools = await chooseTools(question, context, remarks)
  const request = {tools, context, program: ownProgram()}
  const plan = await question.undisturbed(context, () => planSetup(request))
  const isClaudeCode = tools.some(({name}) => name === 'claude-code')
  return {
    request,
    plan,
    server,
    remarks: [...remarks, ...plan.remarks],
    sessions: isClaudeCode ? await countUnimportedSessions(context.paths, context.fs) : 0,
  }
}

async function findServer(
  {connection, sources}: ResolvedConnection,
  {isDryRun}: SetupQuestion,
  remarks: string[],
): Promise<ServerCheck | undefined> {
  const {url, token} = connection
  if (url === undefined) return undefined
  try {
    const server = await checkServer({url, token})
    remarks.push(...server.notes)
    return server
  } catch (error) {
    if (!(error instanceof BmfoteError)) throw error
    const told = withSource(error, sources)
    if (!isDryRun) throw told
    remarks.push(`${told.message} ${told.next ?? ''}`)
    return undefined
  }
}

/** Who did not type the address or the token should hear where it comes from. */
function withSource(error: BmfoteError, {url, token}: ResolvedConnection['sources']): BmfoteError {
  const source = error.code === 'unauthorized' ? token : url
  if (source === undefined || source.startsWith('--')) return error
  const what = error.code === 'unauthorized' ? 'The token' : 'The address'
  const flag = error.code === 'unauthorized' ? '--token' : '--url'
  const next = `${what} is from ${source}; ${flag} says another. ${error.next ?? ''}`.trim()
  return new BmfoteError(error.code, error.message, {next, cause: error})
}

/** Without a name, Claude Code; without a word, whatever is there. */
async function chooseTools(
  {tools, isLookAround}: SetupQuestion,
  context: SetupContext,
  remarks: string[],
): Promise<Tool[]> {
  const found: Tool[] = []
  for (const tool of SETUP_TOOLS) if (await isOnMachine(tool, context)) found.push(tool)
  const [first] = SETUP_TOOLS
  const unnamed = isLookAround && found.length > 0 ? found : first ? [first] : []
  const chosen = tools.length > 0 ? [...tools] : unnamed
  for (const tool of chosen) {
    if (found.includes(tool)) continue
    remarks.push(`${tool.title} is not found on this machine. It is set up all the same, for when it comes.`)
  }
  const others = found.filter((tool) => !chosen.includes(tool))
  if (tools.length === 0 && others.length > 0) {
    const titles = others.map(({title}) => title).join(' and ')
    remarks.push(`${titles} is here too: bmfote setup ${others.map(({name}) => name).join(' ')}`)
  }
  return chosen
}
