import {type ClientConfig, loadClientConfig} from '../config/environment.ts'
import {BmfoteError} from '../model/errors.ts'
import type {Change} from './change.ts'
import type {Installation, Manifest} from './manifest.ts'
import {planChanges} from './plan-changes.ts'
import {isNewer, type OwnProgram, versionOf} from './program.ts'
import {isOnMachine, openStore, sharedEdits} from './setup.ts'
import type {SetupContext, Tool} from './tool.ts'

export interface ToolStatus {
  name: string
  title: string
  /** Whether the tool itself is there, as far as can be seen. */
  onMachine: boolean
  /** `outdated`: an older bmfote set it up; `broken`: something is not as setup left it. */
  state: 'working' | 'outdated' | 'broken' | 'not set up'
  /** Of the bmfote that set it up. */
  version?: string
  /** Sentences. */
  problems: string[]
}

export interface ProgramStatus {
  path: string
  state: 'current' | 'outdated' | 'newer' | 'missing'
  version?: string
}

/** What the files that setup has written say, whatever the environment does. */
export function configuredContext(context: SetupContext): SetupContext {
  const connection: ClientConfig = loadClientConfig({}, context.paths)
  // A token that is left over belongs to no server.
  const token = connection.url === undefined ? undefined : connection.token
  return {...context, connection: {...connection, token}}
}

export async function readProgramStatus(own: OwnProgram, {paths}: SetupContext): Promise<ProgramStatus> {
  const path = paths.program
  const version = await versionOf(path)
  if (version === undefined) return {path, state: 'missing'}
  if (version === own.version) return {path, version, state: 'current'}
  return {path, version, state: isNewer(version, own.version) ? 'newer' : 'outdated'}
}

export async function readManifest(context: SetupContext): Promise<Manifest> {
  return openStore(context).read()
}

/** `context` is the configured one. */
export async function readToolStatus(
  tool: Tool,
  {manifest, context, program}: {manifest: Manifest; context: SetupContext; program: OwnProgram},
): Promise<ToolStatus> {
  const {name, title} = tool
  const onMachine = await isOnMachine(tool, context)
  const installation = installationOf(tool, manifest, context)
  if (installation === undefined) return {name, title, onMachine, state: 'not set up', problems: []}
  const {version} = installation
  const isOlder = isNewer(program.version, version)
  const problems = (await outstandingChanges(tool, context)).map((change) =>
    change instanceof BmfoteError ? change.message : describeChange(change),
  )
  const state = problems.length === 0 ? 'working' : isOlder ? 'outdated' : 'broken'
  return {name, title, onMachine, state, version, problems}
}

export function installationOf(
  tool: Tool,
  {installations}: Manifest,
  {paths}: SetupContext,
): Installation | undefined {
  return installations.find((each) => each.tool === tool.name && each.claude === paths.claude)
}

/** What setup would have to do for the tool, or why it can't. */
async function outstandingChanges(tool: Tool, context: SetupContext): Promise<(Change | BmfoteError)[]> {
  const changes: (Change | BmfoteError)[] = []
  for (const edit of [...sharedEdits(context), ...(await tool.edits(context))]) {
    try {
      changes.push(...(await planChanges([edit], context.fs)))
    } catch (error) {
      if (!(error instanceof BmfoteError)) throw error
      changes.push(error)
    }
  }
  return changes
}

function describeChange({edit, before, details}: Change): string {
  const state = before.content === undefined ? 'is not there' : 'is not as setup leaves it'
  const what = details.map(({sign, text}) => `${sign} ${text}`).join('; ')
  return `${edit.path} (${edit.purpose}) ${state}${what === '' ? '' : `: ${what}`}.`
}
