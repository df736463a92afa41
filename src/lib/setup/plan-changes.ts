import {constants} from 'node:fs'
import {dirname} from 'node:path'
import {BmfoteError} from '../model/errors.ts'
import type {Change, FileEdit} from './change.ts'
import {
  type FileContent,
  type FileState,
  type FileSystem,
  isMissing,
  readState,
  textOf,
} from './file-system.ts'

/** What the edits would do to the files as they are now; an edit that has nothing to do is left out. */
export async function planChanges(edits: readonly FileEdit[], fs: FileSystem): Promise<Change[]> {
  const changes: Change[] = []
  for (const edit of edits) {
    const change = await planChange(edit, fs)
    if (change !== undefined) changes.push(change)
  }
  // Better nothing than half of it: a file that can't be written is said before the first one is.
  for (const {before} of changes) await requireWritable(before, fs)
  return changes
}

export async function planChange(edit: FileEdit, fs: FileSystem): Promise<Change | undefined> {
  const before = await readState(edit.path, fs)
  if (edit.isWhole) refuseForeignLink(before)
  const {text, details} = edit.install(textOf(before))
  if (text === undefined) return before.content && {edit, before, after: undefined, details}
  const after = {bytes: new TextEncoder().encode(text), mode: modeFor(edit, before.content)}
  if (before.content === undefined) return {edit, before, after, details}
  const isSame = Buffer.compare(before.content.bytes, after.bytes) === 0
  if (isSame && before.content.mode === after.mode) return undefined
  return {edit, before, after, details: isSame ? [describeMode(edit)] : details}
}

/** A link to somebody's own file, whoever has put it there, must not cost them that file. */
function refuseForeignLink(before: FileState): void {
  const {path, target, content} = before
  if (path === target || content === undefined || /bmfote/i.test(textOf(before) ?? '')) return
  throw new BmfoteError('conflict', `${path} is a link to ${target}, and that file is not bmfote's.`, {
    next: `Nothing was changed. When you know what it is for: rm '${path}', then say it again.`,
  })
}

function modeFor({access}: FileEdit, content: FileContent | undefined): number {
  if (access === 'private') return content === undefined ? 0o600 : content.mode & 0o700
  if (access === 'executable') return content === undefined ? 0o755 : content.mode | 0o500
  return content?.mode ?? 0o644
}

function describeMode({access}: FileEdit): {sign: '~'; text: string} {
  return {sign: '~', text: access === 'private' ? 'only you may read it' : 'it may be run'}
}

/** A file is replaced by renaming, for which its folder has to be writable. */
async function requireWritable({path, target}: FileState, fs: FileSystem): Promise<void> {
  let folder = dirname(target)
  for (;;) {
    try {
      return await fs.access(folder, constants.W_OK)
    } catch (error) {
      if (!isMissing(error)) throw notWritable(path, folder, error)
      folder = dirname(folder)
    }
  }
}

function notWritable(path: string, folder: string, cause: unknown): BmfoteError {
  return new BmfoteError('conflict', `${path} can't be written: you may not write into ${folder}.`, {
    next: 'Nothing was changed. Where these files are managed by another program, make the change there.',
    cause,
  })
}
