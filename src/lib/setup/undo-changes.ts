import {dirname} from 'node:path'
import type {FileEdit} from './change.ts'
import {
  type FileContent,
  type FileState,
  type FileSystem,
  readState,
  removeFile,
  sweepTemporaries,
  textOf,
  writeWhole,
} from './file-system.ts'
import {type FileRecord, hashOf, type Manifest, type ManifestStore} from './manifest.ts'

/** What becomes of one file. */
export interface Undo {
  path: string
  purpose?: string
  /** `left`: it was changed since, and there is no telling what of it is ours. */
  outcome: 'restored' | 'cleaned' | 'deleted' | 'left'
}

export interface UndoOptions {
  manifest: Manifest
  store: ManifestStore
  fs: FileSystem
}

/** One file that was set up: what is noted of it, and the edit that knows what of it is ours. One of the two is there. */
interface Subject {
  path: string
  record?: FileRecord
  edit?: FileEdit
}

/** What undoing would do. `edits` are those of the tools that go; a file that nothing is to be done about is left out. */
export async function planUndo(
  records: readonly FileRecord[],
  edits: readonly FileEdit[],
  options: UndoOptions,
): Promise<Undo[]> {
  const undone: Undo[] = []
  for (const subject of subjectsOf(records, edits)) {
    const step = await decide(subject, options)
    if (step !== undefined) undone.push(describe(subject, step))
  }
  return undone
}

/** The last change first. What is done is noted: a removal that was interrupted leaves alone what it has put back. */
export async function undoChanges(
  records: readonly FileRecord[],
  edits: readonly FileEdit[],
  options: UndoOptions,
): Promise<Undo[]> {
  const undone: Undo[] = []
  for (const subject of subjectsOf(records, edits)) {
    const step = await decide(subject, options)
    await take(subject, step, options.fs)
    if (step !== undefined) undone.push(describe(subject, step))
    if (subject.record === undefined) continue
    subject.record.undone = true
    await options.store.write(options.manifest)
  }
  return undone
}

function subjectsOf(records: readonly FileRecord[], edits: readonly FileEdit[]): Subject[] {
  const unknown = edits.filter(({path}) => !records.some((record) => record.path === path))
  return [
    ...records.map((record) => ({
      path: record.path,
      record,
      edit: edits.find(({path}) => path === record.path),
    })),
    ...unknown.map((edit) => ({path: edit.path, edit})),
  ].reverse()
}

interface Step {
  outcome: Undo['outcome']
  state: FileState
  after: {bytes: Uint8Array; mode: number} | undefined
}

function describe({path, edit}: Subject, {outcome}: Step): Undo {
  return {path, purpose: edit?.purpose, outcome}
}

/** Undefined: the file is as it should be. */
async function decide({path, record, edit}: Subject, {store, fs}: UndoOptions): Promise<Step | undefined> {
  const state = await readState(path, fs)
  const {content} = state
  if (record === undefined) return content && edit && clean({edit, state, content, original: undefined})
  const {original, written, undone} = record
  if (undone) return undefined
  const now = content && hashOf(content.bytes)
  if (now === original?.sha256 && content?.mode === original?.mode) return undefined
  if (now === written?.sha256) {
    if (original === null) return {state, outcome: 'deleted', after: undefined}
    return {state, outcome: 'restored', after: {bytes: await store.load(original), mode: original.mode}}
  }
  // Gone since, or back since: either way somebody meant it.
  if (content === undefined) return undefined
  if (edit === undefined || written === null) return {state, outcome: 'left', after: undefined}
  const before = original && new TextDecoder().decode(await store.load(original))
  return clean({edit, state, content, original: before ?? ''})
}

interface Subjected {
  edit: FileEdit
  state: FileState
  content: FileContent
  original: string | undefined
}

function clean({edit, state, content, original}: Subjected): Step | undefined {
  const text = textOf(state) ?? ''
  const without = edit.uninstall(text, original)
  if (without === text) return undefined
  if (without === undefined) return {state, outcome: 'deleted', after: undefined}
  return {
    state,
    outcome: 'cleaned',
    after: {bytes: new TextEncoder().encode(without), mode: content.mode},
  }
}

async function take({path}: Subject, step: Step | undefined, fs: FileSystem): Promise<void> {
  const {target} = step?.state ?? (await readState(path, fs))
  await sweepTemporaries(dirname(target), fs)
  if (step === undefined || step.outcome === 'left') return
  const {state, after} = step
  if (after === undefined) return removeFile(state, fs)
  await fs.mkdir(dirname(target), {recursive: true})
  await writeWhole(state, after, fs)
}
