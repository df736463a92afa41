import {applyChanges} from './apply-changes.ts'
import type {Change, FileEdit} from './change.ts'
import {envFileEdit} from './env-file.ts'
import {exists} from './file-system.ts'
import {type Manifest, type ManifestStore, openManifest, SHARED_OWNER} from './manifest.ts'
import {planChanges} from './plan-changes.ts'
import {installProgram, type OwnProgram, type ProgramPlan, planProgram} from './program.ts'
import type {SetupContext, Tool} from './tool.ts'

export interface SetupRequest {
  tools: readonly Tool[]
  context: SetupContext
  program: OwnProgram
  now?: () => Date
}

/** Everything that setup would do, before it does any of it. */
export interface SetupPlan {
  program: ProgramPlan
  /** In the order in which they are made. */
  steps: {owner: string; changes: Change[]}[]
  /** Sentences that the person should read. */
  remarks: string[]
}

export async function planSetup({tools, context, program}: SetupRequest): Promise<SetupPlan> {
  const {paths, fs} = context
  const steps = [{owner: SHARED_OWNER, changes: await planChanges(sharedEdits(context), fs)}]
  const remarks: string[] = []
  for (const tool of tools) {
    steps.push({owner: tool.name, changes: await planChanges(await tool.edits(context), fs)})
    remarks.push(...((await tool.remarks?.(context)) ?? []))
  }
  const programPlan = await planProgram(program, paths.program, fs)
  if (programPlan.remark) remarks.push(programPlan.remark)
  return {program: programPlan, steps, remarks}
}

export function isNothingToDo({program, steps}: SetupPlan): boolean {
  return program.action === 'none' && steps.every(({changes}) => changes.length === 0)
}

/** First what is started, then what is read, then what starts it: whenever this ends, nothing points into the void. */
export async function applySetup(plan: SetupPlan, request: SetupRequest): Promise<void> {
  const {context, program} = request
  const {paths, fs} = context
  // It may have been taken away since the plan was made.
  const isNeeded = plan.program.action !== 'none' || !(await exists(paths.program, fs))
  if (isNeeded) await installProgram(program, paths.program, fs)
  const store = openStore(context)
  const manifest = await store.read()
  noteInstallations(manifest, request)
  await store.write(manifest)
  for (const {owner, changes} of plan.steps) await applyChanges(changes, {owner, manifest, store, fs})
}

/** What all tools of this machine have in common. */
export function sharedEdits({paths, connection}: SetupContext): FileEdit[] {
  return [envFileEdit(paths.clientEnvFile, connection)]
}

export function openStore({paths, fs}: SetupContext): ManifestStore {
  return openManifest({path: paths.setupManifest, backups: paths.backups, fs})
}

function noteInstallations(manifest: Manifest, {tools, context, program, now}: SetupRequest): void {
  const {claude, claudeJson} = context.paths
  const at = (now?.() ?? new Date()).toISOString()
  for (const {name} of tools) {
    const installation = {tool: name, version: program.version, at, claude, claudeJson}
    const known = manifest.installations.find((other) => other.tool === name && other.claude === claude)
    if (known === undefined) manifest.installations.push(installation)
    else if (known.version !== program.version) Object.assign(known, installation)
  }
}

/** Whether the tool is on this machine, as far as can be seen. */
export async function isOnMachine(tool: Tool, context: SetupContext): Promise<boolean> {
  const {folders, programs} = tool.signs(context)
  for (const folder of folders) if (await exists(folder, context.fs)) return true
  for (const program of programs) {
    for (const folder of context.programFolders) {
      if (await exists(`${folder}/${program}`, context.fs)) return true
    }
  }
  return false
}
