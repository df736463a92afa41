import {basename, dirname, join} from 'node:path'
import {waitForProcessLock} from '../platform/wait-for-process-lock.ts'
import type {FileEdit} from './change.ts'
import {exists, type FileSystem, listFolder, removeFolders, sweepTemporaries} from './file-system.ts'
import {type FileRecord, type Installation, type Manifest, SHARED_OWNER} from './manifest.ts'
import {openStore, sharedEdits} from './setup.ts'
import type {SetupContext, Tool} from './tool.ts'
import {planUndo, type Undo, undoChanges} from './undo-changes.ts'

export interface RemovePlan {
  /** What becomes of each file, in that order. */
  undo: Undo[]
  /** No tool is left: the program's copy and what setup keeps go too. */
  isLast: boolean
  installations: Installation[]
}

interface Scope {
  manifest: Manifest
  installations: Installation[]
  isLast: boolean
  tools: Part
  shared: Part
}

interface Part {
  records: FileRecord[]
  edits: FileEdit[]
}

export interface RemoveOptions {
  tools: readonly Tool[]
  /** No tool in particular: what is recognisably bmfote's goes too, where no note is left of it. */
  isAll: boolean
}

/** What removing would do. */
export async function planRemove(options: RemoveOptions, context: SetupContext): Promise<RemovePlan> {
  const {manifest, tools, shared, isLast, installations} = await scopeOf(options, context)
  const undo = {manifest, store: openStore(context), fs: context.fs}
  return {
    undo: [
      ...(await planUndo(tools.records, tools.edits, undo)),
      ...(await planUndo(shared.records, shared.edits, undo)),
    ],
    isLast,
    installations,
  }
}

/** Puts every file back. `deliver` runs when no hook fires any more, and the address and the token are still there. */
export async function removeSetup(
  options: RemoveOptions,
  context: SetupContext,
  deliver: () => Promise<void> = async () => undefined,
): Promise<Undo[]> {
  const {manifest, tools, shared, isLast, installations} = await scopeOf(options, context)
  const store = openStore(context)
  const undo = {manifest, store, fs: context.fs}
  const undone = await undoChanges(tools.records, tools.edits, undo)
  manifest.installations = manifest.installations.filter((each) => !installations.includes(each))
  if (!isLast) {
    manifest.files = manifest.files.filter(({undone}) => !undone)
    if (installations.length > 0) await store.write(manifest)
    return undone
  }
  await deliver()
  undone.push(...(await undoChanges(shared.records, shared.edits, undo)))
  await removeFolders(manifest.folders, context.fs)
  return undone
}

/** One that waits for a server is not waited for. */
const SENDER_MS_MAX = 5_000

/** Whether this machine has nothing to undo. */
export function isNothingSetUp({undo, installations}: RemovePlan): boolean {
  return undo.length === 0 && installations.length === 0
}

/**
 * What is of no use any more when the last tool is gone: the program's copy, what setup has kept to put back, how far
 * hooks were read. What could not be delivered stays, and the memory of this machine, whose path is given.
 */
export async function removeOwnFiles({paths, ...context}: SetupContext): Promise<string | undefined> {
  const {fs} = context
  if (!(await exists(paths.home, fs))) return undefined
  // A sender that comes to its end writes down how far it came, and would bring back what is taken away here.
  const sender = await waitForProcessLock(paths.senderLock, {waitMsMax: SENDER_MS_MAX})
  await fs.rm(paths.program, {force: true})
  await openStore({paths, ...context}).removeAll()
  for (const path of [paths.captureState, paths.captureStatus, paths.captureLog])
    await removeAllNamed(path, fs)
  await sender?.remove()
  await removeAllNamed(`${paths.senderLock}.`, fs)
  const folders = [paths.spool, paths.cache, paths.logs, dirname(paths.serverState), dirname(paths.program)]
  for (const folder of [paths.home, ...folders]) await sweepTemporaries(folder, fs)
  const hasMemory = await exists(paths.database, fs)
  if (!hasMemory) {
    for (const folder of [paths.cache, paths.logs]) await fs.rm(folder, {recursive: true, force: true})
  }
  await removeFolders([paths.home, paths.backups, ...folders], fs)
  return hasMemory ? paths.database : undefined
}

/** A file, and those that stand beside it under its name with something behind: older parts of a log, marks of a lock. */
async function removeAllNamed(path: string, fs: FileSystem): Promise<void> {
  const folder = dirname(path)
  const names = (await listFolder(folder, fs)).filter((name) => name.startsWith(basename(path)))
  for (const name of names) await fs.rm(join(folder, name), {recursive: true, force: true})
}

async function scopeOf({tools, isAll}: RemoveOptions, context: SetupContext): Promise<Scope> {
  const manifest = await openStore(context).read()
  const names = new Set(tools.map(({name}) => name))
  const installations = manifest.installations.filter(({tool}) => names.has(tool))
  const places = placesOf(installations, context)
  const edits: FileEdit[] = []
  for (const place of places) {
    for (const tool of tools) edits.push(...(await tool.edits(place)))
  }
  const recordsOf = (isTheirs: (owner: string) => boolean) =>
    manifest.files.filter(({owner}) => isTheirs(owner))
  return {
    manifest,
    installations,
    isLast: installations.length === manifest.installations.length && (isAll || installations.length > 0),
    tools: {records: recordsOf((owner) => names.has(owner)), edits: unique(edits)},
    shared: {
      records: recordsOf((owner) => owner === SHARED_OWNER),
      edits: unique(places.flatMap(sharedEdits)),
    },
  }
}

/** Each of Claude Code's folders that something was set up for, and the one of now. */
function placesOf(installations: readonly Installation[], context: SetupContext): SetupContext[] {
  const {paths} = context
  const folders = new Map([[paths.claude, paths.claudeJson]])
  for (const {claude, claudeJson} of installations) folders.set(claude, claudeJson)
  return [...folders].map(([claude, claudeJson]) => ({
    ...context,
    paths: {...paths, claude, claudeJson, clientEnvFile: join(claude, 'bmfote.env')},
  }))
}

function unique(edits: readonly FileEdit[]): FileEdit[] {
  return edits.filter(({path}, index) => edits.findIndex((other) => other.path === path) === index)
}

/** Everything that is remembered on this machine, and all that bmfote keeps beside it. Nothing else in that folder. */
export async function purge({paths, fs}: SetupContext): Promise<void> {
  const files = ['', '-wal', '-shm'].map((suffix) => `${paths.database}${suffix}`)
  const folders = [paths.backups, paths.logs, paths.cache, paths.spool, dirname(paths.serverState)]
  for (const path of [...files, ...folders]) await fs.rm(path, {recursive: true, force: true})
  await removeFolders([paths.home], fs)
}
