import {dirname} from 'node:path'
import type {Change} from './change.ts'
import {
  type FileState,
  type FileSystem,
  missingFolders,
  readState,
  removeFile,
  sweepTemporaries,
  textOf,
  writeWhole,
} from './file-system.ts'
import {type FileRecord, hashOf, type Manifest, type ManifestStore} from './manifest.ts'
import {planChange} from './plan-changes.ts'

export interface ApplyOptions {
  owner: string
  manifest: Manifest
  store: ManifestStore
  fs: FileSystem
}

/**
 * Makes the changes, one file after the other. What a file was is safe, and written down, before the file is touched:
 * whatever ends this in the middle, every file is the old one or the new one, the same command goes on from there, and
 * removal knows what to put back.
 */
export async function applyChanges(changes: readonly Change[], options: ApplyOptions): Promise<void> {
  for (const change of changes) await applyChange(change, options)
}

async function applyChange(planned: Change, options: ApplyOptions): Promise<void> {
  const {fs} = options
  const change = await refresh(planned, fs)
  if (change === undefined) return
  const {before, after, edit} = change
  const folder = dirname(before.target)
  await note(change, {...options, folders: await missingFolders(folder, fs)})
  await fs.mkdir(folder, {recursive: true})
  await sweepTemporaries(folder, fs)
  if (after === undefined) await removeFile(before, fs)
  else await writeWhole(await readState(edit.path, fs), after, fs)
}

/** Somebody may have written the file since the plan was made (Claude Code does, all the time): the edit is made anew. */
async function refresh(change: Change, fs: FileSystem): Promise<Change | undefined> {
  const now = await readState(change.edit.path, fs)
  return isSameFile(now, change.before) ? change : planChange(change.edit, fs)
}

function isSameFile(a: FileState, b: FileState): boolean {
  if (a.content === undefined || b.content === undefined) return a.content === b.content
  return a.content.mode === b.content.mode && Buffer.compare(a.content.bytes, b.content.bytes) === 0
}

async function note(
  {edit, before, after}: Change,
  {manifest, store, owner, folders}: ApplyOptions & {folders: string[]},
): Promise<void> {
  manifest.files = manifest.files.filter(({path, undone}) => path !== edit.path || !undone)
  const known = manifest.files.find(({path}) => path === edit.path)
  const record: FileRecord = {
    path: edit.path,
    owner,
    original: await originalOf(before, {edit, known, store}),
    written: after === undefined ? null : {sha256: hashOf(after.bytes), mode: after.mode},
  }
  if (known === undefined) manifest.files.push(record)
  else Object.assign(known, record)
  manifest.folders.push(...folders.filter((folder) => !manifest.folders.includes(folder)))
  await store.write(manifest)
}

/**
 * How the file would be without us. The first time, that is the file as it is found; later the one that is kept already,
 * unless somebody has changed the file in between: then it is what they have made of it, without what is ours.
 */
async function originalOf(
  before: FileState,
  {edit, known, store}: Pick<Change, 'edit'> & {known?: FileRecord; store: ManifestStore},
): Promise<FileRecord['original']> {
  const {path, content} = before
  if (known === undefined) return content === undefined ? null : store.save(path, content)
  if (content === undefined) return known.written === null ? known.original : null
  const now = hashOf(content.bytes)
  if (now === known.written?.sha256 || now === known.original?.sha256) return known.original
  const original = known.original && new TextDecoder().decode(await store.load(known.original))
  const text = edit.uninstall(textOf(before) ?? '', original ?? '')
  if (text === undefined) return null
  const mode = known.original?.mode ?? content.mode
  return store.save(path, {...content, bytes: new TextEncoder().encode(text), mode})
}
